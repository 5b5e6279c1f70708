import { describe, expect, it } from '@jest/globals';
import { createKafka } from './create-kafka';

const nowhere = { brokers: ['127.0.0.1:1'], ssl: false };

describe('createKafka', () => {
  it("hands on the level and the text of kafkajs' log and nothing of its fields", () => {
    const lines: unknown[][] = [];
    const logger = createKafka(nowhere, 'spec', { log: (...line) => lines.push(line) }).logger();
    logger.error('one', { value: 'payload' });
    logger.warn('two', { value: 'payload' });
    logger.info('three');
    expect(lines).toEqual([
      ['error', 'one'],
      ['warning', 'two'],
    ]);
  });
});
