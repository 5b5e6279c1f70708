import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Sink1764000000001 implements MigrationInterface {
  name = 'Sink1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(connections);
    await runner.query(runs);
    await runner.query(deliveries);
    await runner.query(submissions);
    await runner.query(lostCalls);
    await runner.query(quotas);
    await runner.query(liveSubmissions);
    for (const index of indexes) await runner.query(index);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW live_submissions');
    await runner.query('DROP TABLE quotas, lost_calls, submissions, deliveries, runs, connections');
  }
}

const connections = `
  CREATE TABLE connections (
    connection_id uuid PRIMARY KEY,
    version int NOT NULL,
    removed boolean NOT NULL,
    access text NOT NULL CHECK (access IN ('administrators', 'contributors')),
    credential_version int,
    sealed text,
    verification_id uuid,
    answered_verification_id uuid,
    account_id text,
    account_name text,
    standing text NOT NULL DEFAULT 'unchecked' CHECK (standing IN ('unchecked', 'ok', 'failed')),
    checked_credential_version int,
    updated_at timestamptz NOT NULL DEFAULT now()
  )`;

const runs = `
  CREATE TABLE runs (
    run_id uuid PRIMARY KEY,
    export_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    stop_reason text,
    list_missing boolean NOT NULL DEFAULT false,
    waiting_since timestamptz
  )`;

const deliveries = `
  CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    batch_id uuid NOT NULL,
    epoch int NOT NULL,
    run_id uuid NOT NULL REFERENCES runs,
    export_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    attempt int NOT NULL,
    number int NOT NULL,
    list_id text NOT NULL,
    rows int NOT NULL,
    object jsonb NOT NULL,
    refusal text,
    calls int NOT NULL DEFAULT 0,
    refusals int NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'finished')),
    outcome jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((state = 'finished') = (outcome IS NOT NULL))
  )`;

/** No profile value: rows are line numbers, and what Klaviyo said about them lies encrypted in staging. */
const submissions = `
  CREATE TABLE submissions (
    id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    delivery_id uuid NOT NULL REFERENCES deliveries,
    ranges jsonb NOT NULL,
    rows int NOT NULL,
    rounds int NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'unanswered', 'accepted', 'split', 'done')),
    tries int NOT NULL DEFAULT 0,
    throttles int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    maybe_sent boolean NOT NULL DEFAULT false,
    job_id text,
    accepted_at timestamptz,
    accepted int NOT NULL DEFAULT 0,
    rejected int NOT NULL DEFAULT 0,
    unconfirmed int NOT NULL DEFAULT 0,
    not_attempted int NOT NULL DEFAULT 0,
    reasons jsonb NOT NULL DEFAULT '{}',
    results jsonb,
    error jsonb
  )`;

/** Import calls without an answer. A job of unknown origin may belong to any of them, also after the rows were sent again. */
const lostCalls = `
  CREATE TABLE lost_calls (
    submission_id uuid NOT NULL REFERENCES submissions,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (submission_id, sent_at)
  )`;

/** Start times of the last minute in ms since 1970 by PostgreSQL's clock, reservations included. */
const quotas = `
  CREATE TABLE quotas (
    account_key text NOT NULL,
    bucket text NOT NULL,
    starts double precision[] NOT NULL DEFAULT '{}',
    blocked_until double precision NOT NULL DEFAULT 0,
    PRIMARY KEY (account_key, bucket)
  )`;

export const liveSubmissions = `
  CREATE VIEW live_submissions AS
  SELECT s.*, d.run_id, d.connection_id, d.list_id, d.attempt, d.number, d.object, d.refusals AS delivery_refusals, d.seq AS delivery_seq,
    coalesce(c.account_id, d.connection_id::text) AS account_key,
    coalesce(NOT c.removed AND c.standing = 'ok' AND c.checked_credential_version = c.credential_version, false) AS usable,
    CASE WHEN c.removed THEN 'connection_removed'
         WHEN d.refusal IS NOT NULL THEN d.refusal
         WHEN r.stop_reason IS NOT NULL THEN 'run_stopped'
         WHEN r.list_missing THEN 'list_not_found' END AS end_code
  FROM submissions s
  JOIN deliveries d ON d.id = s.delivery_id AND d.state = 'open'
  JOIN runs r ON r.run_id = d.run_id
  LEFT JOIN connections c ON c.connection_id = d.connection_id
  WHERE s.state IN ('pending', 'sending', 'unanswered', 'accepted')`;

const indexes = [
  `CREATE INDEX deliveries_open ON deliveries (connection_id, seq) WHERE state = 'open'`,
  'CREATE INDEX submissions_of_delivery ON submissions (delivery_id)',
  'CREATE INDEX submissions_by_job ON submissions (job_id) WHERE job_id IS NOT NULL',
  'CREATE INDEX lost_calls_by_time ON lost_calls (sent_at)',
  'CREATE INDEX runs_waiting ON runs (connection_id) WHERE waiting_since IS NOT NULL',
];
