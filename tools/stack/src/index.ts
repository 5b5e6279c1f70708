export { startInfrastructure, type Infrastructure, type InfrastructureName } from './infrastructure';
export { reservePort, type ReservedPort } from './ports';
export { serviceNames, simulatedAccount, type ServiceName } from './service-definitions';
export { Stack, startStack, type StackOptions } from './stack';
export type { StackFile } from './stack-file';
export { mintToken, type Role, type TokenSubject } from './token';
export { javaEnvironment, javaProgram, stackDir, workspaceRoot } from './workspace';
