import { type CreateTableBuilder, type Expression, sql } from 'kysely';
import type { Database } from '../database.ts';

type EndOfTable = <Table extends string, Columns extends string>(
  table: CreateTableBuilder<Table, Columns>,
) => CreateTableBuilder<Table, Columns>;

/** What differs between the databases in the making of tables. */
export interface ColumnTypes {
  /** Compared byte by byte, in PostgreSQL too, whatever the language of its database is: times and keys have one order everywhere. */
  readonly text: 'text' | Expression<unknown>;
  /** Whole numbers up to 2^53. */
  readonly count: 'integer' | 'bigint';
  /** The end of a table: SQLite keeps to the types of the columns only if it is told to. */
  readonly strict: EndOfTable;
  /** The same for tables that are their own index. */
  readonly strictByKey: EndOfTable;
}

export function columnTypes(kind: Database['kind']): ColumnTypes {
  return kind === 'sqlite'
    ? {
        text: 'text',
        count: 'integer',
        strict: (table) => table.modifyEnd(sql`strict`),
        strictByKey: (table) => table.modifyEnd(sql`strict, without rowid`),
      }
    : { text: sql`text collate "C"`, count: 'bigint', strict: (table) => table, strictByKey: (table) => table };
}
