import { DuckDBInstance } from '@duckdb/node-api';
import { AppError } from '@courier/kernel';

/** As the file's own footer says. */
export async function countParquetRows(file: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll('SELECT num_rows::DOUBLE FROM parquet_file_metadata($1)', [file]);
    return Number(reader.getRows()[0]?.[0]);
  } catch (cause) {
    throw new AppError('part_unreadable', 'It is no Parquet file, or a damaged one.', { cause });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
