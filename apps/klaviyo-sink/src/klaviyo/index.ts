export type { KlaviyoAccountRef } from './account';
export { isPassing, type Answer, type CredentialProblem, type InvalidEntry, type PassingFailure } from './answer';
export { hasEnded, type ImportError, type ImportJob } from './import-job';
export { KlaviyoApi, type Credential, type KlaviyoList, type KlaviyoPage, type ListPage } from './klaviyo-api';
export { KlaviyoTransport } from './transport';
