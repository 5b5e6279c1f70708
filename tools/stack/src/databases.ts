import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { writeSecret } from './secret-file';

/**
 * One database for each service, owned by a role of its own that can enter no other. Returns the URLs by service; the passwords
 * are made once for each stack folder.
 */
export async function ensureDatabases(
  dir: string,
  adminUrl: string,
  services: readonly string[],
): Promise<Record<string, string>> {
  const passwords = passwordsFor(join(dir, 'keys', 'database-passwords.json'), services);
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const urls: Record<string, string> = {};
    for (const service of services) {
      const name = service.replaceAll('-', '_');
      const password = passwords[service] ?? '';
      await ensureDatabase(admin, name, password);
      urls[service] = Object.assign(new URL(adminUrl), { username: name, password, pathname: `/${name}` }).href;
    }
    return urls;
  } finally {
    await admin.end();
  }
}

async function ensureDatabase(admin: Client, name: string, password: string): Promise<void> {
  const identifier = admin.escapeIdentifier(name);
  const { rowCount: roles } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  if (roles === 0) await admin.query(`CREATE ROLE ${identifier} LOGIN`);
  await admin.query(`ALTER ROLE ${identifier} PASSWORD ${admin.escapeLiteral(password)}`);
  const { rowCount: databases } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (databases === 0) await admin.query(`CREATE DATABASE ${identifier} OWNER ${identifier}`);
  await admin.query(`REVOKE ALL ON DATABASE ${identifier} FROM PUBLIC`);
}

function passwordsFor(file: string, services: readonly string[]): Record<string, string> {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const all = Object.fromEntries(services.map((service) => [service, kept[service] ?? randomBytes(24).toString('hex')]));
  writeSecret(file, JSON.stringify({ ...kept, ...all }));
  return all;
}
