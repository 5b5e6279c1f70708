import { fetchAnew, randomName } from '@courier/testing';
import { serviceUrl } from './stack';

/** A profile as it is kept: its attributes as they were sent last, identifiers among them (null where it has none). */
export interface SimulatedProfile {
  email: string;
  attributes: Record<string, unknown>;
}

interface StoredProfile {
  email: string;
  phone: string | null;
  externalId: string | null;
  attributes: Record<string, unknown>;
}

/** The simulator's control plane, one Klaviyo account for each spec so that their quotas and lists are apart. */
export class SimulatedAccount {
  private constructor(
    readonly id: string,
    readonly apiKey: string,
    readonly listId: string,
  ) {}

  static async create(): Promise<SimulatedAccount> {
    const suffix = randomName('x').slice(-4).toUpperCase();
    const account = new SimulatedAccount(`AC${suffix}`, `pk_${randomName('e2e').replace('-', '_')}_0001`, `LS${suffix}`);
    await control('PUT', 'state', {
      accounts: [
        {
          id: account.id,
          name: `Shop ${suffix}`,
          keys: [{ key: account.apiKey, scopes: 'all' }],
          lists: [{ id: account.listId, name: 'Newsletter' }],
        },
      ],
    });
    return account;
  }

  /** A further list of the account; returns its id. */
  async addList(): Promise<string> {
    const id = `LS${randomName('x').slice(-4).toUpperCase()}`;
    await control('PUT', 'state', { accounts: [{ id: this.id, lists: [{ id, name: `List ${id}` }] }] });
    return id;
  }

  /** The normalised e-mails on the list, sorted. */
  async members(listId = this.listId): Promise<string[]> {
    const response = await fetchAnew(`${serviceUrl('klaviyo-simulator')}/_control/accounts/${this.id}/lists/${listId}/members`);
    const text = await response.text();
    return text.split('\n').filter(Boolean).sort();
  }

  /** Whoever is on the account's own list. */
  async profilesOnList(): Promise<SimulatedProfile[]> {
    const read = async (address: string): Promise<SimulatedProfile> => {
      const path = `accounts/${this.id}/profiles/${encodeURIComponent(address)}`;
      const { email, phone, externalId, attributes } = await control<StoredProfile>('GET', path);
      return { email, attributes: { ...attributes, phone_number: phone, external_id: externalId } };
    };
    return Promise.all((await this.members()).map(read));
  }

  async jobs(): Promise<{ id: string; status: string; totalCount: number; failedCount: number }[]> {
    const answer = await control<{ items: { id: string; status: string; totalCount: number; failedCount: number }[] }>(
      'GET',
      `accounts/${this.id}/jobs`,
    );
    return answer.items;
  }

  /** Whether an import of the account is kept without an answer just now. */
  async anImportHangs(): Promise<boolean> {
    const { hanging } = await control<{ hanging: { operation: string; account: string }[] }>('GET', 'requests?limit=1');
    return hanging.some(({ operation, account }) => operation === 'bulk_import_profiles' && account === this.id);
  }

  async fault(fault: Record<string, unknown>): Promise<void> {
    await control('POST', 'faults', { account: this.id, ...fault });
  }
}

export async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetchAnew(`${serviceUrl('klaviyo-simulator')}/_control/${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}
