import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withAdmin } from './kafka-client';
import type { ManagedProcess } from './managed-process';
import type { ProcessSet } from './process-set';
import type { Detour } from './detour';
import { reservePort } from './ports';
import { javaEnvironment, javaProgram, kafkaLibs, workspaceRoot } from './workspace';

const HEAP = '512m';

export interface RunningKafka {
  /** `host:port` for ourselves. */
  brokers: string;
  /** The same for everybody else: Kafka tells its clients to come back by the way that they came. */
  clientBrokers: string;
  process: ManagedProcess;
}

/** Starts Apache Kafka: one node in KRaft mode, broker and controller in one, data kept under the stack folder. */
export async function startKafka(set: ProcessSet, detour?: Detour): Promise<RunningKafka> {
  const home = join(set.dir, 'kafka');
  const data = join(home, 'data');
  mkdirSync(home, { recursive: true });
  if (!existsSync(data)) await format(set, home, data);

  const [broker, controller, client] = [await reservePort(), await reservePort(), detour ? await reservePort() : null];
  const clients = client === null ? null : { port: client.port, advertisedPort: (await detour?.(client.port)) ?? client.port };
  const config = join(home, 'server.properties');
  writeFileSync(config, properties(data, { broker: broker.port, controller: controller.port, clients }));
  const brokers = `127.0.0.1:${broker.port}`;
  const server = set.declare({
    name: 'kafka',
    command: javaProgram(),
    args: [...javaOptions(), 'kafka.Kafka', config],
    env: javaEnvironment,
    graceMs: 6_000,
    notReady: () => askBroker(brokers),
  });
  for (const port of [broker, controller, client]) await port?.release();
  await server.start();
  return { brokers, clientBrokers: clients === null ? brokers : `127.0.0.1:${clients.advertisedPort}`, process: server };
}

/** Formats beside the final place, so that an interrupted run never leaves half a folder that looks complete. */
async function format(set: ProcessSet, home: string, data: string): Promise<void> {
  const partial = `${data}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const config = join(home, 'format.properties');
  writeFileSync(config, properties(partial, { broker: 1, controller: 2, clients: null }));
  const clusterId = randomBytes(16).toString('base64url');
  // One option, as an id may begin with a dash, which the tool would otherwise take for the next option.
  const archive = sharedClasses();
  const recording = existsSync(archive) ? null : `${archive}.${process.pid}`;
  const options = [...javaOptions(), ...(recording === null ? [] : [`-XX:ArchiveClassesAtExit=${recording}`])];
  const args = [...options, 'kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '--config', config];
  await set.runToEnd({ name: 'kafka-format', command: javaProgram(), args, env: javaEnvironment });
  if (recording !== null && existsSync(recording)) renameSync(recording, archive);
  renameSync(partial, data);
  rmSync(config);
}

/** Classes as the first format of this clone had loaded them: Java maps them instead of reading and checking some 60 MB of jars again. */
const sharedClasses = (): string => join(kafkaLibs(), '../classes.jsa');

function javaOptions(): string[] {
  // One small node starts in half the time with the serial collector and the first compiler alone.
  const quickStart = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const logging = `-Dlog4j2.configurationFile=${join(workspaceRoot, 'tools/stack/log4j2.properties')}`;
  // One that another Java wrote is left aside by itself.
  const shared = existsSync(sharedClasses()) ? [`-XX:SharedArchiveFile=${sharedClasses()}`] : [];
  return [`-Xmx${HEAP}`, ...quickStart, ...shared, logging, '-cp', join(kafkaLibs(), '*')];
}

interface Ports {
  broker: number;
  controller: number;
  /** A listener of its own for clients that take a detour; it advertises where the detour begins. */
  clients: { port: number; advertisedPort: number } | null;
}

function properties(data: string, { broker, controller, clients }: Ports): string {
  const listeners = [`BROKER://127.0.0.1:${broker}`, ...(clients ? [`CLIENTS://127.0.0.1:${clients.port}`] : [])];
  const advertised = [`BROKER://127.0.0.1:${broker}`, ...(clients ? [`CLIENTS://127.0.0.1:${clients.advertisedPort}`] : [])];
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controller}`].join(','),
    'advertised.listeners': advertised.join(','),
    'listener.security.protocol.map': 'BROKER:PLAINTEXT,CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    // A properties file takes a backslash as an escape.
    'log.dirs': data.replaceAll('\\', '/'),
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 2,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${ascii(String(value))}\n`)
    .join('');
}

/** Java may take a properties file for Latin-1. */
const ascii = (value: string): string =>
  value.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Null once the broker serves clients and has its group coordinator, without which the first consumer would meet an error. Asking
 * for a group's offsets makes the broker create the coordinator's topic.
 */
async function askBroker(brokers: string): Promise<string | null> {
  try {
    await withAdmin(brokers, 1, async (admin) => {
      await admin.describeCluster();
      await admin.fetchOffsets({ groupId: 'courier-stack-probe' });
    });
    return null;
  } catch (error) {
    return `the broker at ${brokers} does not answer yet (${(error as Error).message})`;
  }
}
