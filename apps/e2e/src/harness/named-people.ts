import { randomName } from '@courier/testing';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection, createExport, finished } from './api';
import { ops, type Published } from './ops';
import { control, SimulatedAccount } from './simulator';
import { stack } from './stack';

const people = ['ada@mail.example.org', 'bob@mail.example.org'];

/** An export of two people whose first name says which refresh they came with. */
export class NamedPeople {
  private constructor(
    readonly account: SimulatedAccount,
    readonly exportId: string,
    private readonly segmentId: string,
  ) {}

  static async prepare(): Promise<NamedPeople> {
    const account = await SimulatedAccount.create();
    const segmentId = randomName('Named').replace('-', '');
    const { id: connectionId } = await createConnection(account.apiKey);
    const mapping = { email: 'Email', firstName: 'FirstName' };
    const { id } = await createExport({ connectionId, listId: account.listId, segmentIds: [segmentId], mapping });
    return new NamedPeople(account, id, segmentId);
  }

  /** The id of the run that brought everybody this name. */
  async rename(firstName: string): Promise<string> {
    const file = join(stack().snapshotRoot, `${this.segmentId}-${firstName}.csv`);
    writeFileSync(file, ['Email,FirstName', ...people.map((email) => `${email},${firstName}`), ''].join('\n'));
    const { runIds } = await ops<Published>('refreshes', 'publish', '--csv', file, '--segment', this.segmentId);
    const { id, status } = await finished(runIds[0] ?? '');
    if (status !== 'succeeded') throw new Error(`the run that renames ended as ${status}`);
    return id;
  }

  /** Everybody's first name in Klaviyo. */
  async names(): Promise<unknown[]> {
    const path = (email: string) => `accounts/${this.account.id}/profiles/${encodeURIComponent(email)}`;
    const found = await Promise.all(people.map((email) => control<{ attributes: { first_name?: string } }>('GET', path(email))));
    return found.map(({ attributes }) => attributes.first_name);
  }
}
