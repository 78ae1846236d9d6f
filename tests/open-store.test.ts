import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { FeedbackEntry } from '../src/cds-hooks/feedback.ts';
import type { ShownCards } from '../src/feedback/showing.ts';
import type { Database } from '../src/feedback/store/database.ts';
import { openDatabase } from '../src/feedback/store/open-database.ts';
import { createMetrics } from '../src/metrics.ts';
import { openStore, type Store, type StoreOptions } from '../src/open-store.ts';
import { eachStore } from './support/store.ts';
import { until } from './support/until.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

const opened: Store[] = [];
afterEach(() => Promise.all(opened.splice(0).map((store) => store.stop())));

/** The store as the process has it; what it logs, and its figures. */
async function started(database: Database, options: Partial<StoreOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const metrics = createMetrics({ circuits: () => [], isOpen: true, isStoreUp: () => database.isReachable() });
  const store = await openStore(database, {
    commentRetentionDays: 0,
    recordRetentionDays: 0,
    meter: metrics.store,
    logger: pino(
      { level: 'info', base: null },
      { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    ),
    version: '1.0.0',
    settings: 'the same',
    now: () => NOW,
    ...options,
  });
  opened.push(store);
  return { store, lines, figures: async () => (await metrics.exposition()).text };
}

function shownCards(shownAt = NOW): ShownCards {
  return {
    client: 'General Hospital',
    service: 'asps-patient-view',
    hookInstance: randomUUID(),
    shownAt,
    cards: [
      {
        card: randomUUID(),
        cardId: 'baseline-brain-mri',
        version: '1.0.0',
        state: 'shown',
        indicator: 'info',
        suggestions: [randomUUID()],
      },
    ],
  };
}

function accepted(): FeedbackEntry {
  return {
    card: randomUUID(),
    outcome: 'accepted',
    acceptedSuggestions: [randomUUID()],
    overrideReasons: [],
    hasComment: false,
    comments: [],
    outcomeTimestamp: NOW.toISOString(),
  };
}

function received(client: string) {
  return { client, service: 'asps-patient-view', receivedAt: NOW, entries: [accepted()] };
}

/** The database, for as long as it is not taken away. */
function withSwitch(database: Database): Database & { isGone: boolean } {
  const gone: Database & { isGone: boolean } = {
    ...database,
    isGone: false,
    write: (work) => (gone.isGone ? Promise.reject(new Error('secret detail')) : database.write(work)),
    isReachable: async () => !gone.isGone && (await database.isReachable()),
  };
  return gone;
}

eachStore('the store of the process', (database) => {
  test('has everything on record when it has stopped', async () => {
    const { store } = await started(await database.open());
    await store.recorder.showed(shownCards());
    store.recorder.count({ measure: 'call', subject: '200', service: 'asps-patient-view' }, 3);
    await store.feedback.append(received('General Hospital'));
    await store.stop();
    opened.length = 0;
    expect(await database.sql('select card_id from showing')).toEqual([{ card_id: 'baseline-brain-mri' }]);
    expect(await database.sql('select measure, subject, client, count from tally')).toEqual([
      { measure: 'call', subject: '200', client: '', count: 3 },
    ]);
    expect(await database.sql('select client from feedback')).toEqual([{ client: 'General Hospital' }]);
    // It is not taken for one that is still there.
    expect(await database.sql('select id from instance')).toEqual([]);
  });

  test('deletes at the start what is too old', async () => {
    const first = await started(await database.open());
    await first.store.recorder.showed(shownCards(new Date('2026-10-01T12:00:00Z')));
    await first.store.recorder.showed(shownCards());
    await started(await database.open(), { recordRetentionDays: 30 });
    const left = async () => database.sql('select shown_at from showing');
    await until('it is deleted', async () => (await left()).length <= 1);
    expect(await left()).toEqual([{ shown_at: NOW.toISOString() }]);
  });

  test('deletes at the start comments that the operator has ceased to keep', async () => {
    const first = await started(await database.open(), { commentRetentionDays: 30 });
    const comments = ['Mrs Someone is unwell'];
    const entries = [{ ...accepted(), hasComment: true, comments }];
    await first.store.feedback.append({ ...received('General Hospital'), entries });
    const left = async () => database.sql('select comment from feedback_comment');
    expect(await left()).toHaveLength(1);
    await started(await database.open());
    await until('it is deleted', async () => (await left()).length <= 0);
    expect(await left()).toEqual([]);
    expect(await database.sql('select has_comment from feedback')).toEqual([{ has_comment: 1 }]);
  });

  test('says in the log that another instance answers by other settings, and nothing of one with the same', async () => {
    const first = await started(await database.open());
    const same = await started(await database.open());
    const other = await started(await database.open(), { settings: 'others' });
    const said = (lines: readonly Record<string, unknown>[]) => lines.map(({ msg }) => msg);
    expect([said(first.lines), said(same.lines)]).toEqual([[], []]);
    expect(new Set(said(other.lines))).toEqual(new Set(['another instance answers by other settings']));
    expect(other.lines[0]).toMatchObject({ level: 40, instance: expect.any(String), since: NOW.toISOString() });
  });

  test('that fails says so once, counts it, and says when it works again; what was shown meanwhile is on record then', async () => {
    const switched = withSwitch(await database.open());
    const { store, lines, figures } = await started(switched);
    switched.isGone = true;
    for (let times = 0; times < 3; times += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(store.feedback.append(received('General Hospital'))).rejects.toThrow('secret detail');
    }
    await store.recorder.showed(shownCards());
    // What is deleted at the start may be in time, or not.
    const said = () => lines.filter(({ operation }) => operation !== 'retention');
    expect(said()).toMatchObject([
      { level: 40, msg: 'the store fails', operation: 'feedback', failure: { name: 'Error' } },
      { level: 40, msg: 'the store fails', operation: 'showings' },
    ]);
    expect(await figures()).toContain('asps_store_errors_total{operation="feedback",reason="other"} 3\n');
    expect(await figures()).toContain('asps_store_up 0\n');
    switched.isGone = false;
    await store.feedback.append(received('General Hospital'));
    await store.stop();
    opened.length = 0;
    expect(
      said()
        .map(({ msg, operation }) => `${String(msg)}: ${String(operation)}`)
        .slice(2),
    ).toEqual(['the store works again: feedback', 'the store works again: showings']);
    expect(await database.sql('select count(*) as n from showing')).toEqual([{ n: 1 }]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });
});

test('what was deleted and can still be read in the log of its file is told of', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'open-store-'));
  const file = join(folder, 'a.db');
  const database = await openDatabase(`sqlite:${file}`);
  const reader = new DatabaseSync(file, { readOnly: true });
  reader.exec('begin; select count(*) from feedback');
  const { store, lines } = await started(database);
  await until('it is said', () => lines.length > 0);
  expect(lines).toMatchObject([
    { level: 40, msg: 'what was deleted is still in the log of the database file: another process reads it' },
  ]);
  reader.close();
  await store.stop();
  opened.length = 0;
  rmSync(folder, { recursive: true });
});

describe('requests of clients', () => {
  eachStore('are counted over all instances where there can be several', (database) => {
    test('but for those of a call whose JWT has waited for the store already', async () => {
      const answering = await database.open();
      const silent = Promise.withResolvers<never>();
      let isSilent = false;
      const { store } = await started({
        ...answering,
        writeQuickly: (work) => (isSilent ? silent.promise : answering.writeQuickly(work)),
      });
      isSilent = true;
      const inAnHour = new Date(Date.now() + 3_600_000);
      expect(await store.replayMemory.use('General Hospital', randomUUID(), inAnHour)).toBe('first');
      const turn = new Promise((resolve) => setImmediate(() => resolve('waited')));
      const rate = store.sharedRates?.patience?.(silent.promise);
      expect(await Promise.race([rate, turn])).toBeUndefined();
      isSilent = false;
      silent.reject(new Error('silent'));
    });

    test('and by each process where there is one', async () => {
      const { store } = await started(await database.open());
      expect(store.sharedRates === undefined).toBe(database.kind === 'sqlite');
    });
  });
});
