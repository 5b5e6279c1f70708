import { Client } from 'pg';

/** One statement in the database of a running service, for causes that no interface can bring about. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
