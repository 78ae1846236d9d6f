import { FeedbackStoreError, type FeedbackStoreErrorReason } from '../feedback-store.ts';
import type { Database } from './database.ts';
import { createPause } from './pause.ts';
import { postgresFailureReason, withoutValues } from './postgres-failure.ts';
import { migratePostgres } from './postgres-migration.ts';
import { openPool, readPlace } from './postgres-pool.ts';
import { createWorkUnderWay } from './work-under-way.ts';

export interface PostgresDatabaseOptions {
  /** In milliseconds; a clock that nobody sets. */
  readonly clock: () => number;
  /** How long the server may not answer at the start, in milliseconds. */
  readonly patienceMs: number;
  /** How long a statement may take, in milliseconds, waiting for locks included. Default is 2,000. */
  readonly statementMs?: number | undefined;
}

/** Ten connections for each process: with PostgreSQL's default of a hundred there is room for nine processes. */
const CONNECTIONS = { durable: 5, quick: 4, probe: 1 } as const;
const STATEMENT_MS = 2000;
/** What the operator has chosen beyond it, such as waiting for a standby, is left as it is. */
const DURABLE =
  "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";
const QUICK = 'set synchronous_commit = off';

/**
 * A PostgreSQL server, for any number of processes. Connections are made within a second and statements end within two, unless more is
 * asked for, or fail. When the server does not answer, all is refused for a second; then one attempt finds out whether it does again.
 *
 * @throws {Error} if it cannot be used, with one sentence for the operator, without the password.
 */
export async function openPostgresDatabase(
  url: string,
  { clock, patienceMs, statementMs = STATEMENT_MS }: PostgresDatabaseOptions,
): Promise<Database> {
  await migratePostgres(url, readPlace(url), patienceMs);

  const durable = openPool(url, { max: CONNECTIONS.durable, statementMs, setUp: DURABLE });
  const quick = openPool(url, { max: CONNECTIONS.quick, statementMs, setUp: QUICK });
  // However many are writing, whether the server is there is found out all the same.
  const probe = openPool(url, { max: CONNECTIONS.probe, statementMs: STATEMENT_MS });
  const work = createWorkUnderWay();
  const pause = createPause({ asFailure, pausesAfter, clock });
  const run = <Result>(operation: () => Promise<Result>) => work.run(() => pause.run(operation));

  return {
    kind: 'postgres',
    write: (write) => run(() => durable.tables.transaction().execute(write)),
    writeQuickly: (write) => run(() => write(quick.tables)),
    read: (read) =>
      run(() =>
        durable.tables.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read),
      ),
    async isReachable() {
      try {
        await run(() => probe.tables.selectFrom('feedback').select('id').limit(1).execute());
        return true;
      } catch {
        return false;
      }
    },
    async close() {
      if (work.isClosed()) return;
      // A pool that is ended forgets those who wait for a connection: nobody may be waiting.
      await work.close();
      await Promise.all([durable.end(), quick.end(), probe.end()]);
    },
  };
}

function asFailure(error: unknown): FeedbackStoreError {
  if (error instanceof FeedbackStoreError) return error;
  return new FeedbackStoreError(postgresFailureReason(error), { cause: withoutValues(error) });
}

/** Of a server that answers, others may well get what one was refused. */
function pausesAfter(reason: FeedbackStoreErrorReason): boolean {
  return reason === 'unreachable';
}
