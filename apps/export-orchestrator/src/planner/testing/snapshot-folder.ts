import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Snapshot, SnapshotPartition } from '@courier/contracts';
import type { PlanJob } from '../protocol';

// Small Customer Insights folders and jobs over them, for specs.

export interface Column {
  name: string;
  dataType?: string;
}

export const emailAndName: Column[] = [
  { name: 'CustomerId', dataType: 'string' },
  { name: 'Email', dataType: 'string' },
  { name: 'FirstName', dataType: 'string' },
];

export const csvLine = (values: readonly string[]): string =>
  `${values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n`;

export class SnapshotFolder {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'planner-')));
  readonly root = join(this.base, 'exports');
  readonly privateDir = join(this.base, 'private');
  readonly stagingUri = pathToFileURL(join(this.base, 'staging')).href;
  readonly stagingKeyFile = join(this.base, 'staging.key');

  constructor() {
    mkdirSync(this.root);
    writeFileSync(this.stagingKeyFile, randomBytes(32).toString('base64'));
  }

  uri(path: string): string {
    return pathToFileURL(join(this.root, path)).href;
  }

  part(path: string, content: string | Buffer, rows: number): SnapshotPartition {
    const bytes = Buffer.from(content);
    writeFileSync(join(this.root, path), bytes);
    return { uri: this.uri(path), rows, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /** A snapshot of one entity; `parts` are texts of CSV with their numbers of records. */
  snapshot(entity: string, columns: readonly Column[], parts: readonly { text: string | Buffer; rows: number }[]): Snapshot {
    const partitions = parts.map(({ text, rows }, index) => this.part(`${entity}_${index + 1}.csv`, text, rows));
    const described = partitions.map(({ uri }) => ({ name: uri.split('/').at(-1), location: uri }));
    const entities = [{ $type: 'LocalEntity', name: entity, attributes: columns, partitions: described }];
    writeFileSync(join(this.root, `${entity}.model.json`), JSON.stringify({ name: 'Export', version: '1.0', entities }));
    return {
      format: 'cdm-csv',
      manifestUri: this.uri(`${entity}.model.json`),
      entity,
      partitions,
      compression: 'none',
      rowCount: parts.reduce((sum, { rows }) => sum + rows, 0),
    };
  }

  /** A snapshot in another format than Customer Insights' own; the name is the segment's. */
  files(
    name: string,
    format: 'csv' | 'ndjson' | 'parquet',
    parts: readonly { content: string | Buffer; rows: number }[],
    compression: Snapshot['compression'] = 'none',
  ): Snapshot {
    const ending = compression === 'gzip' ? `${format}.gz` : format;
    const partitions = parts.map(({ content, rows }, index) => this.part(`${name}_${index + 1}.${ending}`, content, rows));
    const rowCount = parts.reduce((sum, { rows }) => sum + rows, 0);
    return { format, partitions, compression, rowCount };
  }

  /** A snapshot of people, one part for each list of lines. */
  people(entity: string, ...parts: (readonly string[])[]): Snapshot {
    return this.snapshot(
      entity,
      emailAndName,
      parts.map((lines) => ({ text: lines.join(''), rows: lines.length })),
    );
  }

  job(snapshots: readonly Snapshot[], changes: Partial<PlanJob> = {}): PlanJob {
    return {
      runId: 'run-1',
      attempt: 1,
      kind: 'full',
      mapping: { email: 'Email', firstName: 'FirstName' },
      profileLimit: 100_000,
      snapshotRoots: [this.root],
      snapshots: snapshots.map((snapshot) => ({ segmentId: snapshot.entity ?? 'Segment', snapshot })),
      stagingUri: this.stagingUri,
      stagingKeyFile: this.stagingKeyFile,
      privateDir: this.privateDir,
      memoryMb: 256,
      ledger: null,
      resume: null,
      ...changes,
    };
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}
