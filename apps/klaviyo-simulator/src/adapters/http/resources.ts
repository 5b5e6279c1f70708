import type { Account } from '../../domain/account';
import type { ImportError, ImportJob } from '../../domain/import-job';
import type { Knobs } from '../../domain/knobs';
import type { List, ListFlow } from '../../domain/list';
import type { ProfileFields } from '../../domain/profile-store';
import type { Exchange } from './exchange';
import { sparse } from './pages';

type Fields = ReadonlySet<string> | null;

export const accountFields = [
  'contact_information',
  'industry',
  'locale',
  'preferred_currency',
  'public_api_key',
  'test_account',
  'timezone',
];
export const listFields = ['created', 'id', 'name', 'opt_in_process', 'profile_count', 'updated'];
export const flowFields = ['archived', 'created', 'id', 'name', 'status', 'trigger_type', 'updated'];
export const importErrorFields = ['code', 'detail', 'id', 'original_payload', 'source', 'source.pointer', 'title'];
export const jobFields = [
  ...['completed_at', 'completed_count', 'created_at', 'expires_at', 'failed_count', 'id'],
  ...['started_at', 'status', 'total_count'],
];
const locationParts = ['address1', 'address2', 'city', 'country', 'region', 'zip', 'timezone', 'ip', 'latitude', 'longitude'];
const fieldNames = ['first_name', 'last_name', 'organization', 'locale', 'title', 'image'];
export const profileFields = [
  ...['id', 'email', 'phone_number', 'external_id', ...fieldNames, 'created', 'updated', 'last_event_date', 'subscriptions'],
  ...['joined_group_at', 'properties', 'location', ...locationParts.map((part) => `location.${part}`)],
];

export function stamp(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, '+00:00');
}

const stampOrNull = (time: number | null) => (time === null ? null : stamp(time));

export function renderAccount(exchange: Exchange, account: Account, fields: Fields): object {
  const { id, name } = account.traits;
  const street = {
    address1: '1 Example Street',
    address2: '',
    city: 'Boston',
    region: 'MA',
    country: 'United States',
    zip: '02110',
  };
  const contact = {
    default_sender_name: name,
    default_sender_email: 'shop@example.com',
    website_url: 'https://shop.example.com',
  };
  const attributes = {
    test_account: false,
    contact_information: { ...contact, organization_name: name, street_address: street },
    industry: 'Software / SaaS',
    timezone: 'US/Eastern',
    preferred_currency: 'USD',
    public_api_key: id,
    locale: 'en-US',
  };
  return { type: 'account', id, attributes: sparse(attributes, fields), links: { self: exchange.link(`accounts/${id}`) } };
}

export function renderList(
  exchange: Exchange,
  list: List,
  options: { fields: Fields; counted: boolean; flows: boolean },
): object {
  const attributes = {
    name: list.name,
    created: stamp(list.createdAt),
    updated: stamp(list.createdAt),
    opt_in_process: list.optInProcess,
    ...(options.counted ? { profile_count: list.count } : {}),
  };
  const base = `lists/${list.id}`;
  const relation = (name: string) => ({
    links: { self: exchange.link(`${base}/relationships/${name}`), related: exchange.link(`${base}/${name}`) },
  });
  const flowData = options.flows ? { data: list.flows.map((flow) => ({ type: 'flow', id: flow.id })) } : {};
  const relationships = {
    profiles: relation('profiles'),
    tags: relation('tags'),
    'flow-triggers': { ...flowData, ...relation('flow-triggers') },
  };
  return {
    type: 'list',
    id: list.id,
    attributes: sparse(attributes, options.fields),
    // A sparse list comes without its relationships.
    ...(options.fields === null || options.flows ? { relationships } : {}),
    links: { self: exchange.link(base) },
  };
}

export function renderFlow(exchange: Exchange, flow: ListFlow, fields: Fields): object {
  const attributes = { name: flow.name, status: flow.status, archived: false, trigger_type: 'Added to List' };
  return {
    type: 'flow',
    id: flow.id,
    attributes: sparse(attributes, fields),
    links: { self: exchange.link(`flows/${flow.id}`) },
  };
}

export interface ProfileOptions {
  fields: Fields;
  subscriptions: boolean;
  joinedAt?: number;
}

export function renderProfile(exchange: Exchange, account: Account, index: number, options: ProfileOptions): object {
  const profile = account.profiles.at(index);
  const stored = JSON.parse(profile.fields) as ProfileFields;
  const id = account.profiles.idOf(index);
  const attributes = {
    email: profile.email,
    phone_number: profile.phone,
    external_id: profile.externalId,
    ...Object.fromEntries(fieldNames.map((name) => [name, stored[name] ?? null])),
    created: stamp(profile.createdAt),
    updated: stamp(profile.updatedAt),
    last_event_date: null,
    location: Object.fromEntries(locationParts.map((part) => [part, stored.location?.[part] ?? null])),
    properties: stored.properties ?? {},
    ...(options.joinedAt === undefined ? {} : { joined_group_at: stamp(options.joinedAt) }),
    ...(options.subscriptions ? { subscriptions: subscriptions(account.profiles.consentOf(index)) } : {}),
  };
  const related = (name: string) => ({
    links: { self: exchange.link(`profiles/${id}/relationships/${name}`), related: exchange.link(`profiles/${id}/${name}`) },
  });
  return {
    type: 'profile',
    id,
    attributes: sparse(attributes, options.fields),
    ...(options.fields === null ? { relationships: { lists: related('lists'), segments: related('segments') } } : {}),
    links: { self: exchange.link(`profiles/${id}`) },
  };
}

function subscriptions(consent: string): object {
  const marketing = { can_receive_email_marketing: consent !== 'UNSUBSCRIBED', consent, suppression: [], list_suppressions: [] };
  return { email: { marketing }, sms: { marketing: null } };
}

export function renderJob(exchange: Exchange, job: ImportJob, options: { knobs: Knobs; fields: Fields }): object {
  const { knobs, fields } = options;
  const attributes = {
    status: job.status,
    created_at: stamp(job.createdAt),
    total_count: job.status === 'queued' && knobs.totalCountWhileQueued === 'zero' ? 0 : job.totalCount,
    completed_count: knobs.completedCount === 'with_failed' ? job.processed : job.processed - job.failedCount,
    failed_count: job.failedCount,
    completed_at: stampOrNull(job.completedAt),
    expires_at: stamp(job.createdAt + knobs.jobLifetimeMs),
    started_at: stampOrNull(job.startedAt),
  };
  const base = `profile-bulk-import-jobs/${job.id}`;
  const relation = (name: string) => ({
    self: exchange.link(`${base}/relationships/${name}`),
    related: exchange.link(`${base}/${name}`),
  });
  return {
    type: 'profile-bulk-import-job',
    id: job.id,
    attributes: sparse(attributes, fields),
    // Unlike lists and profiles, a sparse job keeps its relationships.
    relationships: {
      lists: { data: job.listIds.map((id) => ({ type: 'list', id })), links: relation('lists') },
      profiles: { links: relation('profiles') },
      'import-errors': { links: { related: exchange.link(`${base}/import-errors`) } },
    },
    links: { self: exchange.link(base) },
  };
}

export function renderImportError(error: ImportError, options: { knobs: Knobs; fields: Fields }): object {
  const { knobs, fields } = options;
  const { id, attributes } = error.payload;
  const payloads = {
    attributes: { ...(id === null ? {} : { id }), ...attributes },
    resource: { type: 'profile', ...(id === null ? {} : { id }), attributes },
    none: null,
  };
  const pointer = knobs.importErrorPointer === 'data' ? '/data' : `/data/attributes/profiles/data/${error.row}`;
  const rendered = {
    code: error.code,
    title: 'Invalid input',
    detail: error.detail,
    source: { pointer },
    original_payload: payloads[knobs.importErrorPayload],
  };
  return { type: 'import-error', id: error.id, attributes: sparse(rendered, fields) };
}
