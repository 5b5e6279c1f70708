import type { LoggerService } from '@nestjs/common';
import { type Params, PinoLogger } from 'nestjs-pino';
import { pinoOptions, type LoggingOptions } from './pino-options';
import { stackFrames } from './safe-error';
import { requestLogging } from './request-logging';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Parts of Nest that write a line per module and route at every start. */
const wiring = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/** What of nestjs-pino's logger is needed here; inside a request it writes the request's id with every line. */
export type Sink = Pick<PinoLogger, Level>;

/**
 * Nest's logger. `logger.warn('Text that is a constant', { runId, err: error })`: the text first, then facts; of the facts the
 * allow-listed ones are written; pino's order, facts before text, works too. Framework code that logs a text with a stack is quoting an error, so only its frames stay.
 */
export class ServiceLogger implements LoggerService {
  constructor(private readonly sink: Sink) {}

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: unknown[]): void {
    const fields: Record<string, unknown> = {};
    const texts = typeof message === 'string' ? [message] : [];
    let stack: string | undefined;
    for (const part of [typeof message === 'string' ? undefined : message, ...rest]) {
      if (part instanceof Error) fields.err = part;
      else if (typeof part === 'object' && part !== null) Object.assign(fields, part);
      else if (typeof part === 'string' && stackFrames(part).length > 0) stack = part;
      else if (typeof part === 'string') texts.push(part);
    }
    // Nest's Logger appends its context as the last text.
    if (texts.length > 1 || message instanceof Error) fields.context = texts.at(-1);
    if (stack !== undefined) fields.err ??= quotedError(stack);
    const [text] = texts;
    const quoted = text === undefined || stack !== undefined || message instanceof Error || stackFrames(text).length > 0;
    this.sink[wiring.has(String(fields.context)) ? 'debug' : level](fields, quoted ? 'Unexpected error' : text);
  }
}

function quotedError(stack: string): Error {
  const error = new Error();
  error.name = /^(\w+):/.exec(stack)?.[1] ?? 'Error';
  error.stack = stack;
  return error;
}

export function loggerParams(options: LoggingOptions): Params {
  return { pinoHttp: { ...pinoOptions(options), ...requestLogging } };
}

/** The logger that main.ts gives to Nest, so that nothing is ever logged around the allow-list, not even a failing start. */
export function serviceLogger(options: LoggingOptions): ServiceLogger {
  return new ServiceLogger(new PinoLogger(loggerParams(options)));
}
