import type { Run } from '@courier/contracts';
import { Presets, SingleBar } from 'cli-progress';

export interface RunProgress {
  show(run: Run): void;
  end(): void;
}

/** A bar on a terminal; elsewhere one line whenever something changed. `people` is how many the run will deliver. */
export function runProgress(people: number, output: NodeJS.WriteStream = process.stdout): RunProgress {
  return output.isTTY ? bar(people, output) : lines(people, output);
}

function bar(people: number, output: NodeJS.WriteStream): RunProgress {
  const format = 'Sample export [{bar}] {value}/{total} people, {phase}';
  const single = new SingleBar({ format, stream: output, hideCursor: true, clearOnComplete: false }, Presets.shades_classic);
  single.start(people, 0, { phase: 'waiting' });
  return {
    show: (run) => single.update(delivered(run), { phase: run.phase }),
    end: () => single.stop(),
  };
}

function lines(people: number, output: NodeJS.WriteStream): RunProgress {
  let last = '';
  return {
    show: (run) => {
      const line = `Sample export: ${run.phase}, ${delivered(run)} of ${people} people\n`;
      if (line !== last) output.write(line);
      last = line;
    },
    end: () => undefined,
  };
}

function delivered({ counts }: Run): number {
  return counts.accepted + counts.rejected + counts.unconfirmed + counts.notAttempted;
}
