import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { postgresFailureReason } from './postgres-failure.ts';

/** pg's own words for a statement to which the server said nothing in time, not even that it gives it up. */
const SILENCE = 'Query read timeout';

/**
 * A pool that takes no connection back that failed. pg itself takes one for good as long as nobody has ended it: one that a firewall has
 * forgotten, which tells neither side, fails each statement after the other. When a connection goes silent, those that nobody uses at that
 * moment are given up as well: they are likely to be as dead, and each would keep somebody waiting to find out.
 */
export function watchPool(pool: Pool): PostgresPool {
  const idle = new Set<PoolClient>();
  const givenUp = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => idle.delete(client));
  pool.on('release', (_error, client) => idle.add(client));
  pool.on('remove', (client) => idle.delete(client));

  const onFailure = (client: PoolClient, error: unknown) => {
    if (!(error instanceof Error) || error.message !== SILENCE) return;
    for (const each of [client, ...idle]) {
      givenUp.add(each);
      each.connection.stream.destroy();
    }
  };

  return {
    async connect() {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- the one before it is of no use
        const client = await pool.connect();
        if (!givenUp.has(client)) return new WatchedClient(client, onFailure);
        // Its end takes a moment to be seen by the pool.
        client.release(true);
      }
    },
    end: () => pool.end(),
    options: pool.options,
  };
}

class WatchedClient implements PostgresPoolClient {
  readonly #client: PoolClient;
  readonly #onFailure: (client: PoolClient, error: unknown) => void;
  #failure: { readonly error: unknown } | undefined;

  constructor(client: PoolClient, onFailure: (client: PoolClient, error: unknown) => void) {
    this.#client = client;
    this.#onFailure = onFailure;
  }

  query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  query(sql: string | PostgresCursor<unknown>, parameters: readonly unknown[] = []): unknown {
    if (typeof sql !== 'string') throw new TypeError('No cursor is used here.');
    return this.#ask(sql, parameters);
  }

  release(destroy = false): void {
    this.#client.release(destroy || this.#failure !== undefined);
  }

  async #ask(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    // To roll back what it was at would be waited for in vain.
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      return await this.#client.query(sql, [...parameters]);
    } catch (error) {
      if (postgresFailureReason(error) === 'unreachable') {
        this.#failure = { error };
        this.#onFailure(this.#client, error);
      }
      throw error;
    }
  }
}
