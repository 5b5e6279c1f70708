export { ExportsModule } from './exports.module';
export { ExportsRepository } from './exports.repository';
export type { KnownExport } from './known-export';
