import type { Run } from '@courier/contracts';
import { Presets, SingleBar } from 'cli-progress';

export interface RunProgress {
  show(run: Run): void;
  end(): void;
}

/** A bar over the run's batches on a terminal; elsewhere one line whenever something changed. */
export function runProgress(stream: NodeJS.WriteStream): RunProgress {
  return stream.isTTY ? bar(stream) : lines(stream);
}

function bar(stream: NodeJS.WriteStream): RunProgress {
  const single = new SingleBar(
    { format: '[{bar}] {batches} {state}', stream, hideCursor: true, clearOnComplete: false, linewrap: false },
    Presets.shades_classic,
  );
  // Before the plan nobody knows the number of batches: the bar starts empty over one.
  single.start(1, 0, { batches: '', state: 'waiting' });
  return {
    show: (run) => {
      const { total, finished } = run.batches;
      single.setTotal(Math.max(total, 1));
      single.update(finished, { batches: total === 0 ? '' : `${finished}/${total} batches,`, state: stateOf(run) });
    },
    end: () => single.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): RunProgress {
  let last = '';
  return {
    show: (run) => {
      const { total, finished } = run.batches;
      const line = `${stateOf(run)}${total === 0 ? '' : `, ${finished} of ${total} batches`}\n`;
      if (line !== last) stream.write(line);
      last = line;
    },
    end: () => undefined,
  };
}

function stateOf({ status, phase, waiting }: Run): string {
  if (waiting !== null) return `${status} (waits: ${waiting.reason})`;
  return status === 'running' ? phase : status;
}
