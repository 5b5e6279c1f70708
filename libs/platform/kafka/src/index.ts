// The one door to kafkajs. Services do not use it: they send through the outbox and read through the intake of @courier/messaging.
export { cloudEventHeaders, decodeRecord, headerText, type CloudEventAttributes, type DecodedRecord } from './cloud-events';
export { createTopics } from './create-topics';
export { createKafka, type KafkaLog, type KafkaOptions } from './create-kafka';
export { publishEvent, type EventToPublish } from './publish-event';
export {
  ConfigResourceTypes,
  KafkaJSError,
  KafkaJSProtocolError,
  type Admin,
  type Batch,
  type Consumer,
  type EachBatchPayload,
  type Kafka,
  type KafkaMessage,
  type Producer,
} from 'kafkajs';
