import { createKafka } from '@courier/kafka';
import { connect } from 'node:net';
import { randomName } from './test-kafka';

const LEAVE_GROUP_KEY = 13;
const LEAVE_GROUP_VERSION = 1;

/**
 * Tells a group that its members are gone, as each of them would when it leaves in good order: specs that kill processes need not
 * wait until the broker misses the dead. One that lives is told at its next heartbeat and joins again. kafkajs cannot do it for others.
 */
export async function evictMembers(brokers: string[], group: string): Promise<void> {
  const admin = createKafka({ brokers, ssl: false }, randomName('spec')).admin();
  await admin.connect();
  const { groups } = await admin.describeGroups([group]).finally(() => admin.disconnect());
  const [host = '', port = ''] = (brokers[0] ?? '').split(':');
  for (const { memberId } of groups[0]?.members ?? []) await leave({ host, port: Number(port) }, group, memberId);
}

async function leave(address: { host: string; port: number }, group: string, memberId: string): Promise<void> {
  const head = Buffer.alloc(8);
  head.writeInt16BE(LEAVE_GROUP_KEY, 0);
  head.writeInt16BE(LEAVE_GROUP_VERSION, 2);
  const request = Buffer.concat([head, text('spec'), text(group), text(memberId)]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(request.length);
  await new Promise<void>((resolve, reject) => {
    const socket = connect(address, () => socket.write(Buffer.concat([size, request])));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`the broker did not answer that ${memberId} leaves ${group}`)));
    socket.once('data', () => {
      resolve();
      socket.destroy();
    });
  });
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeInt16BE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(value)]);
}
