import type { Run } from '@courier/contracts';
import { Presets, SingleBar } from 'cli-progress';

export interface RunProgress {
  show(run: Run): void | Promise<void>;
  /** Something to read, above the bar. */
  say(text: string): void;
  end(): void;
}

/** A bar over the run's batches on a terminal; elsewhere one line whenever something changed. */
export function runProgress(stream: NodeJS.WriteStream): RunProgress {
  return stream.isTTY ? bar(stream) : lines(stream);
}

function bar(stream: NodeJS.WriteStream): RunProgress {
  let single = emptyBar(stream);
  return {
    show: (run) => {
      const { total, finished } = run.batches;
      single.setTotal(Math.max(total, 1));
      single.update(finished, { batches: total === 0 ? '' : `${finished}/${total} batches,`, state: stateOf(run) });
    },
    // A bar turns off the wrapping of lines and goes back to where it began, so the text stands between two of them.
    say: (text) => {
      single.stop();
      stream.write(`${text}\n`);
      single = emptyBar(stream);
    },
    end: () => single.stop(),
  };
}

function emptyBar(stream: NodeJS.WriteStream): SingleBar {
  const single = new SingleBar(
    { format: '[{bar}] {batches} {state}', stream, hideCursor: true, clearOnComplete: false, linewrap: false },
    Presets.shades_classic,
  );
  // Before the plan nobody knows the number of batches: the bar starts empty over one.
  single.start(1, 0, { batches: '', state: 'waiting' });
  return single;
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
    say: (text) => void stream.write(`${text}\n`),
    end: () => undefined,
  };
}

function stateOf({ status, phase, waiting }: Run): string {
  if (waiting !== null) return `${status} (waits: ${waiting.reason})`;
  return status === 'running' ? phase : status;
}
