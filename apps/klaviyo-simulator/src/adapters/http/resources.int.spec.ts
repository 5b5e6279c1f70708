import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ROWS_POINTER, SimulatorDriver, importBody, type Resource } from '../../testing/simulator-driver';

describe('lists and imports of the simulated Klaviyo', () => {
  let simulator: SimulatorDriver;

  beforeAll(async () => {
    simulator = await SimulatorDriver.start();
  });

  afterAll(() => simulator.close());

  beforeEach(() => simulator.reset());

  describe('lists', () => {
    it('reads a list in both slash forms, with its flows where asked', async () => {
      const lists = [{ id: 'FLOWED', name: 'Flowed', flows: [{ id: 'FLW001', name: 'Welcome', status: 'live' }] }];
      await simulator.control('PUT', 'state', { accounts: [{ id: 'ACC001', lists }] });
      const list = await simulator.call('/api/lists/FLOWED/?include=flow-triggers');
      expect(list.data).toMatchObject([{ type: 'list', attributes: { name: 'Flowed', opt_in_process: 'single_opt_in' } }]);
      expect(list.body.included).toMatchObject([{ type: 'flow', id: 'FLW001', attributes: { name: 'Welcome', status: 'live' } }]);
      expect(list.data[0]?.attributes['created']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    });

    it('says in the recorded words that a list does not exist', async () => {
      const { status, body } = await simulator.call('/api/lists/NOPE01');
      expect(status).toBe(404);
      expect(body.errors).toEqual([
        {
          id: expect.any(String),
          status: 404,
          code: 'not_found',
          title: 'Not found.',
          detail: 'A list with id `NOPE01` does not exist.',
          source: { pointer: '/data/' },
        },
      ]);
    });

    it('pages lists by at most ten through absolute links', async () => {
      const lists = Array.from({ length: 24 }, (_, i) => ({ id: `L${String(i).padStart(5, '0')}`, name: `List ${i}` }));
      await simulator.control('PUT', 'state', { accounts: [{ id: 'ACC001', lists }] });
      expect((await simulator.call('/api/lists?page[size]=11')).body.errors?.[0]?.source).toEqual({ parameter: 'page[size]' });
      expect((await simulator.call('/api/lists')).body.links).toHaveProperty('prev', null);
      const { resources, pages } = await simulator.everyPage('/api/lists?sort=id');
      expect(pages).toBe(3);
      expect(resources.map((list) => list.id)).toEqual([...lists.map((list) => list.id), 'LST001']);
      const named = await simulator.call(`/api/lists?filter=${encodeURIComponent('equals(name,"List 7")')}&fields[list]=name`);
      expect(named.data).toMatchObject([{ id: 'L00007', attributes: { name: 'List 7' } }]);
      expect(named.data[0]).not.toHaveProperty('relationships');
    });
  });

  describe('bulk import', () => {
    it('accepts a job, runs it and shows its people in the list and among the profiles', async () => {
      const accepted = await simulator.submit([{ email: 'Ada@x.org', first_name: 'Zoë' }, { email: 'b@x.org' }]);
      expect(accepted.status).toBe(202);
      const [job] = accepted.data as [Resource];
      expect(job.attributes).toMatchObject({
        status: 'queued',
        total_count: 2,
        completed_count: 0,
        failed_count: 0,
        completed_at: null,
      });
      const lifetime = Date.parse(String(job.attributes['expires_at'])) - Date.parse(String(job.attributes['created_at']));
      expect(lifetime).toBe(7 * 24 * 60 * 60 * 1000);
      expect(job.relationships?.['lists']).toMatchObject({ data: [{ type: 'list', id: 'LST001' }] });

      const done = await simulator.completed(job.id);
      expect(done.attributes).toMatchObject({ total_count: 2, completed_count: 2, failed_count: 0 });
      expect(await simulator.members()).toEqual(['ada@x.org', 'b@x.org']);
      const list = await simulator.call('/api/lists/LST001/profiles?page[size]=1');
      expect(list.data).toMatchObject([{ type: 'profile', attributes: { email: 'ada@x.org', first_name: 'Zoë' } }]);
      expect(list.data[0]?.attributes).toHaveProperty('joined_group_at');
      expect((await simulator.call(list.body.links?.next ?? '')).data).toMatchObject([{ attributes: { email: 'b@x.org' } }]);
      const filter = encodeURIComponent('any(email,["ADA@x.org","nobody@x.org"])');
      const found = await simulator.call(
        `/api/profiles?filter=${filter}&fields[profile]=email&additional-fields[profile]=subscriptions`,
      );
      expect(found.data.map((profile) => profile.attributes)).toEqual([{ email: 'ada@x.org' }]);
      const included = await simulator.call(`/api/profile-bulk-import-jobs/${job.id}/?include=lists`);
      expect(included.body.included).toMatchObject([{ type: 'list', id: 'LST001' }]);
      const errors = await simulator.call(`/api/profile-bulk-import-jobs/${job.id}/import-errors/`);
      expect(errors.body).toEqual({ data: [], links: { self: expect.any(String), next: null, prev: null } });
    });

    it('creates nothing when one row is bad', async () => {
      const refused = await simulator.submit([{ email: 'a@x.org' }, { email: 'bad' }]);
      expect(refused.status).toBe(400);
      expect(refused.body.errors).toMatchObject([{ code: 'invalid', source: { pointer: `${ROWS_POINTER}/1/attributes/email` } }]);
      expect((await simulator.control('GET', 'accounts/ACC001/jobs')).json).toEqual({ items: [] });
    });

    it('takes both media types and gzip, and refuses others', async () => {
      const json = { 'Content-Type': 'application/json; charset=utf-8' };
      expect((await simulator.submit([{ email: 'a@x.org' }], { headers: json })).status).toBe(202);
      expect((await simulator.submit([{ email: 'a@x.org' }], { headers: { 'Content-Type': 'text/plain' } })).status).toBe(415);
      const body = gzipSync(JSON.stringify(importBody([{ email: 'a@x.org' }])));
      expect((await simulator.submit([], { body, headers: { 'Content-Encoding': 'gzip' } })).status).toBe(202);
      expect((await simulator.submit([], { body, headers: { 'Content-Encoding': 'br' } })).status).toBe(415);
      expect((await simulator.submit([], { body: 'no gzip', headers: { 'Content-Encoding': 'gzip' } })).status).toBe(400);
    });

    it('refuses more than 5 MB, counted after decompression, in JSON or as a page', async () => {
      const body = Buffer.from(JSON.stringify(importBody([{ email: 'a@x.org' }])) + ' '.repeat(5_000_000));
      expect((await simulator.submit([], { body })).status).toBe(413);
      const packed = { body: gzipSync(body), headers: { 'Content-Encoding': 'gzip' } };
      expect((await simulator.submit([], packed)).status).toBe(413);
      await simulator.control('PUT', 'knobs', { tooLargeBody: 'html' });
      const page = await simulator.submit([], packed);
      expect([page.status, page.headers.get('content-type')]).toEqual([413, 'text/html; charset=UTF-8']);
    });

    it('pages the errors of failed rows with their original payload', async () => {
      await simulator.control('PUT', 'job-rules', { failEvery: 2 });
      const people = Array.from({ length: 250 }, (_, i) => ({ email: `p${i}@x.org`, external_id: `${i}` }));
      const { id } = await simulator.completed((await simulator.import(people)).id);
      const { resources, pages } = await simulator.everyPage(`/api/profile-bulk-import-jobs/${id}/import-errors?page[size]=100`);
      expect(pages).toBe(2);
      expect(resources.map((error) => error.attributes['original_payload'])).toEqual(people.filter((_, i) => i % 2 === 1));
      expect(await simulator.members()).toHaveLength(125);
    });

    it('lists jobs by state, newest first, in pages that survive jobs leaving the state', async () => {
      await simulator.control('PUT', 'job-rules', { stuck: 'queued' });
      const ids: string[] = [];
      for (let i = 0; i < 5; i += 1) ids.push((await simulator.import([{ email: `p${i}@x.org` }])).id);
      const filter = encodeURIComponent('any(status,["queued","processing"])');
      const newest = await simulator.call(`/api/profile-bulk-import-jobs?filter=${filter}&sort=-created_at&page[size]=2`);
      expect(newest.data.map((job) => job.id)).toEqual([ids[4], ids[3]]);
      expect((await simulator.call(newest.body.links?.next ?? '')).data.map((job) => job.id)).toEqual([ids[2], ids[1]]);
      const oldest = await simulator.call(`/api/profile-bulk-import-jobs?filter=${filter}&sort=created_at&page[size]=2`);
      await simulator.control('PUT', 'job-rules', { stuck: false });
      for (const id of ids) await simulator.completed(id);
      await simulator.control('PUT', 'job-rules', { stuck: 'queued' });
      const late = (await simulator.import([{ email: 'late@x.org' }])).id;
      expect((await simulator.call(oldest.body.links?.next ?? '')).data.map((job) => job.id)).toEqual([late]);
      const cancelled = encodeURIComponent('equals(status,"cancelled")');
      const refused = await simulator.call(`/api/profile-bulk-import-jobs?filter=${cancelled}`);
      expect(refused.body.errors?.[0]).toMatchObject({ status: 400, source: { parameter: 'filter' } });
    });

    it('forgets a job when its lifetime is over', async () => {
      const { id } = await simulator.completed((await simulator.import([{ email: 'a@x.org' }])).id);
      await simulator.control('PUT', 'knobs', { jobLifetimeMs: 0 });
      expect((await simulator.call(`/api/profile-bulk-import-jobs/${id}`)).status).toBe(404);
      expect((await simulator.call(`/api/profile-bulk-import-jobs/${id}/import-errors`)).status).toBe(404);
      expect((await simulator.call('/api/profile-bulk-import-jobs')).data).toEqual([]);
    });

    it('keeps the accounts apart', async () => {
      const other = { id: 'ACC002', keys: [{ key: 'pk_other', scopes: 'all' }], lists: [{ id: 'LST001', name: 'Other' }] };
      await simulator.control('PUT', 'state', { accounts: [other] });
      const { id } = await simulator.completed((await simulator.import([{ email: 'a@x.org' }])).id);
      expect((await simulator.call(`/api/profile-bulk-import-jobs/${id}`, { key: 'pk_other' })).status).toBe(404);
      expect((await simulator.call('/api/profiles', { key: 'pk_other' })).data).toEqual([]);
    });
  });
});
