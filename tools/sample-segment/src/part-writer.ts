import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createGzip } from 'node:zlib';
import { parquetOf } from './parquet';
import { encoded, startOf, type StoredAs } from './stored-as';

const CHUNK_CHARACTERS = 1_000_000;

export interface GeneratedPart {
  readonly path: string;
  readonly uri: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes one part in large pieces and keeps its figures. */
export class PartWriter {
  private pending: string;
  private rows = 0;

  private constructor(
    private readonly path: string,
    private readonly storedAs: StoredAs,
    private readonly plainPath: string,
    private readonly file: FileHandle,
  ) {
    this.pending = startOf(storedAs.encoding);
  }

  /** `path` without the ending that `storedAs` gives it. */
  static async create(path: string, storedAs: StoredAs): Promise<PartWriter> {
    const { format, gzip } = storedAs;
    const target = `${path}.${format === 'cdm-csv' ? 'csv' : format}${gzip ? '.gz' : ''}`;
    const plainPath = gzip || format === 'parquet' ? `${target}.tmp` : target;
    return new PartWriter(target, storedAs, plainPath, await open(plainPath, 'w'));
  }

  addHeader(line: string): void {
    this.pending += line;
  }

  /** Adds a record; a promise comes back only when something has to be waited for. */
  add(record: string | Buffer): Promise<void> | undefined {
    this.rows += 1;
    if (typeof record !== 'string') return this.addBytes(record);
    this.pending += record;
    return this.pending.length > CHUNK_CHARACTERS ? this.flush() : undefined;
  }

  async finish(): Promise<GeneratedPart> {
    await this.flush();
    await this.file.close();
    const { path, plainPath, rows, storedAs } = this;
    if (storedAs.format === 'parquet') await parquetOf(plainPath, path);
    if (storedAs.gzip) await pipeline(createReadStream(plainPath), createGzip(), createWriteStream(path));
    if (plainPath !== path) await rm(plainPath);
    return { path, uri: pathToFileURL(path).href, rows, ...(await figuresOf(path)) };
  }

  private async addBytes(record: Buffer): Promise<void> {
    await this.flush();
    await this.file.appendFile(record);
  }

  private async flush(): Promise<void> {
    const chunk = encoded(this.pending, this.storedAs.encoding);
    this.pending = '';
    if (chunk.length > 0) await this.file.appendFile(chunk);
  }
}

async function figuresOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: digest.digest('hex') };
}
