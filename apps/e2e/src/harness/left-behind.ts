import { dumpDatabase, listTopics, readTopic } from '@courier/testing';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { addressesIn, type Needles } from './leak-scan';
import { scrape } from './metrics';
import { stack, stackDir, type ServiceName } from './stack';

const measuredServices: ServiceName[] = ['connection-service', 'export-orchestrator', 'klaviyo-sink'];
/** Upstream's own files, the keys themselves, and the file that tells the operator how to get in. */
const setApart = ['snapshots', 'keys', 'stack.json'];
/** Kafka makes these files of 10 MB before it has anything to put in. */
const preallocated = /\.(time)?index$/;
/** Packed files hold by accident what looks like a short address, and so do encrypted ones. */
const ADDRESS_LENGTH_MIN = 12;
const FILE_BYTES_MAX = 128 * 1024 * 1024;

/** Calls `look` with everything that the ring left: topics, databases, metrics, and every file of the stack, logs and spans among them. */
export async function forEachPlace(look: (place: string, text: string) => void): Promise<void> {
  const { databases, kafkaBrokers } = stack();
  const brokers = kafkaBrokers.split(',');
  for (const topic of await listTopics(brokers)) look(`topic ${topic}`, await readTopic(brokers, topic));
  for (const [service, url] of Object.entries(databases)) look(`database ${service}`, await dumpDatabase(url));
  for (const service of measuredServices) look(`/metrics of ${service}`, await scrape(service));
  for (const file of filesOf(stackDir())) look(relative(stackDir(), file), read(file));
}

/** PostgreSQL and Kafka go on removing files of theirs while this looks. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** The addresses of all people in the files that upstream wrote as text, and the private parts of the stack's keys. */
export function needles(): Needles {
  const addresses = new Set<string>();
  for (const file of filesOf(stack().snapshotRoot)) {
    for (const address of addressesIn(readFileSync(file, 'latin1'))) {
      if (address.length >= ADDRESS_LENGTH_MIN) addresses.add(address);
    }
  }
  const keys = join(stackDir(), 'keys');
  const secrets = readdirSync(keys).flatMap((file) => {
    const text = readFileSync(join(keys, file), 'utf8').trim();
    return file.endsWith('.json') ? secretsOf(JSON.parse(text)) : [text];
  });
  return { addresses, secrets };
}

/** The private parts of a key set, or the passwords of any other file. */
function secretsOf(content: unknown): string[] {
  if (typeof content === 'string') return content.length >= 16 ? [content] : [];
  if (typeof content !== 'object' || content === null) return [];
  if ('kty' in content) return 'd' in content ? [String(content.d)] : [];
  return Object.values(content).flatMap(secretsOf);
}

/** What lies in the planner's private folder, where profiles are in the clear while a plan is made. */
export function plannerLeftovers(): string[] {
  return readdirSync(join(stackDir(), 'planner'));
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !setApart.some((name) => path === name || path.startsWith(`${name}/`)) && !preallocated.test(path))
    .map((path) => join(folder, path))
    .filter((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found?.isFile() === true && found.size <= FILE_BYTES_MAX;
    });
}
