import { connect } from 'node:net';
import { recordBatch } from './record-batch';

export type RawHeaderValue = Buffer | string | null;

export interface RawRecord {
  key: Buffer | null;
  value: Buffer | null;
  /** By name, a list for one that is repeated; as pairs where the order counts or a name is no text. */
  headers: Record<string, RawHeaderValue | RawHeaderValue[]> | readonly (readonly [string | Buffer, RawHeaderValue])[];
}

/** How the records of a batch are packed: the bits of Kafka's codec, and its bytes. */
export interface Packing {
  codec: 0 | 1 | 2 | 3 | 4;
  pack: (records: Buffer) => Buffer;
}

const PRODUCE_KEY = 0;
const PRODUCE_VERSION = 3;
const ANSWER_MAX_MS = 60_000;
const AT_ONCE_BYTES = 800_000;
const NOT_YET_LEADER = [3, 5, 6];
const TRIES_MAX = 100;
const PAUSE_MS = 100;

/**
 * Sends records as they are, in their order, into partition 0, in Kafka's own protocol: a record may hold what no client writes but
 * the broker takes, such as a header that is null. The one broker that is named must lead the partition.
 */
export async function publishRecords(
  brokers: string[],
  topic: string,
  records: readonly RawRecord[],
  packing: Packing = { codec: 0, pack: (bytes) => bytes },
): Promise<void> {
  let waiting: RawRecord[] = [];
  let bytes = 0;
  const send = async () => {
    if (waiting.length > 0) await publishBatch(brokers, topic, recordBatch(waiting, packing));
    waiting = [];
    bytes = 0;
  };
  for (const record of records) {
    const size = (record.value?.length ?? 0) + 10_000;
    if (bytes + size > AT_ONCE_BYTES) await send();
    waiting.push(record);
    bytes += size;
  }
  await send();
}

/** Sends the bytes of one record batch. @throws Error with the broker's code where it refuses them */
export async function publishBatch(brokers: string[], topic: string, batch: Buffer): Promise<void> {
  const [host = '', port = ''] = (brokers[0] ?? '').split(':');
  for (let tries = 1; ; tries += 1) {
    const code = await produce({ host, port: Number(port) }, topic, batch);
    if (code === 0) return;
    if (!NOT_YET_LEADER.includes(code) || tries === TRIES_MAX) throw new Error(`the broker refuses the batch: ${code}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** The error code of partition 0. */
async function produce(address: { host: string; port: number }, topic: string, batch: Buffer): Promise<number> {
  const answer = await ask(
    address,
    Buffer.concat([
      int16(PRODUCE_KEY),
      int16(PRODUCE_VERSION),
      int32(1),
      text('spec'),
      int16(-1),
      int16(-1),
      int32(ANSWER_MAX_MS),
      int32(1),
      text(topic),
      int32(1),
      int32(0),
      int32(batch.length),
      batch,
    ]),
  );
  // Behind the correlation id: one topic with its name, one partition with its number.
  return answer.readInt16BE(4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4);
}

function ask(address: { host: string; port: number }, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    const socket = connect(address, () => socket.write(Buffer.concat([int32(request.length), request])));
    socket.setTimeout(ANSWER_MAX_MS, () => socket.destroy(new Error('the broker does not answer')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the broker has closed the connection')));
    socket.on('data', (part) => {
      answer = Buffer.concat([answer, part]);
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return;
      resolve(answer.subarray(4));
      socket.destroy();
    });
  });
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}
