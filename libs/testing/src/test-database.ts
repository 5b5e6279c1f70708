import { Client } from 'pg';
import { randomName } from './test-kafka';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** An empty database with a random name on the PostgreSQL server of the integration ring. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env['TEST_POSTGRES_URL'];
  if (!adminUrl)
    throw new Error('TEST_POSTGRES_URL is not set: run the ring through npm test, or start tools/stack/infrastructure.mjs');
  const name = randomName('test').replaceAll('-', '_');
  await asAdmin(adminUrl, `CREATE DATABASE ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => asAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
