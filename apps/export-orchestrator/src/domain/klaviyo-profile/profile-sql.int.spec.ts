import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { profileJsonSql, warningCountSql, type BoundField } from './profile-sql';

describe('the SQL of a profile', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
    // A tenth of what DuckDB allows: what grows with the mapping would show long before a mapping is as wide as it may be.
    await connection.run('SET max_expression_depth = 100');
  });
  afterAll(() => connection.closeSync());

  const fields = Array.from({ length: 300 }, (_, at): BoundField => {
    const names = { raw: 'raw', trimmed: 'trimmed', json: 'json', value: at === 7 ? 'value' : 'none' };
    return {
      group: at % 2 ? 'properties' : 'location',
      name: `n${at}`,
      column: `c${at}`,
      rule: 'property',
      type: 'number',
      ...names,
    };
  });

  it('does not nest deeper with each field', async () => {
    const reader = await connection.runAndReadAll(
      `SELECT ${profileJsonSql('identifier', fields)}, ${warningCountSql('property_invalid', fields)}
        FROM (SELECT 'a@x.de' AS identifier, 'x' AS raw, 'x' AS trimmed, NULL AS json, '5' AS value, NULL::VARCHAR AS none)`,
    );
    expect(reader.getRows()).toEqual([['{"type":"profile","attributes":{"email":"a@x.de","properties":{"n7":5}}}', 299]]);
  });
});
