import type { EntityManager } from 'typeorm';

/** TypeORM types a raw query as any and answers UPDATE and DELETE with [rows, count]; both are put right here, once. */
export async function select<Row>(manager: EntityManager, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  const rows: Row[] = await manager.query(sql, parameters);
  return rows;
}

/** Rows that the UPDATE returned. */
export async function update<Row>(manager: EntityManager, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  const [rows]: [Row[], number] = await manager.query(sql, parameters);
  return rows;
}

/** How many rows the UPDATE changed. */
export async function change(manager: EntityManager, sql: string, parameters: unknown[] = []): Promise<number> {
  const [, count]: [unknown[], number] = await manager.query(sql, parameters);
  return count;
}
