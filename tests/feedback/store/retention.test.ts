import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { addTallies } from '../../../src/feedback/store/add-tallies.ts';
import { createFeedbackStore } from '../../../src/feedback/store/append-feedback.ts';
import type { Database } from '../../../src/feedback/store/database.ts';
import { countRecords, deleteRecords, type RecordFilter } from '../../../src/feedback/store/delete-records.ts';
import { recordShowings } from '../../../src/feedback/store/record-showings.ts';
import { deleteExpired } from '../../../src/feedback/store/retention.ts';
import { eachStore, type StoreForTests } from '../../support/store.ts';
import { entry, received } from '../feedback-fixtures.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
/** As long as anything can be. */
const FOR_EVER = { recordRetentionDays: 0, commentRetentionDays: 3650 };

eachStore('what is past its time', (store) => {
  const counts = async () => {
    const tables = ['feedback', 'accepted_suggestion', 'override_reason', 'feedback_comment', 'received', 'showing'];
    const found: Record<string, unknown> = {};
    for (const table of [...tables, 'offered_suggestion', 'tally']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is quick enough
      found[table] = (await store.sql(`select count(*) as n from ${table}`))[0]?.['n'];
    }
    return found;
  };

  test('is kept if the operator keeps records for ever, and else deleted with all its parts', async () => {
    const database = await store.open();
    await fill(database, 'a', new Date('2026-11-12T23:59:59.999Z'), 1);
    await fill(database, 'a', new Date('2026-11-13T00:00:00Z'), 2);
    const all = {
      feedback: 4,
      accepted_suggestion: 2,
      override_reason: 2,
      feedback_comment: 2,
      received: 2,
      showing: 2,
      offered_suggestion: 2,
      tally: 2,
    };
    expect(await counts()).toEqual(all);
    const kept = await deleteExpired(database, { now: NOW, ...FOR_EVER });
    expect([kept, await counts()]).toEqual([
      { comments: 0, feedback: 0, showings: 0, tallies: 0, isInLog: false },
      all,
    ]);

    // Nine whole days before this one.
    const deleted = await deleteExpired(database, { ...FOR_EVER, now: NOW, recordRetentionDays: 9 });
    expect(deleted).toEqual({ comments: 0, feedback: 2, showings: 1, tallies: 1, isInLog: false });
    expect(await counts()).toEqual({
      feedback: 2,
      accepted_suggestion: 1,
      override_reason: 1,
      feedback_comment: 1,
      received: 1,
      showing: 1,
      offered_suggestion: 1,
      tally: 1,
    });
  });

  test('is deleted in steps, however much it is', async () => {
    const database = await store.open();
    const days = Array.from({ length: 6 }, (_, day) => day);
    for (const day of days) {
      const entries = Array.from({ length: 200 }, (_, number) =>
        entry(day * 200 + number, { overrideReasons: [{ code: 'x' }] }),
      );
      // oxlint-disable-next-line no-await-in-loop -- one call holds no more
      await createFeedbackStore(database).append(received(entries));
    }
    const deleted = await deleteExpired(database, {
      ...FOR_EVER,
      now: new Date('2027-01-01T00:00:00Z'),
      recordRetentionDays: 1,
    });
    expect(deleted).toEqual({ comments: 0, feedback: 1200, showings: 0, tallies: 0, isInLog: false });
    expect(await store.sql('select * from override_reason')).toEqual([]);
  });

  test('comments go at their time, whatever becomes of the feedback', async () => {
    const database = await store.open();
    const keeping = createFeedbackStore(database, { commentRetentionDays: 10 });
    const commented = (number: number) => entry(number, { hasComment: true, comments: ['Mrs Someone', 'is unwell'] });
    await keeping.append(received([commented(1), entry(2)], { receivedAt: new Date('2026-11-12T12:00:00Z') }));
    await keeping.append(received([commented(3)], { receivedAt: new Date('2026-11-12T12:00:00.001Z') }));
    const deleted = await deleteExpired(database, { now: NOW, ...FOR_EVER });
    expect(deleted).toEqual({ comments: 1, feedback: 0, showings: 0, tallies: 0, isInLog: false });
    expect(await store.sql('select delete_after from feedback_comment')).toEqual([
      { delete_after: '2026-11-22T12:00:00.001Z' },
      { delete_after: '2026-11-22T12:00:00.001Z' },
    ]);
    expect(await store.sql('select has_comment from feedback order by has_comment')).toEqual([
      { has_comment: 0 },
      { has_comment: 1 },
      { has_comment: 1 },
    ]);

    await deleteExpired(database, { now: new Date(NOW.getTime() + 1), ...FOR_EVER });
    expect(await store.sql('select * from feedback_comment')).toEqual([]);
    // Nor is it left in what the file no longer uses, or in its log.
    expect(bytesOf(store).some((text) => text.includes('Mrs Someone'))).toBe(false);
  });

  test('comments that came when they were kept for longer go by what is said now; with 0, all of them', async () => {
    const database = await store.open();
    const keeping = createFeedbackStore(database, { commentRetentionDays: 3650 });
    const commented = (number: number) => entry(number, { hasComment: true, comments: [`comment ${number}`] });
    const times = ['2026-11-12T12:00:00Z', '2026-11-12T12:00:00.001Z', '2026-11-22T12:00:00Z'];
    for (const [number, time] of times.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- each comes at a time of its own
      await keeping.append(received([commented(number)], { receivedAt: new Date(time) }));
    }
    const left = () => store.sql('select comment from feedback_comment order by comment');
    await deleteExpired(database, { ...FOR_EVER, now: NOW });
    expect(await left()).toHaveLength(3);

    const ten = await deleteExpired(database, { ...FOR_EVER, now: NOW, commentRetentionDays: 10 });
    expect([ten.comments, await left()]).toEqual([1, [{ comment: 'comment 1' }, { comment: 'comment 2' }]]);
    const none = await deleteExpired(database, { ...FOR_EVER, now: NOW, commentRetentionDays: 0 });
    expect([none.comments, none.feedback, await left()]).toEqual([2, 0, []]);
    expect(await store.sql('select id from feedback')).toHaveLength(3);
    expect(bytesOf(store).some((text) => /comment \d/.test(text))).toBe(false);
  });

  test('what is deleted of records is left in no file; while somebody reads there, it is at the next time', async () => {
    const database = await store.open();
    const append = (number: number) => {
      const entries = [entry(number, { overrideReasons: [{ code: 'Mrs-Someone' }] })];
      return createFeedbackStore(database).append(received(entries, { receivedAt: new Date('2026-01-01T00:00:00Z') }));
    };
    const isLeft = () => bytesOf(store).some((text) => text.includes('Mrs-Someone'));
    const expire = async () => {
      const { feedback, isInLog } = await deleteExpired(database, { ...FOR_EVER, now: NOW, recordRetentionDays: 30 });
      return { feedback, isInLog };
    };
    await append(1);
    expect(isLeft()).toBe(store.kind === 'sqlite');
    expect([await expire(), isLeft()]).toEqual([{ feedback: 1, isInLog: false }, false]);
    if (store.kind !== 'sqlite') return;

    await append(2);
    const reader = new DatabaseSync(store.url().slice('sqlite:'.length), { readOnly: true });
    reader.exec('begin; select count(*) from feedback');
    expect([await expire(), isLeft()]).toEqual([{ feedback: 1, isInLog: true }, true]);
    reader.close();
    expect([await expire(), isLeft()]).toEqual([{ feedback: 0, isInLog: false }, false]);
  });

  test('used JWTs and windows of rate limits go when no clock can take them any more, processes when they are gone', async () => {
    const database = await store.open();
    const now = NOW.getTime();
    await database.writeQuickly(async (tables) => {
      const jti = (expires_at: number) => ({ digest: randomUUID(), expires_at });
      const all = [now / 1000 - 121, now / 1000 - 119, now / 1000 + 60].map(Math.floor).map(jti);
      await tables.insertInto('used_jti').values(all).execute();
      const windows = [now - 120_001, now - 120_000].map((resets_at) => ({ key: randomUUID(), hits: 1, resets_at }));
      await tables.insertInto('rate_window').values(windows).execute();
      const instances = [now - 3_600_001, now - 3_600_000].map((seen) => ({
        id: randomUUID(),
        started_at: NOW.toISOString(),
        seen_at: new Date(seen).toISOString(),
        version: '1',
        settings: '',
      }));
      await tables.insertInto('instance').values(instances).execute();
    });
    await deleteExpired(database, { now: NOW, ...FOR_EVER });
    expect(await store.sql('select expires_at from used_jti order by expires_at')).toEqual([
      { expires_at: now / 1000 - 119 },
      { expires_at: now / 1000 + 60 },
    ]);
    expect(await store.sql('select resets_at from rate_window')).toEqual([{ resets_at: now - 120_000 }]);
    expect(await store.sql('select seen_at from instance')).toEqual([{ seen_at: '2026-11-22T11:00:00.000Z' }]);
  });

  test('two processes may look for it at the same time', async () => {
    const databases = await Promise.all([store.open(), store.open()]);
    await fill(databases[0], 'a', new Date('2026-01-01T00:00:00Z'), 1);
    const both = await Promise.allSettled(
      databases.map((database) => deleteExpired(database, { ...FOR_EVER, now: NOW, recordRetentionDays: 1 })),
    );
    // Of two processes that write to one SQLite file at the same time, one may be refused.
    const refused = both.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeLessThanOrEqual(store.kind === 'sqlite' ? 1 : 0);
    expect(Object.values(await counts())).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('of one client alone can be counted and deleted', async () => {
    const database = await store.open();
    await fill(database, 'a', new Date('2026-11-12T12:00:00Z'), 1);
    await fill(database, 'a', NOW, 2);
    await fill(database, 'b', NOW, 3);
    const count = (filter: RecordFilter) => database.read((tables) => countRecords(tables, filter));
    const early = { client: 'a', beforeDay: '2026-11-13' };
    const one = { feedback: 2, showings: 1, tallies: 1 };
    expect([await count(early), await deleteRecords(database, early)]).toEqual([one, one]);
    expect([await count(early), await deleteRecords(database, { client: 'a' })]).toEqual([
      { feedback: 0, showings: 0, tallies: 0 },
      one,
    ]);
    expect(await store.sql('select distinct client from feedback')).toEqual([{ client: 'b' }]);
    expect(await count({ client: 'b' })).toEqual(one);
  });
});

/** The files of an SQLite database; of PostgreSQL, which tidies up in its own time, none. */
function bytesOf(store: StoreForTests): readonly string[] {
  if (store.kind !== 'sqlite') return [];
  const folder = dirname(store.url().slice('sqlite:'.length));
  return readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'latin1'));
}

/** Of everything one, of feedback two. */
async function fill(database: Database, client: string, at: Date, number: number): Promise<void> {
  const [card, suggestion] = [randomUUID(), randomUUID()];
  const entries = [
    entry(number * 2, { outcome: 'accepted', acceptedSuggestions: [suggestion] }),
    entry(number * 2 + 1, { overrideReasons: [{ code: 'x' }], hasComment: true, comments: ['so'] }),
  ];
  await createFeedbackStore(database, { commentRetentionDays: 100 }).append(
    received(entries, { client, receivedAt: at }),
  );
  await recordShowings(database, [
    {
      client,
      service: 'asps-patient-view',
      hookInstance: randomUUID(),
      shownAt: at,
      cards: [{ card, cardId: 'a', version: '1', state: 'shown', indicator: 'info', suggestions: [suggestion] }],
    },
  ]);
  const day = at.toISOString().slice(0, 10);
  await addTallies(database, [{ day, client, service: '', measure: 'fhir', subject: 'answered', count: 1 }]);
}
