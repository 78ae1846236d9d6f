import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { createFeedbackStore } from '../../../src/feedback/store/append-feedback.ts';
import { openDatabase } from '../../../src/feedback/store/open-database.ts';
import { eachStore } from '../../support/store.ts';
import { until } from '../../support/until.ts';
import { entry, received } from '../feedback-fixtures.ts';

const CLI = fileURLToPath(new URL('../../../src/feedback/store-cli/store.ts', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(url: string, ...args: readonly string[]) {
  const env = { ...process.env, DATABASE_URL: url };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { env, encoding: 'utf8' });
  expect(`${stdout}${stderr}`).not.toMatch(/nobody( |%20)may/);
  return { status, said: `${stdout}${stderr}`.trim() };
}

eachStore('npm run store', (store) => {
  const feedback = async (client: string, day: string, number: number) => {
    const database = await store.open();
    const receivedAt = new Date(`${day}T10:00:00Z`);
    await createFeedbackStore(database).append(received([entry(number)], { client, receivedAt }));
    return database;
  };

  test('info: what is in it, while the service runs', async () => {
    await feedback('a', '2026-11-22', 1);
    const { status, said } = run(store.url(), 'info');
    expect(status).toBe(0);
    expect(said.split('\n')).toEqual([
      expect.stringMatching(
        store.kind === 'sqlite' ? /^SQLite: \/.+\.db$/ : /^PostgreSQL: test_\d+ at 127\.0\.0\.1:\d+$/,
      ),
      'migrations: 0001-feedback, 0002-showings',
      expect.stringMatching(/^size: [\d,]+ KiB$/),
      'feedback: 1',
      'feedback_comment: 0',
      'showing: 0',
      'tally: 0',
      'used_jti: 0',
      'instance: 0',
    ]);
  });

  test('check: is it whole?', async () => {
    await feedback('a', '2026-11-22', 1);
    const { status, said } = run(store.url(), 'check');
    expect([status, said]).toEqual([
      0,
      expect.stringMatching(store.kind === 'sqlite' ? /: it is whole\.$/ : /pg_amcheck/),
    ]);
  });

  test('delete: says how much it would be, and does it only with --yes', async () => {
    await feedback('a', '2026-11-21', 1);
    await feedback('a', '2026-11-22', 2);
    await feedback('b', '2026-11-21', 3);
    const would = run(store.url(), 'delete', '--before', '2026-11-22');
    expect(would).toEqual({
      status: 0,
      said: 'This would delete 2 entries of feedback, 0 showings and 0 tallies. Nothing was deleted; to do it, add --yes.',
    });
    expect(await store.sql('select id from feedback')).toHaveLength(3);

    expect(run(store.url(), 'delete', '--before', '2026-11-22', '--client', 'b', '--yes').status).toBe(0);
    expect(await store.sql('select client from feedback order by id')).toEqual([{ client: 'a' }, { client: 'a' }]);
    expect(run(store.url(), 'delete', '--client', 'a', '--yes').said).toBe(
      'Deleted: 2 entries of feedback, 0 showings and 0 tallies.',
    );
    expect(await store.sql('select id from feedback')).toEqual([]);
  });

  test('delete without --yes leaves the tables as they are, be they of an earlier version, or none', async () => {
    await store.open();
    const names = async () =>
      store.kind === 'sqlite'
        ? store.sql("select name from sqlite_schema where type = 'table' order by name")
        : store.sql("select tablename as name from pg_tables where schemaname = 'public' order by 1");
    await store.sql('drop table tally');
    const before = await names();
    const said =
      'This would delete 0 entries of feedback, 0 showings and 0 tallies. Nothing was deleted; to do it, add --yes.';
    expect(run(store.url(), 'delete', '--client', 'a')).toEqual({ status: 0, said });
    await store.sql("delete from asps_cds_migration where name like '0002%'");
    await store.sql('drop table instance');
    expect(run(store.url(), 'delete', '--client', 'a')).toEqual({ status: 0, said });
    expect(await names()).toEqual(before.filter(({ name }) => name !== 'instance'));
  });

  if (store.kind === 'postgres') {
    test('delete waits longer than the service for what others hold', async () => {
      await feedback('a', '2026-11-22', 1);
      const holder = new Client({ connectionString: store.url() });
      await holder.connect();
      await holder.query('begin; lock table feedback in share row exclusive mode');
      const env = { ...process.env, DATABASE_URL: store.url() };
      const deletion = spawn(process.execPath, [CLI, 'delete', '--client', 'a', '--yes'], { env });
      const ended = once(deletion, 'exit');
      const isWaiting = async () => (await store.sql('select 1 from pg_locks where not granted')).length > 0;
      await until('it has come to the lock', async () => deletion.exitCode !== null || (await isWaiting()));
      await setTimeout(2500);
      await holder.query('commit');
      await holder.end();
      expect(await ended).toEqual([0, null]);
      expect(await store.sql('select id from feedback')).toEqual([]);
    });

    test('backup: says by what command PostgreSQL is copied, and fails, since nothing was', () => {
      expect(run(store.url(), 'backup', 'a.dump')).toEqual({
        status: 1,
        said: 'Nothing was copied. PostgreSQL has its own command, with the password in a file of services: pg_dump --format=custom --file=a.dump service=asps. docs/operators.md says more.',
      });
    });
    return;
  }

  test('what is deleted beside the service is left in no file; while somebody reads there, it says that it is', async () => {
    const database = await store.open();
    const named = entry(1, { overrideReasons: [{ code: 'Mrs-Someone' }] });
    const append = () => createFeedbackStore(database).append(received([named], { client: 'a' }));
    const file = store.url().slice('sqlite:'.length);
    // By a process of its own: SQLite's locks in this one would end with the reading.
    const isLeft = () => spawnSync('grep', ['-qar', 'Mrs-Someone', dirname(file)]).status === 0;
    await append();
    expect(isLeft()).toBe(true);
    expect(run(store.url(), 'delete', '--client', 'a', '--yes')).toEqual({
      status: 0,
      said: 'Deleted: 1 entries of feedback, 0 showings and 0 tallies.',
    });
    expect(isLeft()).toBe(false);

    await append();
    const reader = new DatabaseSync(file, { readOnly: true });
    reader.exec('begin; select count(*) from feedback');
    const { status, said } = run(store.url(), 'delete', '--client', 'a', '--yes');
    expect([status, said.split('\n')[1]]).toEqual([
      0,
      `It can still be read in ${file}-wal, since another process reads the database: give the same command again.`,
    ]);
    expect(isLeft()).toBe(true);
    reader.close();
    expect(run(store.url(), 'delete', '--client', 'a', '--yes').said).toBe(
      'Deleted: 0 entries of feedback, 0 showings and 0 tallies.',
    );
    expect(isLeft()).toBe(false);
  });

  test('backup: a copy that can be put in its place, while the service writes', async () => {
    await feedback('a', '2026-11-22', 1);
    const copy = join(folder, 'copy.db');
    const { status, said } = run(store.url(), 'backup', copy);
    expect([status, said]).toEqual([0, `${copy}: the copy is there, and whole.`]);
    expect((statSync(copy).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(folder)).toEqual(['copy.db']);
    const restored = await openDatabase(`sqlite:${copy}`);
    expect(await restored.read((tables) => tables.selectFrom('feedback').select('client').execute())).toHaveLength(1);
    await restored.close();

    const before = readFileSync(copy);
    expect(run(store.url(), 'backup', copy)).toEqual({ status: 1, said: `${copy}: there is a file already.` });
    expect(readFileSync(copy).equals(before)).toBe(true);
  });
});

test.each([
  [[], 'Which command?'],
  [['delete'], 'delete needs --before or --client'],
  [['delete', '--yes'], 'delete needs --before or --client'],
  [['delete', 'all', '--client', 'a'], 'delete is followed by no all.'],
  [['delete', '--client', '', '--yes'], '--client must be the name of a client.'],
  [['delete', '--before', '2026-02-30', '--yes'], '--before must be a day such as 2026-01-31, not 2026-02-30.'],
  [['info', '--yes'], '--yes goes with delete alone.'],
  [['check', 'it'], 'check is followed by no it.'],
  [['backup'], 'backup needs the name of the file'],
  [['backup', 'a', 'b'], 'backup a is followed by no b.'],
  [['drop'], 'There is no command drop.'],
  [['info', '--nothing'], "Unknown option '--nothing'"],
])('%j is not understood: it says why, and nothing is done', (args, why) => {
  const file = join(folder, 'none.db');
  const { status, said } = run(`sqlite:${file}`, ...args);
  expect([status, said.slice(0, why.length)]).toEqual([2, why]);
  expect(said).toContain('\n\nThe store of feedback and showings, as DATABASE_URL says');
  expect(existsSync(file)).toBe(false);
});

test.each(['--help', '-h', 'delete --help'])('%s says on standard output what there is', (args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args.split(' ')], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^The store of feedback and showings.*npm run store -- info/s);
});

test.each(['info', 'check', 'delete --client a --yes', 'backup b.db'])(
  '%s of a file that is not there makes none',
  (command) => {
    const file = join(folder, 'none.db');
    expect(run(`sqlite:${file}`, ...command.split(' '))).toEqual({
      status: 1,
      said: `${file}: there is no such file.`,
    });
    expect(existsSync(file)).toBe(false);
  },
);

test('check and backup tell of a damaged file, and copy nothing', async () => {
  const file = join(folder, 'a.db');
  const database = await openDatabase(`sqlite:${file}`);
  await createFeedbackStore(database).append(received(Array.from({ length: 200 }, (_, number) => entry(number))));
  await database.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4096 * 2);
  writeFileSync(file, bytes);
  const sentence = /: the feedback database is damaged\. Put a copy in its place/;
  expect(run(`sqlite:${file}`, 'check')).toEqual({ status: 1, said: expect.stringMatching(sentence) });
  expect(run(`sqlite:${file}`, 'backup', join(folder, 'b.db'))).toEqual({
    status: 1,
    said: expect.stringMatching(sentence),
  });
  expect(existsSync(join(folder, 'b.db'))).toBe(false);
});
