import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';

/** A row as the database has it. */
export type Row = Readonly<Record<string, unknown>>;

/** Asks the database itself, past the service. */
export async function rowsOf(databaseUrl: string, sql: string): Promise<readonly Row[]> {
  if (databaseUrl.startsWith('sqlite:')) {
    const database = new DatabaseSync(databaseUrl.slice('sqlite:'.length), { readOnly: true });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Row>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

/** The uuids of the cards in a table, one for each row. */
export async function cardsIn(databaseUrl: string, table: 'feedback' | 'showing'): Promise<readonly string[]> {
  const rows = await rowsOf(databaseUrl, `SELECT card FROM ${table}`);
  return rows.map(({ card }) => String(card));
}
