import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';
import { FeedbackStoreError } from '../../../src/feedback/feedback-store.ts';
import { createFeedbackStore } from '../../../src/feedback/store/append-feedback.ts';
import type { Database } from '../../../src/feedback/store/database.ts';
import { type OpenDatabaseOptions, openDatabase } from '../../../src/feedback/store/open-database.ts';
import { type DatabaseLink, linkTo } from '../../processes/database-link.ts';
import { type PostgresForTests, startPostgres } from '../../support/postgres.ts';
import { askPostgres } from '../../support/store.ts';
import { until } from '../../support/until.ts';
import { entry, received } from '../feedback-fixtures.ts';
import { refusal, refusalOf, stoppedClock } from './refusal.ts';

let server: PostgresForTests;
const opened: Database[] = [];
const links: DatabaseLink[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
  await Promise.all(links.splice(0).map((link) => link.close()));
});
afterAll(() => server.close());

async function open(url: string, options: OpenDatabaseOptions = {}): Promise<Database> {
  const database = await openDatabase(url, options);
  opened.push(database);
  return database;
}

/** The network to a database, to be cut in some way. */
async function linkedTo(url: string): Promise<DatabaseLink> {
  const made = await linkTo(url);
  links.push(made);
  return made;
}

async function sentence(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  if (!(thrown instanceof Error)) return 'nothing was thrown';
  // Nowhere in it is the password.
  const everything = [thrown.message, thrown.stack, String(thrown.cause), JSON.stringify(thrown.cause)].join(' ');
  expect(decodeURIComponent(everything.replaceAll('%', '%25'))).not.toMatch(/nobody may see|nobody%20may/);
  return thrown.message;
}

const reading = (database: Database) =>
  refusal(database.read((tables) => tables.selectFrom('feedback').select('id').execute()));
const quick = (database: Database) =>
  refusal(database.writeQuickly((tables) => tables.deleteFrom('used_jti').execute()));
const add = (database: Database, number: number) => refusalOf(createFeedbackStore(database), received([entry(number)]));

describe('at the start', () => {
  const changed = (url: string, change: (parts: URL) => void) => {
    const parts = new URL(url);
    change(parts);
    return parts.href;
  };

  test.each<[string, RegExp, (url: string) => string]>([
    [
      'a wrong password',
      /^The database test_\d+ at 127\.0\.0\.1:\d+ does not let the user postgres in\.$/,
      (url) => changed(url, (parts) => (parts.password = 'wrong')),
    ],
    [
      'a user whom nobody knows',
      /^The database test_\d+ at 127\.0\.0\.1:\d+ does not let the user nobody in\.$/,
      (url) => changed(url, (parts) => (parts.username = 'nobody')),
    ],
    [
      'a database that is not there',
      /^There is no database elsewhere at 127\.0\.0\.1:\d+\.$/,
      (url) => changed(url, (parts) => (parts.pathname = '/elsewhere')),
    ],
    [
      'a host that nobody knows',
      /^The host asps\.invalid of DATABASE_URL is not known\.$/,
      (url) => changed(url, (parts) => (parts.hostname = 'asps.invalid')),
    ],
    [
      'a server without TLS, when it is asked for',
      /^The database test_\d+ at 127\.0\.0\.1:\d+ cannot be used: The server does not support SSL connections\.$/,
      (url) => `${url}?sslmode=verify-full`,
    ],
    ['no URL', /^DATABASE_URL is not the URL of a PostgreSQL database\.$/, (url) => url.replace('127.0.0.1', '[::')],
  ])('%s is told in one sentence, at once', async (_what, expected, change) => {
    expect(
      await sentence(open(change(await server.createDatabase()), { patienceMs: Number.POSITIVE_INFINITY })),
    ).toMatch(expected);
  });

  test('tables of another application are left alone', async () => {
    const url = await server.createDatabase();
    await askPostgres(url, 'create table feedback (stars integer)');
    expect(await sentence(open(url))).toMatch(
      /cannot be used: the schema public holds tables of another application\.$/,
    );
    expect(await askPostgres(url, "select tablename from pg_tables where schemaname = 'public'")).toEqual([
      { tablename: 'feedback' },
    ]);
  });

  test('a user who may not make tables is told so', async () => {
    const url = await server.createDatabase();
    await askPostgres(url, "create role reader login password 'reads'");
    const asReader = changed(url, (parts) => {
      parts.username = 'reader';
      parts.password = 'reads';
    });
    expect(await sentence(open(asReader))).toMatch(/does not let the user reader make tables\.$/);
  });

  test('two services may share a database, each in a schema of its own, as its user says', async () => {
    const url = await server.createDatabase();
    const makeSite = (site: string) =>
      askPostgres(url, `create role ${site} login password '${site}'; create schema authorization ${site}`);
    await makeSite('north');
    await makeSite('south');
    const as = (site: string) =>
      open(
        changed(url, (parts) => {
          parts.username = site;
          parts.password = site;
        }),
      );
    const [north, south] = [await as('north'), await as('south')];
    expect([await add(north, 1), await add(south, 2), await add(south, 3)]).toEqual(['kept', 'kept', 'kept']);
    expect(
      await askPostgres(
        url,
        'select (select count(*) from north.feedback) as n, (select count(*) from south.feedback) as s',
      ),
    ).toEqual([{ n: 1, s: 2 }]);
  });

  test('a server that is not there yet is waited for', async () => {
    const url = await server.createDatabase();
    await server.stop();
    const opening = open(url, { patienceMs: Number.POSITIVE_INFINITY });
    await server.restart();
    expect(await (await opening).isReachable()).toBe(true);
  });

  test('but not for ever', async () => {
    const url = await server.createDatabase();
    await server.stop();
    const said = await sentence(open(url, { patienceMs: 0 }));
    await server.restart();
    expect(said).toMatch(/^The database test_\d+ at 127\.0\.0\.1:\d+ does not answer\.$/);
  });
});

describe('while it runs', () => {
  test.each<[string, (to: PostgresForTests) => Promise<void>]>([
    ['is stopped', (to) => to.stop()],
    ['is killed', (to) => to.kill()],
  ])('the server %s: all is refused, at once for a second, and goes on as soon as it is back', async (_how, end) => {
    const { clock, pass } = stoppedClock();
    const database = await open(await server.createDatabase(), { clock });
    expect([await add(database, 1), await quick(database), await reading(database)]).toEqual(['kept', 'kept', 'kept']);
    await end(server);

    expect(await add(database, 2)).toBe('unreachable');
    expect([await quick(database), await reading(database), await database.isReachable()]).toEqual([
      'unreachable',
      'unreachable',
      false,
    ]);
    await server.restart();
    // It would take it; but it is not even asked, so that not each of those who wait waits for a server that does not answer.
    pass(999);
    expect(await add(database, 2)).toBe('unreachable');
    pass(1);
    expect([await add(database, 2), await quick(database), await reading(database)]).toEqual(['kept', 'kept', 'kept']);
    expect(await database.isReachable()).toBe(true);
  });

  test('those who come while one attempt finds out whether it is back are refused at once', async () => {
    const { clock, pass } = stoppedClock();
    const database = await open(await server.createDatabase(), { clock });
    await server.stop();
    expect(await add(database, 1)).toBe('unreachable');
    await server.restart();
    pass(1000);
    expect(await Promise.all([add(database, 1), add(database, 2), reading(database)])).toEqual([
      'kept',
      'unreachable',
      'unreachable',
    ]);
  });

  test('connections that are ended while they are idle, or in use, harm nobody but whoever was using them', async () => {
    const { clock, pass } = stoppedClock();
    const url = await server.createDatabase();
    const database = await open(url, { clock });
    await Promise.all([1, 2, 3].map((number) => add(database, number)));
    const end =
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    await askPostgres(url, end);
    const held = await refusal(
      database.write(async (transaction) => {
        await sql`select 1`.execute(transaction);
        await askPostgres(url, end);
        await sql`select 1`.execute(transaction);
      }),
    );
    expect(held).toBe('unreachable');
    pass(1000);
    expect(await add(database, 4)).toBe('kept');
  });

  test('transactions that fail, more than there are connections, do not use them up', async () => {
    const database = await open(await server.createDatabase());
    const failing = Array.from({ length: 30 }, () =>
      refusal(database.write((transaction) => sql`select 1 / 0`.execute(transaction))),
    );
    expect(new Set(await Promise.all(failing))).toEqual(new Set(['other']));
    const quitting = Array.from({ length: 30 }, () =>
      refusal(
        database.write(async () => {
          throw new FeedbackStoreError('quota');
        }),
      ),
    );
    expect(new Set(await Promise.all(quitting))).toEqual(new Set(['quota']));
    expect(await add(database, 1)).toBe('kept');
  });

  test('what waits for a lock for too long is refused, and then kept', async () => {
    const url = await server.createDatabase();
    const database = await open(url);
    const other = new Client(url);
    await other.connect();
    await other.query('begin; lock table feedback in exclusive mode');
    expect(await add(database, 1)).toBe('locked');
    await other.end();
    expect(await add(database, 1)).toBe('kept');
    expect(await askPostgres(url, 'select count(*) as n from feedback')).toEqual([{ n: 1 }]);
  });

  test('a server that takes connections and never says a word is given up', async () => {
    const url = await server.createDatabase();
    const network = await linkedTo(url);
    const database = await open(network.url);
    expect(await add(database, 1)).toBe('kept');
    network.block();
    expect(await add(database, 2)).toBe('unreachable');
    expect([await add(database, 3), await database.isReachable()]).toEqual(['unreachable', false]);
    expect(await askPostgres(url, 'select count(*) as n from feedback')).toEqual([{ n: 1 }]);
  });

  test('connections on which nothing comes any more are replaced, those that were idle as well', async () => {
    const { clock, pass } = stoppedClock();
    const network = await linkedTo(await server.createDatabase());
    const database = await open(network.url, { clock });
    const attempts: [string, () => Promise<string>][] = [
      ['write', () => refusal(database.write((transaction) => sql`select 1`.execute(transaction)))],
      ['write quickly', () => quick(database)],
      ['probe', async () => ((await database.isReachable()) ? 'kept' : 'unreachable')],
    ];
    for (const [how, attempt] of attempts) {
      // oxlint-disable-next-line no-await-in-loop -- more than one connection of a kind
      const before = await Promise.all([attempt(), attempt(), attempt()]);
      network.forget();
      // oxlint-disable-next-line no-await-in-loop -- in this order
      const after = await attempt();
      pass(1000);
      // oxlint-disable-next-line no-await-in-loop -- in this order
      const then = await attempt();
      expect([how, before, after, then]).toEqual([how, ['kept', 'kept', 'kept'], 'unreachable', 'kept']);
    }
  });

  test('a connection that goes silent in a transaction is given up, and so is the transaction', async () => {
    const { clock, pass } = stoppedClock();
    const network = await linkedTo(await server.createDatabase());
    const database = await open(network.url, { clock });
    const cut = await refusal(
      database.write(async (transaction) => {
        await sql`select 1`.execute(transaction);
        network.forget();
        await sql`select 1`.execute(transaction);
      }),
    );
    pass(1000);
    expect([cut, await add(database, 1)]).toEqual(['unreachable', 'kept']);
  });

  test('when all connections are in use, those who wait too long are refused, and nobody else is', async () => {
    const { clock } = stoppedClock();
    const database = await open(await server.createDatabase(), { clock });
    const over = Promise.withResolvers<void>();
    const writers = Array.from({ length: 10 }, () => refusal(database.write(() => over.promise)));
    expect(await Promise.race(writers)).toBe('locked');
    const meanwhile = [await database.isReachable(), await quick(database)];
    over.resolve();
    expect(meanwhile).toEqual([true, 'kept']);
    expect((await Promise.all(writers)).filter((outcome) => outcome === 'kept').length).toBeGreaterThan(1);
    expect(await add(database, 1)).toBe('kept');
  });

  test('a client’s feedback does not wait for the commit of its feedback of before', async () => {
    const url = await server.createDatabase();
    const database = await open(url);
    await askPostgres(
      url,
      `create function wait() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock(1); return null; end';
       create constraint trigger wait after insert on feedback deferrable initially deferred for each row
       when (new.card = '${entry(1).card}') execute function wait()`,
    );
    const other = new Client(url);
    await other.connect();
    await other.query('select pg_advisory_lock(1)');
    const slow = add(database, 1);
    const isWaiting = async () => (await askPostgres(url, 'select 1 from pg_locks where not granted')).length > 0;
    await until('it commits', isWaiting);
    const swift = await add(database, 2);
    await other.end();
    expect([swift, await slow]).toEqual(['kept', 'kept']);
    expect(await askPostgres(url, 'select entries from received')).toEqual([{ entries: 2 }]);
  });

  test('the same entries in another order, at the same time, do not wait for each other', async () => {
    const url = await server.createDatabase();
    const database = await open(url);
    await askPostgres(
      url,
      `create function linger() returns trigger language plpgsql as 'begin perform pg_sleep(0.1); return new; end';
       create trigger linger before insert on feedback for each row execute function linger()`,
    );
    const entries = [1, 2, 3, 4].map((number) => entry(number));
    const append = (some: typeof entries) => refusalOf(createFeedbackStore(database), received(some));
    expect(await Promise.all([append(entries), append(entries.toReversed())])).toEqual(['kept', 'kept']);
    expect(await askPostgres(url, 'select count(*) as n from feedback')).toEqual([{ n: 4 }]);
  });

  test('a statement may take as long as whoever opens it says', async () => {
    const url = await server.createDatabase();
    const outcomes = [200, 60_000].map(async (statementMs) => {
      const database = await open(url, { statementMs });
      return refusal(database.write((transaction) => sql`select pg_sleep(2.5)`.execute(transaction)));
    });
    expect(await Promise.all(outcomes)).toEqual(['locked', 'kept']);
  });

  test('a database that may not be written is told from one that is away', async () => {
    const url = await server.createDatabase();
    await (await open(url)).close();
    // The tables are there already: what is done at the start needs no writing.
    const database = await open(`${url}?options=-c%20default_transaction_read_only%3Don`);
    expect(await add(database, 1)).toBe('read-only');
    expect(await database.isReachable()).toBe(true);
  });

  test('what is written durably is waited for until it is on disk, what is written quickly is not', async () => {
    const database = await open(await server.createDatabase());
    const setting = sql<{ readonly value: string }>`select current_setting('synchronous_commit') as value`;
    const durable = await database.write((transaction) => setting.execute(transaction));
    const quickly = await database.writeQuickly((tables) => setting.execute(tables));
    expect([durable.rows, quickly.rows]).toEqual([[{ value: 'on' }], [{ value: 'off' }]]);
  });

  test('durably it is also where the server itself would not wait', async () => {
    const url = await server.createDatabase();
    await askPostgres(url, `alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`);
    const database = await open(url);
    const { rows } = await database.write((transaction) =>
      sql`select current_setting('synchronous_commit') as value`.execute(transaction),
    );
    expect(rows).toEqual([{ value: 'on' }]);
  });

  test('what is read in one go is of one moment', async () => {
    const database = await open(await server.createDatabase());
    await database.read(async (tables) => {
      const count = () => tables.selectFrom('feedback').select('id').execute();
      expect(await count()).toEqual([]);
      expect(await add(database, 1)).toBe('kept');
      expect(await count()).toEqual([]);
    });
  });

  test('closing it waits for what is under way, refuses what comes, and can be done twice', async () => {
    const url = await server.createDatabase();
    const database = await open(url);
    // More than there are connections: some are still waiting for one.
    const under = Array.from({ length: 20 }, (_, number) => add(database, number));
    await database.close();
    await database.close();
    expect(new Set(await Promise.all(under))).toEqual(new Set(['kept']));
    expect([await add(database, 21), await database.isReachable()]).toEqual(['closed', false]);
    expect(
      await askPostgres(
        url,
        "select count(*) as n from pg_stat_activity where application_name = 'asps-cds-hooks' and datname = current_database()",
      ),
    ).toEqual([{ n: 0 }]);
  });
});

test('who keeps things in a file loads nothing of PostgreSQL’s', () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  const module = (name: string) =>
    JSON.stringify(fileURLToPath(new URL(`../../../src/feedback/store/${name}`, import.meta.url)));
  const script = `
    import { createRequire } from 'node:module';
    const { cache } = createRequire(${module('open-database.ts')});
    const isLoaded = () => Object.keys(cache).some((file) => file.includes('/node_modules/pg/'));
    const { openDatabase } = await import(${module('open-database.ts')});
    await (await openDatabase('sqlite:store.db')).close();
    const before = isLoaded();
    await import(${module('postgres-database.ts')});
    process.stdout.write(JSON.stringify([before, isLoaded()]));`;
  try {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toBe('[false,true]');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
