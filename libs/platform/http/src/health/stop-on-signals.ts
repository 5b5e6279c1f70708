import { type INestApplication, Logger } from '@nestjs/common';

/**
 * From the signal to the exit, the calls under way to others included. Supervisors wait longer than this before they kill. What is
 * not done by then lies under leases that expire, and goes on elsewhere.
 */
const DRAIN_MAX_MS = 7_000;
const exitCodes = { SIGTERM: 0, SIGINT: 130 };

/**
 * SIGTERM ends the process with 0: that it was asked to go is no failure, whatever the database or Kafka do at that moment. SIGINT
 * stops it in the same order with 130, as a shell says it: supervisors take only SIGTERM for a wish that it stays down.
 * Nest's own hooks would wait for them without an end, and end with 1 when they fail.
 */
export function stopOnSignals(app: INestApplication): void {
  const logger = new Logger('Shutdown');
  let stopping = false;
  const stop = async (signal: keyof typeof exitCodes): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.log('The service stops', { signal });
    const deadline = setTimeout(() => {
      logger.warn('The service could not stop in order in time; what was under way goes on elsewhere', {
        durationMs: DRAIN_MAX_MS,
      });
      process.exit(exitCodes[signal]);
    }, DRAIN_MAX_MS);
    await app
      .close()
      .catch((error: unknown) =>
        logger.warn('The service could not stop in order; what was under way goes on elsewhere', { err: error }),
      );
    clearTimeout(deadline);
    process.exit(exitCodes[signal]);
  };
  process.on('SIGTERM', () => void stop('SIGTERM')).on('SIGINT', () => void stop('SIGINT'));
}
