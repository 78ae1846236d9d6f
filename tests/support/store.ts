import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from '@jest/globals';
import { Client, types } from 'pg';
import type { Database } from '../../src/feedback/store/database.ts';
import { type OpenDatabaseOptions, openDatabase } from '../../src/feedback/store/open-database.ts';
import { type PostgresForTests, startPostgres } from './postgres.ts';

/** One of the two databases, another empty one for each test. */
export interface StoreForTests {
  readonly kind: Database['kind'];
  /** What DATABASE_URL says. */
  readonly url: () => string;
  /** Opens it, as often as a test likes; closed after the test. */
  open(options?: OpenDatabaseOptions): Promise<Database>;
  /** Reads or changes it past the store, as another program would. */
  sql(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** The same tests against both databases: an SQLite file, and a PostgreSQL server that is started for them. */
export function eachStore(name: string, tests: (store: StoreForTests) => void): void {
  describe(`${name}, in SQLite`, () => {
    tests(sqliteForTests());
  });
  describe(`${name}, in PostgreSQL`, () => {
    tests(postgresForTests());
  });
}

function sqliteForTests(): StoreForTests {
  let folder = '';
  const file = () => join(folder, 'asps-cds.db');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'store-'));
  });
  const open = openForTests(() => rmSync(folder, { recursive: true, force: true }));
  return {
    kind: 'sqlite',
    url: () => `sqlite:${file()}`,
    open: (options) => open(`sqlite:${file()}`, options),
    async sql(statement) {
      const database = new DatabaseSync(file());
      try {
        return database
          .prepare(statement)
          .all()
          .map((row) => ({ ...row }));
      } finally {
        database.close();
      }
    },
  };
}

function postgresForTests(): StoreForTests {
  let server: PostgresForTests | undefined;
  let url = '';
  beforeAll(async () => {
    server = await startPostgres();
  });
  beforeEach(async () => {
    url = (await server?.createDatabase()) ?? '';
  });
  afterAll(() => server?.close());
  const open = openForTests(() => {});
  return {
    kind: 'postgres',
    url: () => url,
    open: (options) => open(url, options),
    sql: (statement) => askPostgres(url, statement),
  };
}

/** Asks past the store. Whole numbers are numbers. */
export async function askPostgres(
  url: string,
  statement: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({
    connectionString: url,
    types: {
      getTypeParser: (type, format) => (type === types.builtins.INT8 ? Number : types.getTypeParser(type, format)),
    },
  });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

function openForTests(cleanUp: () => void): (url: string, options?: OpenDatabaseOptions) => Promise<Database> {
  const opened: Database[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    cleanUp();
  });
  return async (url, options) => {
    const database = await openDatabase(url, options);
    opened.push(database);
    return database;
  };
}
