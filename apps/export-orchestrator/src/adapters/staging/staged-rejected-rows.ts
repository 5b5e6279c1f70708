import type { StagedObjectRef } from '@courier/contracts';
import { decodeBatch, decodeResults, StagingArea, StagingKey, stagingLimits } from '@courier/staging';
import { Injectable } from '@nestjs/common';
import type { BatchRecord } from '../../domain/batch';
import type { InvalidRow } from '../../planner/protocol';
import { RejectedRows, type UnacceptedRow } from '../../ports/rejected-rows';

const LINE_END = 0x0a;
/** 250,000 listed rows of an address of 320 characters and the name of a file. */
const INVALID_BYTES_MAX = 512 * 1024 * 1024;

export interface StagingPlace {
  stagingUri: string;
  stagingKeyFile: string;
}

@Injectable()
export class StagedRejectedRows extends RejectedRows {
  private area: StagingArea | null = null;

  constructor(private readonly place: StagingPlace) {
    super();
  }

  async invalidRows(ref: StagedObjectRef): Promise<Iterable<InvalidRow>> {
    return linesOf(await this.staging().read(ref, { contentBytesMax: INVALID_BYTES_MAX }));
  }

  async unacceptedRows({ object, results, rows, unconfirmed, error }: BatchRecord): Promise<UnacceptedRow[]> {
    // Nobody of a batch that was never staged was attempted.
    if (object === null || (results === null && unconfirmed < rows)) return [];
    const batch = decodeBatch(await this.staging().read(object, { contentBytesMax: stagingLimits.batchBytesMax }));
    if (results === null) {
      const { code, detail } = error ?? { code: 'unconfirmed', detail: 'What became of the batch is not known.' };
      return Array.from({ length: batch.size }, (_, line) => ({ email: batch.email(line), status: 'unconfirmed', code, detail }));
    }
    const lines = decodeResults(await this.staging().read(results, { contentBytesMax: stagingLimits.resultBytesMax }));
    return lines.flatMap(({ line, status, code, detail }) =>
      status === 'notAttempted' ? [] : [{ email: batch.email(line), status, code, detail }],
    );
  }

  /** Only who asks for profiles needs the key. */
  private staging(): StagingArea {
    this.area ??= new StagingArea(this.place.stagingUri, StagingKey.fromFile(this.place.stagingKeyFile));
    return this.area;
  }
}

/** One line at a time: the list of a million rows is not parsed for a page of it. */
function* linesOf(content: Buffer): Generator<InvalidRow> {
  for (let from = 0; from < content.length;) {
    const end = content.indexOf(LINE_END, from);
    if (end < 0) return;
    yield JSON.parse(content.toString('utf8', from, end)) as InvalidRow;
    from = end + 1;
  }
}
