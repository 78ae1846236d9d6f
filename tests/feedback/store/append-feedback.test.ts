import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { FeedbackEntry } from '../../../src/cds-hooks/feedback.ts';
import { FeedbackStoreError } from '../../../src/feedback/feedback-store.ts';
import { createFeedbackStore, type FeedbackStoreOptions } from '../../../src/feedback/store/append-feedback.ts';
import { eachStore } from '../../support/store.ts';
import { entry, received } from '../feedback-fixtures.ts';
import { refusalOf, stoppedClock } from './refusal.ts';

const many = (from: number, to: number) => Array.from({ length: to - from }, (_, number) => entry(from + number));
const on = (receivedAt: string) => ({ receivedAt: new Date(receivedAt) });

eachStore('what clinicians did with cards', (database) => {
  const open = async (options: FeedbackStoreOptions = {}) => createFeedbackStore(await database.open(), options);
  const count = async () => (await database.sql('select id from feedback')).length;

  test('can be counted by card, reason and suggestion (CH-147)', async () => {
    const accepted = entry(1, { outcome: 'accepted', acceptedSuggestions: [entry(7).card, entry(8).card] });
    const overrideReasons = [{ system: 'urn:a', code: 'x' }, { code: 'y' }];
    const store = await open();
    await store.append(received([accepted, entry(2, { overrideReasons, hasComment: true })]));

    expect(await database.sql('select * from feedback order by id')).toEqual([
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
    expect(await database.sql('select * from accepted_suggestion order by suggestion')).toEqual([
      { feedback: 1, suggestion: entry(7).card },
      { feedback: 1, suggestion: entry(8).card },
    ]);
    expect(await database.sql('select * from override_reason order by code')).toEqual([
      { feedback: 2, system: 'urn:a', code: 'x' },
      { feedback: 2, system: null, code: 'y' },
    ]);
  });

  test('is kept once however often it is sent, in whatever order its parts come (CH-147)', async () => {
    const store = await open();
    const overrideReasons = [{ system: 'urn:a', code: 'x' }, { code: 'y' }];
    const first = entry(1, { overrideReasons });
    const second = entry(2, { outcome: 'accepted', acceptedSuggestions: [entry(7).card, entry(8).card] });
    await store.append(received([first, second, first]));
    await store.append(received([{ ...first, overrideReasons: overrideReasons.toReversed(), hasComment: true }]));
    await store.append(received([{ ...second, acceptedSuggestions: [entry(8).card, entry(7).card] }]));
    await store.append(received([first], on('2026-11-23T10:00:00Z')));
    // The operator has given the client another name.
    await store.append(received([first], { client: 'Hospital, General' }));

    expect(await count()).toBe(2);
    expect(await database.sql('select * from override_reason')).toHaveLength(2);
    expect(await database.sql('select * from accepted_suggestion')).toHaveLength(2);
  });

  test('is kept once when several processes are sent it at the same time', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    const outcomes = await Promise.all(stores.map((store) => refusalOf(store, received(many(0, 50)))));
    expect(outcomes.filter((outcome) => outcome === 'kept').length).toBeGreaterThan(0);
    expect(await count()).toBe(50);
    expect(await database.sql('select client, entries from received')).toEqual([
      { client: 'General Hospital', entries: 50 },
    ]);
  });

  test('and differs in anything else is another row: nothing is ever changed (CH-147)', async () => {
    const store = await open();
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
    expect(await count()).toBe(7);
    expect(await database.sql('select card from feedback where id = 1')).toEqual([{ card: first.card }]);
  });

  test('is kept as a whole or not at all', async () => {
    const { clock, pass } = stoppedClock();
    const store = createFeedbackStore(await database.open({ clock }));
    await database.sql(
      database.kind === 'sqlite'
        ? `create trigger refuse before insert on override_reason when new.code = 'refused'
           begin select raise(abort, 'refused'); end`
        : "alter table override_reason add constraint refuse check (code <> 'refused')",
    );
    const refused = entry(2, { overrideReasons: [{ code: 'refused' }] });
    expect(await refusalOf(store, received([entry(1), refused]))).toBe('other');
    expect(await count()).toBe(0);

    pass(1000);
    expect(await refusalOf(store, received([entry(1)]))).toBe('kept');
    expect(await count()).toBe(1);
  });

  test('is there after the store was closed and opened again', async () => {
    const first = await open();
    await first.append(received([entry(1)]));
    await first.close();
    const second = await open();
    await second.append(received([entry(1), entry(2)]));
    expect(await count()).toBe(2);
  });

  test('is what was said of a card: one of which nothing is said leaves no trace, least of all a rejection (CH-148)', async () => {
    const store = await open();
    await store.append(received([]));
    expect([await count(), await database.sql('select * from received')]).toEqual([0, []]);

    await store.append(received([entry(2, { outcome: 'accepted', acceptedSuggestions: [entry(7).card] })]));
    expect(await database.sql('select card, outcome from feedback')).toEqual([
      { card: entry(2).card, outcome: 'accepted' },
    ]);
  });

  test('as many as one call may hold are kept with all their parts', async () => {
    const entries = many(0, 200).map((one, number) => ({
      ...one,
      overrideReasons: Array.from({ length: 10 }, (_, reason) => ({ system: 'urn:a', code: `${number}-${reason}` })),
    }));
    const store = await open();
    await store.append(received(entries));
    expect(await count()).toBe(200);
    expect(
      await database.sql(
        "select f.card from feedback f join override_reason r on r.feedback = f.id where r.code like '17-%'",
      ),
    ).toEqual(Array.from({ length: 10 }, () => ({ card: entry(17).card })));
  });

  test('with a comment: it is kept if the operator says so, with the moment after which it has to go', async () => {
    const commented = (number: number) =>
      entry(number, { hasComment: true, comments: [`Ünclear ${number}`, 'and "so"'] });
    const silent = await open();
    await silent.append(received([commented(1)]));
    expect(await database.sql('select * from feedback_comment')).toEqual([]);

    const keeping = await open({ commentRetentionDays: 30 });
    await keeping.append(received([commented(2), commented(1), entry(3)]));
    expect(
      await database.sql(
        `select card, comment, delete_after from feedback_comment c join feedback f on f.id = c.feedback order by comment`,
      ),
    ).toEqual([
      { card: entry(2).card, comment: 'and "so"', delete_after: '2026-12-22T10:00:01.000Z' },
      { card: entry(2).card, comment: 'Ünclear 2', delete_after: '2026-12-22T10:00:01.000Z' },
    ]);
  });

  test('an error says nothing of what was to be kept', async () => {
    const store = await open({ commentRetentionDays: 1 });
    // PostgreSQL's own message has the whole row in it.
    await database.sql(
      database.kind === 'sqlite'
        ? `create trigger refuse before insert on feedback begin select raise(abort, 'refused'); end`
        : "alter table feedback add constraint refuse check (card = '')",
    );
    const secret = entry(1, { hasComment: true, comments: ['Mrs Someone'] });
    const thrown: unknown = await store.append(received([secret])).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FeedbackStoreError);
    const texts = [String(thrown), JSON.stringify(causeOf(thrown)), String(causeOf(thrown))];
    expect(texts[0]).toBe('FeedbackStoreError: Feedback could not be kept: other');
    expect(texts.join(' ')).not.toMatch(/4e0a3a1e|Hospital|asps-patient-view|Someone/);
  });

  test('of one client and day is limited: all of a call or none of it, and what is sent again does not count', async () => {
    const store = await open({ maxEntriesPerDay: 5 });
    expect(await refusalOf(store, received(many(0, 4)))).toBe('kept');
    expect(await refusalOf(store, received(many(0, 4)))).toBe('kept');
    expect(await refusalOf(store, received(many(4, 6)))).toBe('quota');
    expect(await count()).toBe(4);
    expect(await refusalOf(store, received(many(0, 5)))).toBe('kept');
    expect(await refusalOf(store, received(many(0, 5)))).toBe('kept');
    expect(await refusalOf(store, received(many(5, 6)))).toBe('quota');
    expect(await count()).toBe(5);
  });

  test('is acknowledged once it is kept, whether or not it could be counted: it would come again for nothing', async () => {
    const store = await open();
    await database.sql(
      database.kind === 'sqlite'
        ? "create trigger refuse before insert on received begin select raise(abort, 'refused'); end"
        : 'alter table received add constraint refuse check (entries < 0)',
    );
    expect(await refusalOf(store, received(many(0, 2)))).toBe('kept');
    expect([await count(), await database.sql('select * from received')]).toEqual([2, []]);
  });

  test('is limited by when it came, across the end of the process', async () => {
    const first = await open({ maxEntriesPerDay: 2 });
    expect(await refusalOf(first, received(many(0, 2), on('2026-11-22T23:59:59.999Z')))).toBe('kept');
    await first.close();
    const second = await open({ maxEntriesPerDay: 2 });
    expect(await refusalOf(second, received(many(2, 3), on('2026-11-22T00:00:00Z')))).toBe('quota');
    expect(await refusalOf(second, received(many(2, 4), on('2026-11-23T00:00:00Z')))).toBe('kept');
  });

  test('is limited for each client alone: the others are refused nothing on account of it', async () => {
    const store = await open({ maxEntriesPerDay: 1 });
    const senders = ['a', 'b', undefined].map((client) => ({ client }));
    const outcomes: string[] = [];
    for (const [at, sender] of senders.flatMap((one) => [one, one]).entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
      outcomes.push(await refusalOf(store, received([entry(at)], sender)));
    }
    expect(outcomes).toEqual(['kept', 'quota', 'kept', 'quota', 'kept', 'quota']);
  });

  test('comes out as it went in', async () => {
    const store = await open({ commentRetentionDays: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry(), { minLength: 1, maxLength: 20 }), async (generated) => {
        // Cards that no other run has had.
        const given = generated.map((one) => ({ ...one, card: randomUUID() }));
        await store.append(received(given, { client: undefined }));
        const found = await Promise.all(given.map(({ card }) => readBack(card)));
        expect(found).toEqual(given.map(inOrder));
      }),
      { numRuns: 40 },
    );
  });

  async function readBack(card: string): Promise<FeedbackEntry> {
    const found = (await database.sql(`select * from feedback where card = '${card}'`))[0] ?? {};
    const parts = (table: string, order: string) =>
      database.sql(`select * from ${table} where feedback = ${String(found['id'])} order by ${order}`);
    const outcome = found['outcome'] === 'accepted' ? 'accepted' : 'overridden';
    return inOrder({
      card: String(found['card']),
      outcome,
      outcomeTimestamp: String(found['outcome_timestamp']),
      hasComment: found['has_comment'] === 1,
      acceptedSuggestions: (await parts('accepted_suggestion', 'suggestion')).map((row) => String(row['suggestion'])),
      overrideReasons: (await parts('override_reason', 'code')).map((row) =>
        row['system'] === null
          ? { code: textOf(row['code']) }
          : { code: textOf(row['code']), system: textOf(row['system']) },
      ),
      comments: (await parts('feedback_comment', 'comment')).map((row) => String(row['comment'])),
    });
  }
});

function anyEntry(): fc.Arbitrary<FeedbackEntry> {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .filter((value) => !value.includes('\0') && value.isWellFormed());
  const instant = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const reason = fc.record({ code: text, system: text }, { requiredKeys: ['code'] });
  const common = { card: fc.constant(entry(0).card), outcomeTimestamp: instant };
  return fc.oneof(
    fc.record({
      ...common,
      outcome: fc.constant('accepted' as const),
      acceptedSuggestions: fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 5 }),
      overrideReasons: fc.constant([]),
      hasComment: fc.constant(false),
      comments: fc.constant([]),
    }),
    fc.record({
      ...common,
      outcome: fc.constant('overridden' as const),
      acceptedSuggestions: fc.constant([]),
      overrideReasons: fc.array(reason, { maxLength: 5 }),
      hasComment: fc.constant(true),
      comments: fc.array(text, { maxLength: 3 }),
    }),
  );
}

/** Of its parts no order is kept. */
function inOrder(given: FeedbackEntry): FeedbackEntry {
  const byText = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
  return {
    ...given,
    acceptedSuggestions: given.acceptedSuggestions.toSorted(byText),
    overrideReasons: given.overrideReasons
      .map(({ code, system }) => (system === undefined ? { code } : { code, system }))
      .toSorted(byText),
    comments: given.comments.toSorted(byText),
  };
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('It is not a text.');
  return value;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
