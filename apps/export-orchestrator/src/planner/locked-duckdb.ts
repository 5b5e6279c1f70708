import { join } from 'node:path';
import { types } from 'node:util';
import { DuckDBInstance, type DuckDBConnection, type DuckDBResultReader } from '@duckdb/node-api';
import { AppError } from '@courier/kernel';
import { sqlText } from '../domain/klaviyo-profile';
import { noRoom } from './disk-room';

// DuckDB, locked to one folder: it opens no other file, loads no extension, and nothing can lift that. Its error texts quote rows, so
// none of them leaves this file.

const THREADS = 2;
/** Columns of one row above which one thread works alone: each holds thousands of rows at once, and the memory has a limit. */
const WIDE_ROW_COLUMNS = 100;
const SPILL_BYTES_MAX = '50GB';

export class LockedDuckDb {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly folder: string,
  ) {}

  /** `columns`: about how many a row has that the queries hold at once. */
  static async open(folder: string, memoryMb: number, columns = 0): Promise<LockedDuckDb> {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    const database = new LockedDuckDb(instance, connection, folder);
    await database.run('lock', [
      `SET threads = ${columns > WIDE_ROW_COLUMNS ? 1 : THREADS}`,
      `SET memory_limit = '${memoryMb}MB'`,
      // Times inside lists and objects are written in it.
      "SET TimeZone = 'UTC'",
      `SET temp_directory = ${sqlText(join(folder, 'spill'))}`,
      `SET max_temp_directory_size = '${SPILL_BYTES_MAX}'`,
      `SET allowed_directories = [${sqlText(`${folder}/`)}]`,
      'SET enable_external_access = false',
      'SET lock_configuration = true',
    ]);
    return database;
  }

  /** A file in the folder, as an SQL literal. */
  file(name: string): string {
    return sqlText(this.path(name));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async run(step: string, statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.guarded(step, () => this.connection.run(statement));
  }

  /** Reads a whole result: for results whose size has a bound. */
  async read(step: string, query: string): Promise<DuckDBResultReader> {
    return this.guarded(step, () => this.connection.runAndReadAll(query));
  }

  /** One row of whole numbers. */
  async numbers(step: string, query: string): Promise<number[]> {
    const reader = await this.read(step, query);
    return (reader.getRows()[0] ?? []).map(Number);
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  private async guarded<T>(step: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Not `instanceof`: within Jest the errors of a native module are of another realm.
      throw failureOf(step, types.isNativeError(error) ? error.message : '');
    }
  }
}

/** Only the kind of the failure is told; the text itself may quote a row. */
export function failureOf(step: string, text: string): AppError {
  const context = { step };
  if (/^Out of Memory Error/i.test(text)) {
    return new AppError('planner_out_of_memory', 'The planner needs more memory or spill space', { retryable: true, context });
  }
  if (/^IO Error/i.test(text)) {
    // Paths are quoted: a folder may be called /srv/ready.
    const words = text.replace(/"[^"]*"/g, '');
    if (/No space left on device|Disk quota exceeded/i.test(words)) return noRoom("The planner's disk is full");
    // A damaged Parquet file points behind its end: that is no failure of the disk, and trying again does not mend it.
    if (!/read(?!-only)/i.test(words))
      return new AppError('planner_disk_failed', 'The planner could not use its folder', { retryable: true, context });
  }
  return new AppError('planner_query_failed', 'A query of the planner failed', { context });
}
