import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ExportsAndRuns1700000001001 implements MigrationInterface {
  name = 'ExportsAndRuns1700000001001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_connections (
        id uuid PRIMARY KEY,
        version int NOT NULL,
        state text NOT NULL,
        display_name text NOT NULL,
        access text NOT NULL,
        profile_limit int NOT NULL,
        account_id text
      )`);
    await runner.query(`
      CREATE TABLE exports (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        connection_id uuid,
        list_id text NOT NULL,
        segment_ids text[] NOT NULL,
        mapping jsonb NOT NULL,
        mode text NOT NULL,
        schedule jsonb NOT NULL,
        state text NOT NULL,
        attention jsonb,
        list_name text,
        list_checked boolean NOT NULL DEFAULT false,
        version int NOT NULL,
        created_at timestamptz(3) NOT NULL,
        created_by jsonb NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        updated_by jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX exports_by_segment ON exports USING gin (segment_ids)');
    await runner.query(`
      CREATE TABLE refreshes (
        id uuid PRIMARY KEY,
        event_id text NOT NULL,
        segment_id text NOT NULL,
        segment_name text,
        sequence bigint NOT NULL,
        refresh_id text NOT NULL,
        workflow_job_id text,
        result text NOT NULL,
        snapshot jsonb NOT NULL,
        received_at timestamptz(3) NOT NULL,
        verdict text NOT NULL,
        reason text,
        run_ids uuid[] NOT NULL
      )`);
    await runner.query('CREATE INDEX refreshes_by_segment ON refreshes (segment_id, sequence DESC)');
    await runner.query('CREATE INDEX refreshes_by_job ON refreshes (workflow_job_id) WHERE workflow_job_id IS NOT NULL');
    await this.createRuns(runner);
    await runner.query(`
      CREATE TABLE ledgers (
        export_id uuid NOT NULL,
        account_id text NOT NULL,
        list_id text NOT NULL,
        version int NOT NULL,
        object jsonb NOT NULL,
        people int NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (export_id, account_id, list_id)
      )`);
  }

  private async createRuns(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE runs (
        id uuid PRIMARY KEY,
        export_id uuid NOT NULL REFERENCES exports (id),
        connection_id uuid NOT NULL,
        list_id text NOT NULL,
        kind text NOT NULL,
        trigger text NOT NULL,
        status text NOT NULL,
        phase text NOT NULL,
        reason jsonb,
        counts jsonb NOT NULL,
        invalid_reasons jsonb NOT NULL,
        rejected_reasons jsonb NOT NULL,
        warnings jsonb NOT NULL,
        waiting jsonb,
        awaited_job jsonb,
        snapshots jsonb NOT NULL,
        mapping jsonb NOT NULL,
        account_id text,
        ledger jsonb,
        attempt int NOT NULL,
        plan jsonb,
        invalid_rows jsonb,
        staged boolean NOT NULL,
        batches_total int NOT NULL,
        batches_finished int NOT NULL,
        sequence bigint GENERATED ALWAYS AS IDENTITY,
        stop_reason jsonb,
        started_by text,
        version int NOT NULL,
        created_at timestamptz(3) NOT NULL,
        started_at timestamptz(3),
        finished_at timestamptz(3)
      )`);
    await runner.query('CREATE INDEX runs_by_export ON runs (export_id, sequence DESC)');
    await runner.query('CREATE INDEX runs_newest ON runs (created_at DESC, id DESC)');
    await runner.query('CREATE INDEX runs_open ON runs (sequence) WHERE finished_at IS NULL');
    await runner.query(`
      CREATE TABLE batches (
        id uuid PRIMARY KEY,
        run_id uuid NOT NULL REFERENCES runs (id),
        attempt int NOT NULL,
        number int NOT NULL,
        operation text NOT NULL,
        rows int NOT NULL,
        bytes int NOT NULL,
        status text NOT NULL CHECK (status IN ('planned', 'announced', 'finished')),
        object jsonb,
        accepted int NOT NULL DEFAULT 0,
        rejected int NOT NULL DEFAULT 0,
        unconfirmed int NOT NULL DEFAULT 0,
        not_attempted int NOT NULL DEFAULT 0,
        rejected_reasons jsonb NOT NULL DEFAULT '{}',
        results jsonb,
        job_ids text[] NOT NULL DEFAULT '{}',
        attempts int NOT NULL DEFAULT 0,
        error jsonb,
        UNIQUE (run_id, number),
        CHECK (status <> 'finished' OR accepted + rejected + unconfirmed + not_attempted = rows)
      )`);
    // Outcomes that arrive before their batch is known: after a restore of the database the run is planned again first.
    await runner.query(`
      CREATE TABLE parked_outcomes (
        batch_id uuid PRIMARY KEY,
        run_id uuid NOT NULL,
        outcome jsonb NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE parked_outcomes, batches, runs, ledgers, refreshes, exports, known_connections');
  }
}
