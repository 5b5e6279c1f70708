import { exitCodes, type ExitCode } from './exit-codes';
import { OpsError } from './ops-error';

/** The text for stderr: what, why, remedy. */
export function errorText(error: unknown): string {
  if (error instanceof OpsError) {
    const { message, code, why, findings, remedy, requestId } = error;
    const lines = [
      `Error: ${message}`,
      `Why: ${why} (${code})`,
      ...findings.map((finding) => `  - ${finding}`),
      ...(remedy === null ? [] : [`Remedy: ${remedy}`]),
      ...(requestId === null ? [] : [`Request: ${requestId}`]),
    ];
    return `${lines.join('\n')}\n`;
  }
  // Anything else is a fault of this program: the stack is what its author needs.
  return `Error: something is wrong with this command.\nWhy: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

export function exitCodeOfError(error: unknown): ExitCode {
  return error instanceof OpsError ? error.exitCode : exitCodes.failed;
}
