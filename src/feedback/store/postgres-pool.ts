import { Kysely, PostgresDialect } from 'kysely';
import { Client, Pool, types } from 'pg';
import type { Tables } from './tables.ts';
import { watchPool } from './watched-pool.ts';

/** Where a database is, for messages: without the password. */
export interface PostgresPlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

export interface PostgresPoolOptions {
  readonly max: number;
  /** How long a statement may take, in milliseconds, waiting for locks included. */
  readonly statementMs: number;
  /** Run in each connection before anything else. */
  readonly setUp?: string;
}

export interface PostgresTables {
  readonly tables: Kysely<Tables>;
  end(): Promise<void>;
}

/** To make a connection, or to wait for one that is free. */
const CONNECT_MS = 1000;
/** The server gives up first, and says why; only when it cannot say it any more do we. */
const SERVER_FIRST_MS = 250;
const { INT8, NUMERIC } = types.builtins;

/** @throws {Error} if it is not the URL of a database, with one sentence that says nothing of what is in it. */
export function readPlace(url: string): PostgresPlace {
  try {
    const { host, port, database = '', user = '' } = new Client({ connectionString: url });
    return { host, port, database, user };
  } catch {
    // The error holds the URL, and the URL the password.
    throw new Error('DATABASE_URL is not the URL of a PostgreSQL database.');
  }
}

/** A pool of connections that makes them as they are needed. Nothing on it waits for ever. */
export function openPool(url: string, { max, statementMs, setUp }: PostgresPoolOptions): PostgresTables {
  const pool = new Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: statementMs,
    query_timeout: statementMs + SERVER_FIRST_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    fallback_application_name: 'asps-cds-hooks',
    types: {
      // Counts and sums of them are what there is of these, and stay below 2^53.
      getTypeParser: (type, format) => (type === INT8 || type === NUMERIC ? Number : types.getTypeParser(type, format)),
    },
    ...(setUp === undefined
      ? {}
      : {
          onConnect: async (client) => {
            await client.query(setUp);
          },
        }),
  });
  // A connection that ends while nobody uses it is replaced by the next that is needed; one that is in use fails whoever uses it.
  const ignore = () => {};
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  const dialect = new PostgresDialect({ pool: watchPool(pool) });
  return { tables: new Kysely<Tables>({ dialect }), end: () => pool.end() };
}
