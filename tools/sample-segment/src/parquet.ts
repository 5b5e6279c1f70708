import { DuckDBInstance } from '@duckdb/node-api';
import { columns } from './columns';

const types: Record<(typeof columns)[number]['dataType'], string> = {
  string: 'VARCHAR',
  int64: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  dateTime: 'TIMESTAMPTZ',
};

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Turns NDJSON lines into Parquet with the types of the columns, in the same order. */
export async function parquetOf(ndjson: string, target: string): Promise<void> {
  const typed = columns.map(({ name, dataType }) => `${name}: '${types[dataType]}'`).join(', ');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(
      `COPY (SELECT * FROM read_json(${quoted(ndjson)}, format = 'newline_delimited', columns = {${typed}}))
        TO ${quoted(target)} (FORMAT parquet)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
