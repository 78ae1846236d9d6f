import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseFeedback } from '../../src/cds-hooks/feedback.ts';
import { type FeedbackStore, FeedbackStoreError, type ReceivedFeedback } from '../../src/feedback/feedback-store.ts';
import { openSqliteFeedbackStore, type SqliteFeedbackStoreOptions } from '../../src/feedback/sqlite-feedback-store.ts';
import { entry, received } from './feedback-fixtures.ts';

// Parts of util-linux. The first sets how far the files of another process may grow, as a quota of the disk does; the second
// gives a process a disk of its own, where that is allowed.
const PRLIMIT = 'prlimit';
const UNSHARE = ['unshare', '--map-root-user', '--mount', 'sh', '-c'] as const;
const isPossible = (command: string, args: readonly string[]) => spawnSync(command, args).status === 0;
const HAS_FILE_LIMIT = isPossible(PRLIMIT, ['--version']);
const HAS_OWN_DISK = isPossible(UNSHARE[0], [...UNSHARE.slice(1), 'mount -t tmpfs none "$0"', tmpdir()]);
const SCRIPT = fileURLToPath(new URL('./append-feedback.ts', import.meta.url));

let folder = '';
let file = '';
const opened: FeedbackStore[] = [];
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feedback-'));
  file = join(folder, 'feedback.db');
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function open(path = file, options: SqliteFeedbackStoreOptions = {}): FeedbackStore {
  const store = openSqliteFeedbackStore(path, options);
  opened.push(store);
  return store;
}

/** Why it was not kept. */
async function refusal(store: FeedbackStore, feedback: ReceivedFeedback): Promise<string> {
  const thrown: unknown = await store.append(feedback).catch((error: unknown) => error);
  if (thrown === undefined) return 'kept';
  return thrown instanceof FeedbackStoreError ? thrown.reason : 'not a FeedbackStoreError';
}

/** A clock that stands still until it is moved on. */
function stoppedClock() {
  let time = 5000;
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { clock: () => time, pass };
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
const message = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : 'not an Error';
  }
  return 'nothing was thrown';
};

/** A process that appends to the file; `said` grows with what it says. */
function appending(
  client: string,
  entries: number,
  { within = [], first = 0 }: { readonly within?: readonly string[]; readonly first?: number } = {},
) {
  const [command, ...args] = [
    ...within,
    process.execPath,
    SCRIPT,
    file,
    client,
    String(entries),
    String(first),
  ] as const;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout });
  const closed = once(child, 'close');
  /** Resolves with the first line that fits. */
  const until = (fits: (line: string) => boolean) =>
    new Promise<string>((resolve, reject) => {
      const look = (line: string) => {
        if (fits(line)) resolve(line);
      };
      said.forEach(look);
      lines.on('line', look);
      void closed.then(() => reject(new Error('it ended before it said so')));
    });
  lines.on('line', (line) => said.push(line));
  const kept = () =>
    said.flatMap((line) => /^kept (\d+)$/.exec(line)?.[1] ?? []).map((number) => entry(Number(number)).card);
  return { child, said, until, closed, kept };
}

describe('what is appended', () => {
  test('can be counted by card, reason and suggestion (CH-147)', async () => {
    const accepted = entry(1, { outcome: 'accepted', acceptedSuggestions: [entry(7).card, entry(8).card] });
    const overrideReasons = [{ system: 'urn:a', code: 'x' }, { code: 'y' }];
    await open().append(received([accepted, entry(2, { overrideReasons, hasComment: true })]));

    expect(rows('SELECT * FROM feedback ORDER BY id')).toEqual([
      {
        id: 1,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        client: 'General Hospital',
        service: 'asps-patient-view',
        card: accepted.card,
        outcome: 'accepted',
        outcome_timestamp: '2026-11-22T10:00:00.000Z',
        has_comment: 0,
        received_at: '2026-11-22T10:00:01.000Z',
      },
      expect.objectContaining({ id: 2, card: entry(2).card, outcome: 'overridden', has_comment: 1 }),
    ]);
    expect(rows('SELECT * FROM accepted_suggestion')).toEqual([
      { feedback: 1, suggestion: entry(7).card },
      { feedback: 1, suggestion: entry(8).card },
    ]);
    expect(rows('SELECT * FROM override_reason')).toEqual([
      { feedback: 2, system: 'urn:a', code: 'x' },
      { feedback: 2, system: null, code: 'y' },
    ]);
  });

  test('is kept once however often it is sent, in whatever order its parts come (CH-147)', async () => {
    const store = open();
    const overrideReasons = [{ system: 'urn:a', code: 'x' }, { code: 'y' }];
    const first = entry(1, { overrideReasons });
    const second = entry(2, { outcome: 'accepted', acceptedSuggestions: [entry(7).card, entry(8).card] });
    await store.append(received([first, second, first]));
    await store.append(received([{ ...first, overrideReasons: overrideReasons.toReversed(), hasComment: true }]));
    await store.append(received([{ ...second, acceptedSuggestions: [entry(8).card, entry(7).card] }]));
    await store.append(received([first], { receivedAt: new Date('2026-11-23T10:00:00Z') }));
    // The operator has given the client another name.
    await store.append(received([first], { client: 'Hospital, General' }));

    expect(count()).toBe(2);
    expect(rows('SELECT * FROM override_reason')).toHaveLength(2);
    expect(rows('SELECT * FROM accepted_suggestion')).toHaveLength(2);
  });

  test('and differs in anything else is another row: nothing is ever changed (CH-147)', async () => {
    const store = open();
    const first = entry(1, { overrideReasons: [{ code: 'x' }] });
    await store.append(received([first]));
    await store.append(received([first], { service: 'asps-order-sign' }));
    await store.append(
      received([
        { ...first, outcome: 'accepted', acceptedSuggestions: [entry(7).card], overrideReasons: [] },
        { ...first, outcomeTimestamp: '2026-11-22T10:00:00.001Z' },
        { ...first, overrideReasons: [{ code: 'x', system: 'urn:a' }] },
        { ...first, overrideReasons: [] },
        { ...first, card: entry(2).card },
      ]),
    );
    expect(count()).toBe(7);
    expect(rows('SELECT card FROM feedback WHERE id = 1')).toEqual([{ card: first.card }]);
  });

  test('is kept as a whole or not at all', async () => {
    const { clock, pass } = stoppedClock();
    const store = open(file, { clock });
    inDatabase((database) => {
      database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON override_reason WHEN NEW.code = 'refused'
        BEGIN SELECT RAISE(ABORT, 'refused'); END`);
    });
    const refused = entry(2, { overrideReasons: [{ code: 'refused' }] });
    expect(await refusal(store, received([entry(1), refused]))).toBe('other');
    expect(count()).toBe(0);

    pass(1000);
    await store.append(received([entry(1)]));
    expect(count()).toBe(1);
  });

  test('is there after the file was closed and opened again', async () => {
    const first = open(join(folder, 'new', 'folder', 'feedback.db'));
    await first.append(received([entry(1)]));
    await first.close();
    const second = open(join(folder, 'new', 'folder', 'feedback.db'));
    await second.append(received([entry(1), entry(2)]));
    expect(count(join(folder, 'new', 'folder', 'feedback.db'))).toBe(2);
  });

  test('holds nothing that a clinician wrote (CH-144)', async () => {
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
    const store = open();
    await store.append(received(entries));
    expect(readdirSync(folder)).toContain('feedback.db-wal');
    expect(found()).toEqual(['contraindicated']);
    await store.close();
    expect(found()).toEqual(['contraindicated']);
  });

  test('is what was said of a card: one of which nothing is said leaves no trace, least of all a rejection (CH-148)', async () => {
    const store = open();
    await store.append(received([]));
    expect([count(), rows('SELECT * FROM received')]).toEqual([0, []]);

    const [shownToo, taken] = [entry(1).card, entry(2).card];
    await store.append(received([entry(2, { outcome: 'accepted', acceptedSuggestions: [entry(7).card] })]));
    expect(rows('SELECT card, outcome FROM feedback')).toEqual([{ card: taken, outcome: 'accepted' }]);
    expect(rows('SELECT * FROM feedback, accepted_suggestion, override_reason').flatMap(Object.values)).not.toContain(
      shownToo,
    );
  });
});

describe('what was acknowledged is not lost', () => {
  test('when the process is killed right after it', async () => {
    const { child, until, closed, kept } = appending('a', 1_000_000);
    await until((line) => line === 'kept 50');
    child.kill('SIGKILL');
    await closed;

    const store = open();
    const cards = new Set(rows('SELECT card FROM feedback').map(({ card }) => card));
    expect(kept().length).toBeGreaterThan(50);
    expect(kept().filter((card) => !cards.has(card))).toEqual([]);
    await store.append(received([entry(1)], { client: 'b' }));
    expect(await store.isReachable()).toBe(true);
  }, 30_000);

  test('when two processes make the file and write to it at the same time', async () => {
    const both = [appending('a', 100), appending('b', 100, { first: 100 })];
    await Promise.all(both.map(({ until }) => until((line) => line === 'done')));
    expect(rows('SELECT client, count(*) AS kept FROM feedback GROUP BY client ORDER BY client')).toEqual([
      { client: 'a', kept: 100 },
      { client: 'b', kept: 100 },
    ]);
  }, 30_000);
});

describe('when it cannot be written', () => {
  test('because the file may not grow, append rejects, and keeps again as soon as it may', async () => {
    if (!HAS_FILE_LIMIT) return;
    await open().close();
    const { child, until, closed, kept } = appending('a', 1_000_000, {
      within: [PRLIMIT, '--fsize=262144:unlimited'],
    });
    const refused = await until((line) => line.startsWith('refused'));
    expect(refused).toMatch(/^refused \d+ full$/);
    expect(spawnSync(PRLIMIT, ['--pid', String(child.pid), '--fsize=unlimited']).status).toBe(0);
    await until((line) => line === refused.replace(/^refused (\d+) full$/, 'kept $1'));
    child.kill('SIGKILL');
    await closed;

    await open().close();
    const cards = new Set(rows('SELECT card FROM feedback').map(({ card }) => card));
    expect(kept().filter((card) => !cards.has(card))).toEqual([]);
  }, 30_000);

  test('because the disk is full, append rejects, and keeps again as soon as there is room', async () => {
    if (!HAS_OWN_DISK) return;
    const fill = 'mount -t tmpfs -o size=2m none "$0" && head -c 1500000 /dev/zero > "$0/more" && exec "$@"';
    const { child, until } = appending('a', 1_000_000, { within: [...UNSHARE, fill, folder] });
    const refused = await until((line) => line.startsWith('refused'));
    expect(refused).toMatch(/^refused \d+ full$/);
    // The folder as that process sees it.
    rmSync(join('/proc', String(child.pid), 'root', folder, 'more'));
    await until((line) => line === refused.replace(/^refused (\d+) full$/, 'kept $1'));
    child.kill('SIGKILL');
  }, 30_000);

  test('because another process holds it, append rejects, and keeps again a second later', async () => {
    const { clock, pass } = stoppedClock();
    const store = open(file, { clock });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    expect(await refusal(store, received([entry(1)]))).toBe('locked');
    // To read it needs no lock.
    expect(await store.isReachable()).toBe(true);
    other.exec('ROLLBACK');
    other.close();

    // The file would take it; but it is not even tried, so that those who wait do not each stop the service.
    pass(999);
    expect(await refusal(store, received([entry(1)]))).toBe('locked');
    pass(1);
    expect(await refusal(store, received([entry(1)]))).toBe('kept');
    expect(count()).toBe(1);
  });

  test('after each failure anew nothing is tried for a second, however often it is asked for', async () => {
    const { clock, pass } = stoppedClock();
    const store = open(file, { clock });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const seconds: string[] = [];
    for (const time of [0, 600, 400]) {
      pass(time);
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
      seconds.push(await refusal(store, received([entry(1)])));
    }
    other.exec('ROLLBACK');
    other.close();
    pass(999);
    expect([...seconds, await refusal(store, received([entry(1)]))]).toEqual(seconds.concat('locked'));
    pass(1);
    expect(await refusal(store, received([entry(1)]))).toBe('kept');
  });

  test('whether it can be read is asked again a second after it could not', async () => {
    const { clock, pass } = stoppedClock();
    const store = open(file, { clock });
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
    const store = open();
    expect(await store.isReachable()).toBe(true);
    change();
    expect(await store.isReachable()).toBe(false);
    expect(await refusal(store, received([entry(1)]))).toBe('replaced');
  });

  test('because it was closed; closing it twice does no harm', async () => {
    const store = open();
    await store.close();
    await store.close();
    expect(await store.isReachable()).toBe(false);
    expect(await refusal(store, received([entry(1)]))).toBe('closed');
  });

  test('an error says nothing of what was to be kept', async () => {
    const store = open();
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

describe('of one client and UTC day so many entries are kept and no more', () => {
  const many = (from: number, to: number) => Array.from({ length: to - from }, (_, number) => entry(from + number));
  const on = (receivedAt: string) => ({ receivedAt: new Date(receivedAt) });

  test('all of a call or none of it, and what is sent again does not count', async () => {
    const store = open(file, { maxEntriesPerDay: 5 });
    expect(await refusal(store, received(many(0, 4)))).toBe('kept');
    expect(await refusal(store, received(many(0, 4)))).toBe('kept');
    expect(await refusal(store, received(many(4, 6)))).toBe('quota');
    expect(count()).toBe(4);
    expect(await refusal(store, received(many(0, 5)))).toBe('kept');
    expect(await refusal(store, received(many(0, 5)))).toBe('kept');
    expect(await refusal(store, received(many(5, 6)))).toBe('quota');
    expect(count()).toBe(5);
  });

  test('by when they came, across the end of the process', async () => {
    const first = open(file, { maxEntriesPerDay: 2 });
    expect(await refusal(first, received(many(0, 2), on('2026-11-22T23:59:59.999Z')))).toBe('kept');
    await first.close();
    const second = open(file, { maxEntriesPerDay: 2 });
    expect(await refusal(second, received(many(2, 3), on('2026-11-22T00:00:00Z')))).toBe('quota');
    expect(await refusal(second, received(many(2, 4), on('2026-11-23T00:00:00Z')))).toBe('kept');
  });

  test('and the others are refused nothing on account of it', async () => {
    const store = open(file, { maxEntriesPerDay: 1, clock: stoppedClock().clock });
    const senders = ['a', 'b', undefined].map((client) => ({ client }));
    const outcomes: string[] = [];
    for (const [at, sender] of senders.flatMap((one) => [one, one]).entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
      outcomes.push(await refusal(store, received([entry(at)], sender)));
    }
    expect(outcomes).toEqual(['kept', 'quota', 'kept', 'quota', 'kept', 'quota']);
  });

  test('in a file from before they were counted as well', async () => {
    const store = open();
    await store.append(received(many(0, 3)));
    await store.close();
    inDatabase((database) => database.exec('DROP TABLE received'));
    const again = open(file, { maxEntriesPerDay: 2 });
    expect(await refusal(again, received(many(3, 5)))).toBe('kept');
    expect(await refusal(again, received(many(5, 6)))).toBe('quota');
    expect(count()).toBe(5);
  });
});

describe('a file that is not its own is refused, and left as it is', () => {
  const make = (sql: string) => inDatabase((database) => database.exec(sql));
  const fill = async () => {
    const store = open();
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
      'the feedback in it has schema 2, and this version of the service knows schema 1.',
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
    expect(message(() => open())).toBe(`${file}: ${sentence}`);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a folder', () => {
    expect(message(() => open(folder))).toBe(`${folder}: the feedback database cannot be opened.`);
  });

  test('a path through a file', () => {
    writeFileSync(file, '');
    expect(message(() => open(join(file, 'feedback.db')))).toBe(`${file}/feedback.db: its folder cannot be made.`);
  });

  test('but an empty file is filled', async () => {
    writeFileSync(file, '');
    await open().append(received([entry(1)]));
    expect(count()).toBe(1);
  });

  test('and so is one in which another process was killed while it wrote', async () => {
    await open().close();
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
    await open(`${file}.killed`).append(received([entry(1)]));
    expect(count(`${file}.killed`)).toBe(1);
  });
});

test('names that mean something to SQLite are names of files', async () => {
  const store = open(join(folder, ':memory:'));
  await store.append(received([entry(1)]));
  expect(existsSync(join(folder, ':memory:'))).toBe(true);
});

test('nobody but the account of the service may read the folder and the files it makes', async () => {
  const path = join(folder, 'new', 'feedback.db');
  const store = open(path);
  await store.append(received([entry(1)]));
  const made = [join(folder, 'new'), ...readdirSync(join(folder, 'new')).map((name) => join(folder, 'new', name))];
  expect(made).toHaveLength(4);
  expect(made.map((name) => (statSync(name).mode & 0o077).toString(8))).toEqual(made.map(() => '0'));
});

test('a file that was open to other accounts is closed to them', async () => {
  const made = open();
  await made.append(received([entry(1)]));
  await made.close();
  chmodSync(file, 0o664);
  const store = open();
  await store.append(received([entry(2)]));
  const names = readdirSync(folder);
  expect(names.toSorted()).toEqual(['feedback.db', 'feedback.db-shm', 'feedback.db-wal']);
  expect(names.map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8))).toEqual(['600', '600', '600']);
});

test('the mode of a file that is not its own is left as it is', () => {
  writeFileSync(file, 'no database\n'.repeat(1000));
  chmodSync(file, 0o664);
  expect(message(() => open())).toContain('this is not an SQLite database');
  expect((statSync(file).mode & 0o777).toString(8)).toBe('664');
});
