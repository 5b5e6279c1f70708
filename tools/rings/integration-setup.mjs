import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltInfrastructure } from '../stack/integration-infrastructure.mjs';

/** Jest's globalSetup of the integration ring: one Kafka and one PostgreSQL for all specs, unless the environment names some. */
export default async function setUp() {
  if (process.env.TEST_KAFKA_BROKERS && process.env.TEST_POSTGRES_URL) return;
  const dir = mkdtempSync(join(tmpdir(), 'courier-integration-'));
  const infrastructure = await startBuiltInfrastructure(dir);
  process.env.TEST_KAFKA_BROKERS = infrastructure.kafkaBrokers;
  process.env.TEST_POSTGRES_URL = infrastructure.postgresAdminUrl;
  globalThis.stopIntegrationInfrastructure = async () => {
    await infrastructure.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
