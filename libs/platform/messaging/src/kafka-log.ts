import type { KafkaLog } from '@courier/kafka';
import { Logger } from '@nestjs/common';

const logger = new Logger('kafkajs');

/** What kafkajs calls an error it tries again by itself. */
export const kafkaLog: KafkaLog = (level, message) => (level === 'error' ? logger.warn(message) : logger.debug(message));
