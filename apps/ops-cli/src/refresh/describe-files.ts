import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Snapshot } from '@courier/contracts';
import { Presets, SingleBar } from 'cli-progress';
import { usageError } from '../ops-error';
import { describePart, type DescribedPart, type PartFile } from './describe-part';

export interface DescribedFiles {
  parts: DescribedPart[];
  compression: Snapshot['compression'];
}

/** Describes the parts of one snapshot, with a bar over their bytes on a terminal. */
export async function describeFiles(
  files: readonly PartFile[],
  format: Snapshot['format'],
  stderr: NodeJS.WriteStream,
): Promise<DescribedFiles> {
  const progress = stderr.isTTY ? await bytesBar(files, stderr) : null;
  const parts: DescribedPart[] = [];
  let compression: Snapshot['compression'] | null = null;
  try {
    for (const part of files) {
      const { file } = part;
      const described = await describePart(part, format, (bytes) => progress?.increment(bytes, { file: basename(file) }));
      compression ??= described.compression;
      if (described.compression !== compression) {
        const why = `${file} is ${described.compression === 'gzip' ? '' : 'not '}gzip, the first part is ${compression === 'gzip' ? '' : 'not'}.`;
        throw usageError('The parts do not belong together.', why, 'Compress all parts of a snapshot or none.');
      }
      parts.push(described.part);
    }
  } finally {
    progress?.stop();
  }
  return { parts, compression: compression ?? 'none' };
}

async function bytesBar(files: readonly PartFile[], stream: NodeJS.WriteStream): Promise<SingleBar> {
  const sizes = await Promise.all(
    files.map(({ file }) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const bar = new SingleBar(
    { format: '[{bar}] {percentage} % {file}', stream, hideCursor: true, linewrap: false },
    Presets.shades_classic,
  );
  bar.start(
    Math.max(
      1,
      sizes.reduce((sum, size) => sum + size, 0),
    ),
    0,
    { file: '' },
  );
  return bar;
}
