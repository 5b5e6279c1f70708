export { attentionFor } from './attention';
export { CheckConnection } from './check-connection';
export { ConnectionStore, type RunRef } from './connection-store';
export { TellWaiting } from './tell-waiting';
export { UseCredential, type OpenedCredential } from './use-credential';
