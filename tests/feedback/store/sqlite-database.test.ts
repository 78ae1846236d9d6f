import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseFeedback } from '../../../src/cds-hooks/feedback.ts';
import type { FeedbackStore } from '../../../src/feedback/feedback-store.ts';
import { createFeedbackStore } from '../../../src/feedback/store/append-feedback.ts';
import type { Database } from '../../../src/feedback/store/database.ts';
import { type OpenDatabaseOptions, openDatabase } from '../../../src/feedback/store/open-database.ts';
import { entry, received } from '../feedback-fixtures.ts';
import { appendingProcesses } from './appending-process.ts';
import { refusal, refusalOf, stoppedClock } from './refusal.ts';

// Parts of util-linux. The first sets how far the files of another process may grow, as a quota of the disk does; the second
// gives a process a disk of its own, where that is allowed.
const PRLIMIT = 'prlimit';
const UNSHARE = ['unshare', '--map-root-user', '--mount', 'sh', '-c'] as const;
const isPossible = (command: string, args: readonly string[]) => spawnSync(command, args).status === 0;
const HAS_FILE_LIMIT = isPossible(PRLIMIT, ['--version']);
const HAS_OWN_DISK = isPossible(UNSHARE[0], [...UNSHARE.slice(1), 'mount -t tmpfs none "$0"', tmpdir()]);

let folder = '';
let file = '';
const opened: Database[] = [];
const append = appendingProcesses();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feedback-'));
  file = join(folder, 'feedback.db');
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function openAt(path: string, options: OpenDatabaseOptions = {}): Promise<Database> {
  const database = await openDatabase(`sqlite:${path}`, options);
  opened.push(database);
  return database;
}

async function open(path = file, options: OpenDatabaseOptions = {}): Promise<FeedbackStore> {
  return createFeedbackStore(await openAt(path, options));
}

/** Reads or changes the file past the store, as another program would. */
function inDatabase<Result>(work: (database: DatabaseSync) => Result, path = file): Result {
  const database = new DatabaseSync(path);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const rows = (sql: string, path = file) =>
  inDatabase(
    (database) =>
      database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row })),
    path,
  );
const count = (path = file) => rows('SELECT id FROM feedback', path).length;
const message = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return error instanceof Error ? error.message : 'not an Error';
  }
  return 'nothing was thrown';
};

test('a file holds nothing that a clinician wrote (CH-144)', async () => {
  const { entries } = parseFeedback({
    feedback: [
      {
        card: entry(1).card,
        outcome: 'overridden',
        outcomeTimestamp: '2026-11-22T10:00:00Z',
        overrideReason: {
          reason: {
            code: 'contraindicated',
            system: 'https://ehr.example/Patient/someone?name=Someone',
            display: 'Mrs Someone is pregnant',
          },
          userComment: 'Mrs Someone is pregnant',
        },
        patient: 'Patient/someone',
      },
      {
        card: entry(2).card,
        outcome: 'overridden',
        outcomeTimestamp: '2026-11-22T10:00:00Z',
        overrideReasons: [
          { reason: { code: 'Mrs Someone is pregnant', system: 'urn:someone' } },
          { code: 'contraindicated', system: 'urn:example:Someone' },
        ],
      },
    ],
  });
  expect(entries).toHaveLength(2);
  const words = ['contraindicated', 'someone', 'Someone', 'pregnant', 'Patient/'];
  /** Which of the words stand in any file of the folder, the write-ahead log among them. */
  const found = () => {
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    return words.filter((word) => bytes.some((text) => text.includes(word)));
  };
  const store = await open();
  await store.append(received(entries));
  expect(readdirSync(folder)).toContain('feedback.db-wal');
  expect(found()).toEqual(['contraindicated']);
  await store.close();
  expect(found()).toEqual(['contraindicated']);
});

describe('when it cannot be written', () => {
  test('because the file may not grow, append rejects, and keeps again as soon as it may', async () => {
    if (!HAS_FILE_LIMIT) return;
    await (await open()).close();
    const { child, until, closed, kept } = append(`sqlite:${file}`, 'a', 1_000_000, {
      within: [PRLIMIT, '--fsize=262144:unlimited'],
    });
    const refused = await until((line) => line.startsWith('refused'));
    expect(refused).toMatch(/^refused \d+ full$/);
    expect(spawnSync(PRLIMIT, ['--pid', String(child.pid), '--fsize=unlimited']).status).toBe(0);
    await until((line) => line === refused.replace(/^refused (\d+) full$/, 'kept $1'));
    child.kill('SIGKILL');
    await closed;

    await (await open()).close();
    const cards = new Set(rows('SELECT card FROM feedback').map(({ card }) => card));
    expect(kept().filter((card) => !cards.has(card))).toEqual([]);
  }, 30_000);

  test('because the disk is full, append rejects, and keeps again as soon as there is room', async () => {
    if (!HAS_OWN_DISK) return;
    const fill = 'mount -t tmpfs -o size=2m none "$0" && head -c 1500000 /dev/zero > "$0/more" && exec "$@"';
    const { child, until } = append(`sqlite:${file}`, 'a', 1_000_000, { within: [...UNSHARE, fill, folder] });
    const refused = await until((line) => line.startsWith('refused'));
    expect(refused).toMatch(/^refused \d+ full$/);
    // The folder as that process sees it.
    rmSync(join('/proc', String(child.pid), 'root', folder, 'more'));
    await until((line) => line === refused.replace(/^refused (\d+) full$/, 'kept $1'));
    child.kill('SIGKILL');
  }, 30_000);

  test('because another process holds it, append rejects, and keeps again a second later', async () => {
    const { clock, pass } = stoppedClock();
    const store = await open(file, { clock });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    expect(await refusalOf(store, received([entry(1)]))).toBe('locked');
    // To read it needs no lock.
    expect(await store.isReachable()).toBe(true);
    other.exec('ROLLBACK');
    other.close();

    // The file would take it; but it is not even tried, so that those who wait do not each stop the service.
    pass(999);
    expect(await refusalOf(store, received([entry(1)]))).toBe('locked');
    pass(1);
    expect(await refusalOf(store, received([entry(1)]))).toBe('kept');
    expect(count()).toBe(1);
  });

  test('after each failure anew nothing is tried for a second, however often it is asked for', async () => {
    const { clock, pass } = stoppedClock();
    const store = await open(file, { clock });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const seconds: string[] = [];
    for (const time of [0, 600, 400]) {
      pass(time);
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
      seconds.push(await refusalOf(store, received([entry(1)])));
    }
    other.exec('ROLLBACK');
    other.close();
    pass(999);
    expect([...seconds, await refusalOf(store, received([entry(1)]))]).toEqual(seconds.concat('locked'));
    pass(1);
    expect(await refusalOf(store, received([entry(1)]))).toBe('kept');
  });

  test('whether it can be read is asked again a second after it could not', async () => {
    const { clock, pass } = stoppedClock();
    const store = await open(file, { clock });
    renameSync(file, `${file}.away`);
    expect(await store.isReachable()).toBe(false);
    renameSync(`${file}.away`, file);
    pass(999);
    expect(await store.isReachable()).toBe(false);
    pass(1);
    expect(await store.isReachable()).toBe(true);
  });

  test.each<[string, () => void]>([
    ['was deleted', () => rmSync(file)],
    [
      'was replaced',
      () => {
        copyFileSync(file, `${file}.copy`);
        rmSync(file);
        copyFileSync(`${file}.copy`, file);
      },
    ],
  ])('because the file %s, append does not pretend that it was', async (_how, change) => {
    const store = await open();
    expect(await store.isReachable()).toBe(true);
    change();
    expect(await store.isReachable()).toBe(false);
    expect(await refusalOf(store, received([entry(1)]))).toBe('replaced');
  });

  test('because it was closed; closing it twice does no harm', async () => {
    const store = await open();
    await store.close();
    await store.close();
    expect(await store.isReachable()).toBe(false);
    expect(await refusalOf(store, received([entry(1)]))).toBe('closed');
  });

  test('an error says nothing of what was to be kept', async () => {
    const store = await open();
    inDatabase((database) => database.exec('DROP TABLE received'));
    const thrown: unknown = await store.append(received([entry(1)])).catch((error: unknown) => error);
    const texts = [thrown, thrown instanceof Error && thrown.cause].map(String);
    expect(texts).toEqual([
      'FeedbackStoreError: Feedback could not be kept: other',
      expect.stringContaining('received'),
    ]);
    expect(texts.join(' ')).not.toMatch(/4e0a3a1e|Hospital|asps-patient-view/);
  });
});

test('when the file turns out to be damaged, nothing is read from it or written to it any more, nor when it is closed', async () => {
  const { clock, pass } = stoppedClock();
  const database = await openAt(file, { clock });
  const store = createFeedbackStore(database);
  await store.append(received(Array.from({ length: 200 }, (_, number) => entry(number))));
  // Another process changes the file, so that none of it is known by heart any more; then all but its first page is overwritten.
  inDatabase((other) => other.exec('CREATE TABLE more (a); PRAGMA wal_checkpoint(TRUNCATE);'));
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(statSync(file).size - 4096, 0xa5), 0, null, 4096);
  closeSync(descriptor);

  expect(await refusalOf(store, received([entry(1000)]))).toBe('damaged');
  const damaged = readFileSync(file);
  pass(1000);
  expect(await refusal(database.read((tables) => tables.selectFrom('feedback').selectAll().execute()))).toBe('damaged');
  expect(await database.isReachable()).toBe(false);
  await database.close();
  expect(readFileSync(file).equals(damaged)).toBe(true);
});

describe('a file that is not its own is refused, and left as it is', () => {
  const make = (sql: string) => inDatabase((database) => database.exec(sql));
  const fill = async () => {
    const store = await open();
    await store.append(received(Array.from({ length: 500 }, (_, number) => entry(number))));
    await store.close();
  };

  test.each<[string, string, () => void | Promise<void>]>([
    ['some text', 'this is not an SQLite database.', () => writeFileSync(file, 'no database\n'.repeat(1000))],
    [
      'the database of another application',
      'this is the database of another application.',
      () => make('CREATE TABLE feedback (id INTEGER)'),
    ],
    [
      'a newer database',
      'it was changed by a newer version of the service (0003-more), and this version does not know it.',
      async () => {
        await fill();
        make("INSERT INTO asps_cds_migration VALUES ('0003-more', '2027-01-01T00:00:00.000Z')");
      },
    ],
    [
      'a database whose first tables are newer',
      'it was changed by a newer version of the service (schema 2), and this version does not know it.',
      async () => {
        await fill();
        make('PRAGMA user_version = 2');
      },
    ],
    [
      'a damaged database',
      'the feedback database is damaged. Put a copy in its place, or move it away to begin a new one.',
      async () => {
        await fill();
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 4096 * 2);
        writeFileSync(file, bytes);
      },
    ],
    [
      'half a database',
      'the feedback database is damaged. Put a copy in its place, or move it away to begin a new one.',
      async () => {
        await fill();
        writeFileSync(file, readFileSync(file).subarray(0, 4096 * 3));
      },
    ],
  ])('%s', async (_what, sentence, prepare) => {
    await prepare();
    const before = readFileSync(file);
    expect(await message(() => open())).toBe(`${file}: ${sentence}`);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a folder', async () => {
    expect(await message(() => open(folder))).toBe(`${folder}: the feedback database cannot be opened.`);
  });

  test('a path through a file', async () => {
    writeFileSync(file, '');
    expect(await message(() => open(join(file, 'feedback.db')))).toBe(
      `${file}/feedback.db: its folder cannot be made.`,
    );
  });

  test('but an empty file is filled', async () => {
    writeFileSync(file, '');
    await (await open()).append(received([entry(1)]));
    expect(count()).toBe(1);
  });

  test('and so is one in which another process was killed while it wrote', async () => {
    await (await open()).close();
    inDatabase((database) => {
      // What a killed process leaves behind: pages of its transaction in the file, and a journal to take them back with.
      database.exec('PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE;');
      const add = database.prepare(
        `INSERT INTO feedback (digest, service, card, outcome, outcome_timestamp, has_comment, received_at)
         VALUES (?, '', '', 'accepted', '', 0, '')`,
      );
      for (let number = 0; number < 2000; number += 1) add.run(`${number}`.padStart(64, '0'));
      copyFileSync(file, `${file}.killed`);
      copyFileSync(`${file}-journal`, `${file}.killed-journal`);
    });
    await (await open(`${file}.killed`)).append(received([entry(1)]));
    expect(count(`${file}.killed`)).toBe(1);
  });
});

test('names that mean something to SQLite are names of files', async () => {
  const store = await open(join(folder, ':memory:'));
  await store.append(received([entry(1)]));
  expect(existsSync(join(folder, ':memory:'))).toBe(true);
});

test('nobody but the account of the service may read the folder and the files it makes', async () => {
  const path = join(folder, 'new', 'feedback.db');
  const store = await open(path);
  await store.append(received([entry(1)]));
  const made = [join(folder, 'new'), ...readdirSync(join(folder, 'new')).map((name) => join(folder, 'new', name))];
  expect(made).toHaveLength(4);
  expect(made.map((name) => (statSync(name).mode & 0o077).toString(8))).toEqual(made.map(() => '0'));
});

test('a file that was open to other accounts is closed to them', async () => {
  const made = await open();
  await made.append(received([entry(1)]));
  await made.close();
  chmodSync(file, 0o664);
  const store = await open();
  await store.append(received([entry(2)]));
  const names = readdirSync(folder);
  expect(names.toSorted()).toEqual(['feedback.db', 'feedback.db-shm', 'feedback.db-wal']);
  expect(names.map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8))).toEqual(['600', '600', '600']);
});

test('the mode of a file that is not its own is left as it is', async () => {
  writeFileSync(file, 'no database\n'.repeat(1000));
  chmodSync(file, 0o664);
  expect(await message(() => open())).toContain('this is not an SQLite database');
  expect((statSync(file).mode & 0o777).toString(8)).toBe('664');
});
