// Kafka and PostgreSQL that stay up for the integration specs, so that each run of them starts warm:
//   npm run -s infrastructure
// prints two exports for the shell in which the specs will run, and stops on Ctrl-C.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltInfrastructure } from './integration-infrastructure.mjs';

const dir = mkdtempSync(join(tmpdir(), 'courier-infrastructure-'));
const infrastructure = await startBuiltInfrastructure(dir);
console.log(`export TEST_KAFKA_BROKERS=${infrastructure.kafkaBrokers}`);
console.log(`export TEST_POSTGRES_URL=${infrastructure.postgresAdminUrl}`);

let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  await infrastructure.stop();
  rmSync(dir, { recursive: true, force: true });
  process.exit(0);
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
