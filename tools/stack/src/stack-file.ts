import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeSecret } from './secret-file';

/** `stack.json`: where everything of a running stack is. Its shape is a promise to outsiders (it grows by addition only). */
export interface StackFile {
  kafkaBrokers: string;
  /** Folder of Kafka's jars, the command-line tools (`org.apache.kafka.tools.*`) among them. */
  kafkaLibs: string;
  databases: Record<string, string>;
  services: Record<string, { url: string; urls: string[]; pids: number[] }>;
  klaviyoApiUrl: string;
  snapshotRoot: string;
  environmentId: string;
  logs: string;
  /** The supervisor's own endpoint: `POST /services/<name>/start|stop|restart` with `Authorization: Bearer <token>`. */
  control: { url: string; token: string };
  /** Bearer token of an administrator for the services, renewed before it ends. */
  operatorToken: string;
}

const fileOf = (dir: string): string => join(dir, 'stack.json');

/** Replaces the file as a whole. It holds passwords and tokens, so only its owner may read it. */
export function writeStackFile(dir: string, content: StackFile): void {
  writeSecret(fileOf(dir), `${JSON.stringify(content, null, 2)}\n`);
}

export function removeStackFile(dir: string): void {
  rmSync(fileOf(dir), { force: true });
}
