import { javaEnvironment, javaProgram } from '@courier/stack';
import { until } from '@courier/testing';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stack, stackDir } from './stack';

/** Several starts of Java, and a session of a member that is missed, on a machine four times slower than a usual one. */
const TOOL_MAX_MS = 240_000;

// Each call is a start of Java.
const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xmx128m'];
const logging = `-Dlog4j2.configurationFile=${join(__dirname, '../../../../tools/stack/log4j2.properties')}`;

/** A command-line tool of the stack's own Kafka; what it printed. */
function kafkaTool(tool: string, ...args: string[]): Promise<string> {
  return kafkaToolReading('', tool, ...args);
}

async function kafkaToolReading(input: string, tool: string, ...args: string[]): Promise<string> {
  const { kafkaBrokers, kafkaLibs } = stack();
  const command = [`org.apache.kafka.${tool}`, '--bootstrap-server', kafkaBrokers, ...args];
  const whole = [...quickStart, logging, '-cp', join(kafkaLibs, '*'), ...command];
  const running = promisify(execFile)(javaProgram(), whole, { env: { ...process.env, ...javaEnvironment } });
  running.child.stdin?.end(input);
  return (await running).stdout;
}

/** `kafka-console-producer`: headers, key and value, apart by tabs. Unlike kafkajs it can write null, which is `NULLHERE`. */
export async function produceLine(topic: string, line: string): Promise<void> {
  const reading = ['parse.headers=true', 'parse.key=true', 'null.marker=NULLHERE'];
  const properties = reading.flatMap((property) => ['--reader-property', property]);
  await kafkaToolReading(`${line.trimEnd()}\n`, 'tools.ConsoleProducer', '--topic', topic, ...properties);
}

/** `kafka-consumer-groups --group ... --topic ...`: the group must have no members. */
export async function moveGroup(group: string, topic: string, ...how: string[]): Promise<void> {
  await until(async () => {
    const printed = await kafkaTool('tools.consumer.group.ConsumerGroupCommand', '--group', group, '--topic', topic, ...how);
    // The tool says that it could not, and ends with 0. A member that was stopped while it joined is missed after its session.
    if (/^Error:.* is inactive/m.test(printed)) return false;
    if (/^Error:/m.test(printed)) throw new Error(printed);
    return true;
  }, TOOL_MAX_MS);
}

export function resetGroup(group: string, topic: string, ...to: string[]): Promise<void> {
  return moveGroup(group, topic, '--reset-offsets', ...to, '--execute');
}

/** `kafka-delete-records`: the partition begins at the offset then, as after retention. */
export async function deleteRecords(topic: string, before: Record<number, number>): Promise<void> {
  const file = join(stackDir(), 'delete-records.json');
  const partitions = Object.entries(before).map(([partition, offset]) => ({ topic, partition: Number(partition), offset }));
  writeFileSync(file, JSON.stringify({ version: 1, partitions }));
  await kafkaTool('tools.DeleteRecordsCommand', '--offset-json-file', file);
}

/** `kafka-topics --delete` and `--create`: the same name, another log in each of the six partitions. */
export async function makeAnew(topic: string): Promise<void> {
  await kafkaTool('tools.TopicCommand', '--topic', topic, '--delete');
  // The name is taken until every log is gone.
  await until(
    () =>
      kafkaTool('tools.TopicCommand', '--topic', topic, '--create', '--partitions', '6').then(
        () => true,
        () => false,
      ),
    TOOL_MAX_MS,
  );
}
