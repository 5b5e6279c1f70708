import { type INestApplication, Logger } from '@nestjs/common';

/**
 * From the signal to the exit, the calls under way to others included. Supervisors wait longer than this before they kill. What is
 * not done by then lies under leases that expire, and goes on elsewhere.
 */
const DRAIN_MAX_MS = 7_000;

/**
 * SIGTERM and SIGINT end the process with 0: that it was asked to go is no failure, whatever the database or Kafka do at that moment.
 * Nest's own hooks would wait for them without an end, and end with 1 when they fail.
 */
export function stopOnSignals(app: INestApplication): void {
  const logger = new Logger('Shutdown');
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.log('The service stops', { signal });
    const deadline = setTimeout(() => {
      logger.warn('The service could not stop in order in time; what was under way goes on elsewhere', {
        durationMs: DRAIN_MAX_MS,
      });
      process.exit(0);
    }, DRAIN_MAX_MS);
    await app
      .close()
      .catch((error: unknown) =>
        logger.warn('The service could not stop in order; what was under way goes on elsewhere', { err: error }),
      );
    clearTimeout(deadline);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}
