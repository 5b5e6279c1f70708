import { describe, expect, it } from '@jest/globals';
import { type DataSource, type EntityManager, QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { canHeal } from './healing';
import { nobodyObserves } from './observer';
import { Positions } from './positions';
import { RecordIntake } from './record-intake';
import { verdict } from './verdict';

const headers = { ce_specversion: '1.0', ce_id: 'event-1', ce_source: '/spec', ce_type: 'note.v1' };
const message = { key: null, value: Buffer.from('{}'), headers, offset: '7', timestamp: '0', attributes: 0 };
const record = { topic: 'notes', partition: 0, message, seen: 7n };

/** A database that holds nothing and keeps what it is asked. */
class EmptyDatabase {
  readonly statements: string[] = [];
  /** What beginning a transaction, or a statement, fails with. */
  refuseBegin: () => Error | null = () => null;
  refuse: (sql: string) => Error | null = () => null;

  private readonly manager = {
    query: (sql: string) => {
      this.statements.push(sql);
      const error = this.refuse(sql);
      if (error !== null) return Promise.reject(error);
      return Promise.resolve(sql.startsWith('UPDATE intake_positions') ? [[{ epoch: 0 }], 1] : [{}]);
    },
  } as unknown as EntityManager;

  readonly dataSource = {
    transaction: (work: (manager: EntityManager) => Promise<void>) => {
      const error = this.refuseBegin();
      return error === null ? work(this.manager) : Promise.reject(error);
    },
  } as unknown as DataSource;

  /** How many dead letters were written. */
  get letters(): number {
    return this.statements.filter((sql) => sql.startsWith('INSERT INTO dead_letters')).length;
  }
}

function intakeOf({ dataSource }: EmptyDatabase, deadLettered = () => Promise.resolve()): RecordIntake {
  const schema = { safeParse: (data: unknown) => ({ success: true as const, data }) };
  return new RecordIntake(dataSource, 'spec', {
    positions: new Positions('spec'),
    topics: new Map([['notes', { topic: { name: 'notes', class: 'fact' }, messages: [{ type: 'note.v1', schema }] }]]),
    dispatch: { handle: () => Promise.resolve(verdict.done()), deadLettered },
    observer: nobodyObserves,
  });
}

describe('taking a record in', () => {
  it('waits as long as no transaction can begin, however PostgreSQL refuses it', async () => {
    const database = new EmptyDatabase();
    const intake = intakeOf(database);
    const refusals = [
      ...Array.from({ length: 4 }, () => new Error('Connection terminated due to connection timeout')),
      Object.assign(new Error('the database system is shutting down'), { code: '57P03' }),
    ];
    database.refuseBegin = () => refusals.shift() ?? null;
    for (let tries = 1; tries <= 5; tries += 1) {
      expect(await intake.take(record)).toMatchObject({ kind: 'retry' });
    }
    expect(await intake.take(record)).toEqual({ kind: 'moved', next: 8n });
    expect(database.letters).toBe(0);
  });

  it('goes on behind a record that cannot even be told of as a dead letter', async () => {
    const database = new EmptyDatabase();
    const intake = intakeOf(database, () => Promise.reject(new TypeError('a mistake of ours')));
    const violation = Object.assign(new Error('violated'), { code: '23514' });
    database.refuse = (sql) => (sql.startsWith('INSERT INTO inbox') ? new QueryFailedError(sql, [], violation) : null);
    for (let tries = 1; tries < 5; tries += 1) expect(await intake.take(record)).toMatchObject({ kind: 'retry' });
    expect(await intake.take(record)).toEqual({ kind: 'moved', next: 8n });
    expect(database.letters).toBe(1);
    expect(database.statements).toContain('ROLLBACK TO SAVEPOINT dead_letter');
  });
});

describe('a record that can be neither used nor put aside', () => {
  const waits = (intake: RecordIntake, isRead = true) => intake.waits(() => isRead);

  it('is tried again, and named from its fifth try on for as long as it is the next of an open partition', async () => {
    const database = new EmptyDatabase();
    const intake = intakeOf(database);
    const violation = Object.assign(new Error('violated'), { code: '23514' });
    database.refuse = (sql) => (/^INSERT INTO (inbox|dead_letters)/.test(sql) ? new QueryFailedError(sql, [], violation) : null);
    for (let tries = 1; tries < 5; tries += 1) expect(await intake.take(record)).toMatchObject({ kind: 'retry' });
    expect(waits(intake)).toEqual([]);
    expect(await intake.take(record)).toMatchObject({ kind: 'retry' });
    expect(waits(intake)).toEqual(['notes/0 tries offset 7 again, 5 times so far (database_error 23514)']);
    expect(waits(intake, false)).toEqual([]);
    database.refuse = () => null;
    expect(await intake.take(record)).toEqual({ kind: 'moved', next: 8n });
    expect(waits(intake)).toEqual([]);
  });

  it('is tried again even where looking at it fails', async () => {
    const unreadable = {
      ...record,
      message: {
        ...message,
        get headers(): never {
          throw new RangeError('out of bounds');
        },
      },
    };
    const intake = intakeOf(new EmptyDatabase());
    for (let tries = 1; tries <= 5; tries += 1) expect(await intake.take(unreadable)).toMatchObject({ kind: 'retry' });
    expect(waits(intake)).toEqual(['notes/0 tries offset 7 again, 5 times so far (RangeError)']);
  });
});

describe('an error', () => {
  it('may pass when it took the connection away from the transaction', () => {
    expect(canHeal(new QueryRunnerAlreadyReleasedError())).toBe(true);
    expect(canHeal(new TypeError('a mistake of ours'))).toBe(false);
  });
});
