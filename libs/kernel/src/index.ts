export { AppError, type AppErrorOptions } from './app-error';
export { systemClock, type Clock } from './clock';
export { derivedId, newId } from './ids';
export { isoInstant } from './iso-time';
export {
  defineMessage,
  type MessageData,
  type MessageDefinition,
  type MessageIssue,
  type MessageSchema,
} from './message-definition';
export { nextVersion } from './next-version';
