import type { Writable } from 'node:stream';

export const outputFormats = ['table', 'json'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** stdout carries the result and nothing else, so that it can be piped; everything said on the way goes to stderr. */
export class Output {
  constructor(
    readonly format: OutputFormat,
    private readonly stdout: Writable,
    private readonly stderr: Writable,
  ) {}

  /** The command's one result: `document` as JSON, or the text made for people. */
  result(document: unknown, text: () => string): void {
    this.stdout.write(this.format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : `${text()}\n`);
  }

  note(line: string): void {
    this.stderr.write(`${line}\n`);
  }
}
