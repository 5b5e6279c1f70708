import type { Kafka } from 'kafkajs';
import { type CloudEventAttributes, cloudEventHeaders } from './cloud-events';

export interface EventToPublish {
  topic: string;
  key: string;
  attributes: CloudEventAttributes;
  data: unknown;
  /** Beside those of CloudEvents. */
  headers?: Record<string, string>;
}

/** Sends one CloudEvent with a producer of its own, as upstream does; resolves when every in-sync replica has it. */
export async function publishEvent(kafka: Kafka, { topic, key, attributes, data, headers }: EventToPublish): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  try {
    await producer.connect();
    const message = { key, value: JSON.stringify(data), headers: { ...cloudEventHeaders(attributes), ...headers } };
    await producer.send({ topic, acks: -1, messages: [message] });
  } finally {
    await producer.disconnect();
  }
}
