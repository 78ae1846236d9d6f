import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createFeedbackStore } from '../../../src/feedback/store/append-feedback.ts';
import { openDatabase } from '../../../src/feedback/store/open-database.ts';
import { eachStore } from '../../support/store.ts';
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

  if (store.kind === 'postgres') {
    test('backup: says by what command PostgreSQL is copied, and fails, since nothing was', () => {
      expect(run(store.url(), 'backup', 'a.dump')).toEqual({
        status: 1,
        said: 'Nothing was copied. For PostgreSQL: pg_dump --format=custom --file=a.dump "$DATABASE_URL"',
      });
    });
    return;
  }

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
  [[]],
  [['delete']],
  [['delete', '--yes']],
  [['delete', '--before', '2026-02-30', '--yes']],
  [['info', '--yes']],
  [['backup']],
  [['drop']],
  [['info', '--nothing']],
])('%j is not understood: nothing is done', (args) => {
  const file = join(folder, 'none.db');
  const { status, said } = run(`sqlite:${file}`, ...args);
  expect([status, said]).toEqual([2, expect.stringMatching(/npm run store|--before must be a day/)]);
  expect(existsSync(file)).toBe(false);
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
