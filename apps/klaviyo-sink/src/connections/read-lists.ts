import { Injectable } from '@nestjs/common';
import { KlaviyoApi, type Answer, type Credential, type KlaviyoList, type KlaviyoPage, type ListPage } from '../klaviyo';
import { Quota, type QuotaBucket } from '../accounts';
import { ConnectionStore } from './connection-store';
import { CredentialOpener } from './credential-opener';

/** Administrators read every connection's lists, contributors those of connections that are shared with them. */
export interface ListReader {
  administrator: boolean;
}

export type ListRead<T> = Answer<T> | { kind: 'no_connection' };

/** A person waits for the answer, so the account's quota may hold the call back only this long. */
const TURN_MAX_MS = 5_000;

/** Reads for people. They change nothing at Klaviyo, so they need no lease, but they debit the account's one quota. */
@Injectable()
export class ReadLists {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly credentials: CredentialOpener,
    private readonly klaviyo: KlaviyoApi,
    private readonly quota: Quota,
  ) {}

  one(reader: ListReader, connectionId: string, listId: string): Promise<ListRead<KlaviyoList>> {
    return this.read({ reader, connectionId, bucket: 'list' }, (credential) => this.klaviyo.getList(credential, listId));
  }

  page(reader: ListReader, connectionId: string, page: ListPage): Promise<ListRead<KlaviyoPage<KlaviyoList>>> {
    return this.read({ reader, connectionId, bucket: 'lists' }, (credential) => this.klaviyo.getLists(credential, page));
  }

  private async read<T>(
    { reader, connectionId, bucket }: { reader: ListReader; connectionId: string; bucket: QuotaBucket },
    send: (credential: Credential) => Promise<Answer<T>>,
  ): Promise<ListRead<T>> {
    const connection = await this.connections.find(connectionId);
    const sealed = connection?.credential ?? null;
    if (connection === null || connection.removed || sealed === null) return { kind: 'no_connection' };
    if (!reader.administrator && connection.access !== 'contributors') return { kind: 'no_connection' };
    const credential = await this.credentials.open({ connectionId, ...sealed });
    if (credential === null) return { kind: 'refused', problem: { code: 'invalid_api_key' } };
    // No check has found the account yet: Klaviyo says what is wrong with the key.
    const account = connection.account?.id ?? connectionId;
    const turn = await this.quota.turn(account, bucket, { maxMs: TURN_MAX_MS });
    if (turn.kind === 'far_off') return { kind: 'throttled', retryAfterMs: turn.afterMs };
    const answer = await send(credential);
    if (answer.kind === 'throttled') await this.quota.block(account, bucket, answer.retryAfterMs);
    return answer;
  }
}
