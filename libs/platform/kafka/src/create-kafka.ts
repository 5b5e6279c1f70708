import type { KafkaSettings } from '@courier/config';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { addCodecs } from './codecs';
import { mendGroupCoordinator } from './group-coordinator-mend';
import { mendRecordDecoding } from './record-decoding-mend';
import { mendRequestQueue } from './request-queue-mend';

/** Errors that kafkajs goes on to mend by itself are `error` here too. */
export type KafkaLog = (level: 'error' | 'warning', message: string) => void;

export interface KafkaOptions {
  /** Nothing is logged without it; what fails for good is thrown in any case. */
  log?: KafkaLog;
  /** For connecting and for each request. */
  timeoutMs?: number;
  retries?: number;
}

const CONNECT_MS = 3_000;
const REQUEST_MS = 15_000;
const RETRIES = 5;

/** kafkajs as this system uses it: mended, and with every default that depends on the environment set by hand. */
export function createKafka(
  settings: KafkaSettings,
  clientId: string,
  { log, timeoutMs, retries = RETRIES }: KafkaOptions = {},
): Kafka {
  addCodecs();
  mendRecordDecoding();
  mendRequestQueue();
  mendGroupCoordinator();
  return new Kafka({
    clientId,
    brokers: settings.brokers,
    ssl: settings.ssl,
    ...(settings.sasl ? { sasl: settings.sasl as SASLOptions } : {}),
    connectionTimeout: timeoutMs ?? CONNECT_MS,
    requestTimeout: timeoutMs ?? REQUEST_MS,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, factor: 0.2, multiplier: 2, retries },
    logLevel: log ? logLevel.WARN : logLevel.NOTHING,
    // Only the message: kafkajs' extra fields may hold payloads.
    logCreator: () => (entry) => log?.(entry.level <= logLevel.ERROR ? 'error' : 'warning', entry.log.message),
  });
}
