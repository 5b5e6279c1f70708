// Deviations from the first sketch of this API: problem()'s fourth argument is the remedy or { remedy, errors, headers }.
// Beside it: @ZodBody(schema) and @ZodQuery(schema) parse like new ZodPipe(schema) and put the schema into the OpenAPI document,
// @Operation(summary, { 201: schema }) documents the answers, encodeCursor/decodeCursor/toPage serve lists.
export { AccessGuard } from './auth/access-guard';
export { CurrentUser, Public, Roles, roles, type Actor, type Role, type User } from './auth/roles';
export { TokenVerifier, type TokenVerdict } from './auth/token-verifier';
export type { ReadinessCheck } from './health/readiness';
export { HttpModule, type HttpOptions } from './http.module';
export { decodeCursor, encodeCursor, invalidCursor, parseCursor, toPage, type Cursor } from './input/cursor';
export { PreferredWaitMs } from './input/prefer-wait';
export { storableText } from './input/storable-text';
export { ZodBody, ZodQuery } from './input/zod-input';
export { ZodPipe } from './input/zod-pipe';
export { Operation } from './openapi/operation';
export { describeApi } from './openapi/describe-api';
export { type ApiDescription } from './openapi/document';
export { setupHttp } from './openapi/setup-http';
export { problem, ProblemError, type ProblemIssue, type ProblemMore } from './problem';
export { Fingerprints } from './repeat/fingerprints';
export { entityTag, versionDiffers, Write, type WriteRequest } from './repeat/write-request';
export { type AuthSettings } from '@courier/config';
