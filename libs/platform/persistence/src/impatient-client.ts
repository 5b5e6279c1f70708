import type { Duplex } from 'node:stream';
import { Client, type ClientConfig } from 'pg';

export interface ImpatientClientConfig extends ClientConfig {
  /** Longer than any statement may take: an answer that has not come by then will not come. */
  answerMaxMs: number;
}

/**
 * A connection that is half-open (the other side is gone and nobody said so) swallows queries without an error; by itself that shows
 * after a quarter of an hour. pg's own `query_timeout` gives the connection back to the pool with the query still in it, where it
 * holds up the next one: here the connection goes.
 */
export class ImpatientClient extends Client {
  private readonly answerMaxMs: number;
  private readonly send: (...query: unknown[]) => unknown;

  constructor(config: ImpatientClientConfig) {
    super(config);
    this.answerMaxMs = config.answerMaxMs;
    this.send = super.query.bind(this);
    this.query = ((...query: unknown[]) => this.sendImpatiently(query)) as Client['query'];
  }

  private sendImpatiently(query: unknown[]): unknown {
    const answer = this.send(...query);
    if (!(answer instanceof Promise)) return answer;
    const timer = setTimeout(() => this.cut(), this.answerMaxMs).unref();
    return answer.finally(() => clearTimeout(timer));
  }

  private cut(): void {
    const { connection } = this as unknown as { connection: { stream: Duplex } };
    connection.stream.destroy(new Error('PostgreSQL did not answer in time'));
  }
}
