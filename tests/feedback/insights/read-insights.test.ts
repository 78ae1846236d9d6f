import { expect, test } from '@jest/globals';
import type { FeedbackEntry } from '../../../src/cds-hooks/feedback.ts';
import type { InsightsQuery, InsightsReport } from '../../../src/feedback/insights/insights.ts';
import { readInsights } from '../../../src/feedback/insights/read-insights.ts';
import { insightsTables } from '../../../src/feedback/insights/tables.ts';
import type { Showing, ShownCards } from '../../../src/feedback/showing.ts';
import { addTallies } from '../../../src/feedback/store/add-tallies.ts';
import { createFeedbackStore } from '../../../src/feedback/store/append-feedback.ts';
import type { Database } from '../../../src/feedback/store/database.ts';
import { recordShowings } from '../../../src/feedback/store/record-showings.ts';
import type { Tally } from '../../../src/feedback/tally.ts';
import { eachStore } from '../../support/store.ts';
import { entry, received } from '../feedback-fixtures.ts';
import { QUERY, WORDS } from './insights-fixtures.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const SYSTEM = 'urn:uuid:cf127cdb-1117-478c-881f-336eb32cc618';

/** A card that went out, with the uuid of the feedback fixtures. */
function showing(number: number, members: Partial<Showing> = {}): Showing {
  return {
    card: entry(number).card,
    cardId: 'baseline-brain-mri',
    version: '1.0.0',
    state: 'shown',
    indicator: 'info',
    suggestions: [],
    ...members,
  };
}

/** An answer with these cards, on a Tuesday. */
function answer(cards: readonly Showing[], members: Partial<ShownCards> = {}): ShownCards {
  return {
    client: 'General Hospital',
    service: 'asps-patient-view',
    hookInstance: '9a1f5d0e-0000-4000-8000-000000000000',
    shownAt: new Date('2026-11-17T10:00:00Z'),
    cards,
    ...members,
  };
}

function accepted(number: number, members: Partial<FeedbackEntry> = {}): FeedbackEntry {
  return entry(number, {
    outcome: 'accepted',
    acceptedSuggestions: ['0b0a3a1e-3283-4575-ab82-000000000001'],
    outcomeTimestamp: '2026-11-17T10:00:30.000Z',
    ...members,
  });
}

function overridden(number: number, ...codes: readonly string[]): FeedbackEntry {
  return entry(number, {
    overrideReasons: codes.map((code) => ({ code, system: SYSTEM })),
    outcomeTimestamp: '2026-11-17T10:00:50.000Z',
  });
}

function tally(members: Partial<Tally> & Pick<Tally, 'measure' | 'subject'>): Tally {
  return { day: '2026-11-17', client: 'General Hospital', service: 'asps-patient-view', count: 1, ...members };
}

function read(database: Database, query: Partial<InsightsQuery> = {}): Promise<InsightsReport> {
  return readInsights(database, { ...QUERY, ...query }, WORDS, NOW);
}

function append(database: Database, ...entries: readonly FeedbackEntry[]): Promise<void> {
  return createFeedbackStore(database).append(received(entries));
}

eachStore('What the insights read', (store) => {
  test('of an empty store is nothing, and no number that is none', async () => {
    const report = await read(await store.open());
    expect(report).toMatchObject({ cards: [], trends: [], reasons: [], shadow: [], ofUnknownCards: 0, comments: [] });
    const cells = insightsTables(report).flatMap(({ rows }) => rows.flat());
    expect(cells).not.toContain(Number.NaN);
    expect(cells).toEqual([0, '–', '–']);
  });

  test('is every showing once, with what became of it', async () => {
    const database = await store.open();
    const suggestions = ['0b0a3a1e-3283-4575-ab82-000000000001', '0b0a3a1e-3283-4575-ab82-000000000002'];
    await recordShowings(database, [
      answer([showing(1, { suggestions }), showing(2), showing(3), showing(4, { cardId: 'other' })]),
      answer([showing(5, { version: '1.1.0' }), showing(6, { state: 'shadow', version: '1.2.0' })], {
        service: 'asps-order-sign',
        client: undefined,
        shownAt: new Date('2026-11-18T10:00:00Z'),
      }),
    ]);
    await append(database, accepted(1), overridden(2, 'patient-declined', 'done-elsewhere'), overridden(4));
    await addTallies(database, [
      tally({ measure: 'judged', subject: 'baseline-brain-mri@1.0.0', count: 9 }),
      tally({ measure: 'judged', subject: 'baseline-brain-mri@1.0.0', count: 2, day: '2026-11-22' }),
      tally({ measure: 'judged-in-shadow', subject: 'baseline-brain-mri@1.2.0', count: 4 }),
      tally({ measure: 'call', subject: '200', count: 20 }),
      tally({ measure: 'answered', subject: 'asps', count: 10 }),
      tally({ measure: 'unread', subject: 'imagingStudies', count: 5 }),
      tally({ measure: 'duration', subject: '0.05', count: 20 }),
      tally({ measure: 'fhir', subject: 'ok', count: 7, client: undefined, service: '' }),
    ]);

    const report = await read(database);
    expect(report.cards).toMatchObject([
      {
        title: 'Baseline brain MRI at staging',
        version: '1.0.0',
        judged: 11,
        shown: 3,
        withSuggestion: { shown: 1, overridden: { count: 0, of: 1 } },
        accepted: { count: 1, of: 2 },
        overridden: { count: 1, of: 2 },
        noResponse: { count: 1, of: 3 },
        burden: 0,
        medianSecondsToOutcome: 40,
      },
      { version: '1.1.0', shown: 1, noResponse: { count: 1, of: 1 }, burden: undefined },
      { cardId: 'other', version: '1.0.0', shown: 1, overridden: { count: 1, of: 1 }, burden: undefined },
    ]);
    expect(report.cards).toHaveLength(3);
    expect(report.reasons).toMatchObject([
      { system: SYSTEM, code: 'done-elsewhere', given: { count: 1, of: 1 } },
      { system: SYSTEM, code: 'patient-declined', display: 'Patient declined', given: { count: 1, of: 1 } },
    ]);
    expect(report.byService.map(({ name, shown }) => [name, shown])).toEqual([
      ['asps-patient-view', 4],
      ['asps-order-sign', 1],
    ]);
    expect(report.byClient.map(({ name, shown }) => [name, shown])).toEqual([
      ['General Hospital', 4],
      [undefined, 1],
    ]);
    expect(report.shadow).toMatchObject([
      { version: '1.2.0', judged: 4, wouldHaveBeenShown: { count: 1, of: 4, rate: 0.25 } },
    ]);
    expect(report.health).toMatchObject({
      calls: 20,
      answered: { asps: 10 },
      latency: { n: 20, p50: 0.05 },
      fhir: [{ outcome: 'ok', count: 7 }],
      unread: [{ key: 'imagingStudies', missing: { count: 5, of: 10 } }],
    });
    expect(report.choices).toEqual({
      clients: ['General Hospital'],
      services: ['asps-order-sign', 'asps-patient-view'],
    });
    expect(report.trends.map(({ cardId, periods }) => [cardId, periods.map(({ shown }) => shown)])).toEqual([
      ['baseline-brain-mri', [0, 4]],
      ['other', [0, 1]],
    ]);
  });

  test('tells the answers to showings with a suggestion from the others, whatever else was said of a card', async () => {
    const database = await store.open();
    const suggestion = (number: number) => [`0b0a3a1e-3283-4575-ab82-00000000000${number}`];
    await recordShowings(database, [
      answer([1, 2, 3, 4].map((number) => showing(number, { suggestions: suggestion(number) }))),
      answer([showing(5), showing(6)]),
    ]);
    await append(database, ...[2, 3, 5, 6].map((number) => overridden(number)));
    await append(database, accepted(3));
    expect((await read(database)).cards).toMatchObject([
      {
        shown: 6,
        accepted: { count: 1, of: 4 },
        overridden: { count: 3, of: 4 },
        withSuggestion: { shown: 4, overridden: { count: 1, of: 2 } },
      },
    ]);
  });

  test('finds a showing that is recorded after the feedback on it came', async () => {
    const database = await store.open();
    await append(database, accepted(1));
    expect(await read(database)).toMatchObject({ cards: [], ofUnknownCards: 1 });
    await recordShowings(database, [answer([showing(1)])]);
    expect(await read(database)).toMatchObject({
      cards: [{ shown: 1, accepted: { count: 1, of: 1 } }],
      ofUnknownCards: 0,
    });
  });

  test('counts a card once, as accepted, whatever else was said of it', async () => {
    const database = await store.open();
    await recordShowings(database, [answer([showing(1), showing(2)])]);
    await append(database, overridden(1, 'patient-declined'), overridden(2, 'patient-declined'));
    await append(database, accepted(1), overridden(2, 'patient-declined', 'disagree'));
    const { cards, reasons } = await read(database);
    expect(cards).toMatchObject([
      { shown: 2, accepted: { count: 1, of: 2 }, overridden: { count: 1, of: 2 }, medianSecondsToOutcome: 40 },
    ]);
    // A reason of a card that was accepted in the end is none, and one that was given twice was given once.
    expect(reasons.map(({ code, given: { count, of } }) => [code, count, of])).toEqual([
      ['disagree', 1, 1],
      ['patient-declined', 1, 1],
    ]);
  });

  test('takes the window from midnight to midnight, UTC, by when a card was shown', async () => {
    const database = await store.open();
    const at = (number: number, instant: string) => answer([showing(number)], { shownAt: new Date(instant) });
    await recordShowings(database, [
      at(1, '2026-11-09T23:59:59.999Z'),
      at(2, '2026-11-10T00:00:00.000Z'),
      at(3, '2026-11-22T23:59:59.999Z'),
      at(4, '2026-11-23T00:00:00.000Z'),
    ]);
    // What came of it may come later.
    await createFeedbackStore(database).append(
      received([accepted(1), accepted(2), accepted(3), accepted(4)], { receivedAt: new Date('2026-12-24T10:00:00Z') }),
    );
    await addTallies(
      database,
      ['2026-11-09', '2026-11-10', '2026-11-22', '2026-11-23'].map((day) =>
        tally({ measure: 'call', subject: '200', day }),
      ),
    );
    const { cards, health } = await read(database);
    expect(cards).toMatchObject([{ shown: 2, accepted: { count: 2, of: 2 } }]);
    expect(health.calls).toBe(2);
  });

  test('leaves out times that no clinician takes', async () => {
    const database = await store.open();
    await recordShowings(database, [answer([1, 2, 3, 4].map((number) => showing(number)))]);
    const at = (number: number, outcomeTimestamp: string) => accepted(number, { outcomeTimestamp });
    await append(
      database,
      at(1, '2026-11-17T09:59:59.999Z'),
      at(2, '2026-11-17T10:00:00.000Z'),
      at(3, '2026-11-18T10:00:00.000Z'),
      at(4, '2026-11-18T10:00:00.001Z'),
    );
    const [card] = (await read(database)).cards;
    expect(card).toMatchObject({ accepted: { count: 4 }, medianSecondsToOutcome: 43_200 });
  });

  test('is of one client or one hook, if that is asked', async () => {
    const database = await store.open();
    await recordShowings(database, [
      answer([showing(1), showing(2)]),
      answer([showing(3)], { client: "St Elsewhere's" }),
      answer([showing(4)], { service: 'asps-order-sign' }),
    ]);
    await append(database, overridden(1, 'disagree'), overridden(3, 'patient-declined'), overridden(4, 'other-cancer'));
    await append(database, overridden(99));
    await createFeedbackStore(database).append(received([overridden(98)], { client: "St Elsewhere's" }));

    const all = await read(database);
    expect(all.cards).toMatchObject([{ shown: 4, overridden: { count: 3 } }]);
    expect(all.ofUnknownCards).toBe(2);

    const one = await read(database, { client: "St Elsewhere's" });
    expect(one.cards).toMatchObject([{ shown: 1, overridden: { count: 1 }, medianSecondsToOutcome: 50 }]);
    expect(one.reasons.map(({ code }) => code)).toEqual(['patient-declined']);
    expect(one.ofUnknownCards).toBe(1);
    expect(one.choices).toEqual(all.choices);

    const signing = await read(database, { service: 'asps-order-sign' });
    expect(signing.cards).toMatchObject([{ shown: 1, overridden: { count: 1 } }]);
    expect(signing.reasons.map(({ code }) => code)).toEqual(['other-cancer']);
    expect(await read(database, { client: 'Nobody' })).toMatchObject({ cards: [], reasons: [], ofUnknownCards: 0 });
  });

  test('marks the first day of a version, judged or shown, anywhere and in shadow too, after another version', async () => {
    const database = await store.open();
    const shown = (number: number, version: string, day: string, client = 'General Hospital') =>
      answer([showing(number, { version })], { client, shownAt: new Date(`${day}T10:00:00Z`) });
    await recordShowings(database, [
      shown(1, '1.0.0', '2026-10-01'),
      shown(2, '1.0.0', '2026-11-10'),
      shown(3, '1.1.0', '2026-11-12'),
      shown(4, '1.2.0', '2026-11-20'),
      shown(5, '1.3.0', '2026-11-16'),
      shown(6, '1.3.0', '2026-11-18', 'St Elsewhere'),
      answer([showing(7, { cardId: 'rare' })]),
    ]);
    await addTallies(database, [
      // It was judged before it was shown; the second before the window; the third was in shadow first.
      tally({ measure: 'judged', subject: 'baseline-brain-mri@1.1.0', day: '2026-11-11' }),
      tally({ measure: 'judged', subject: 'baseline-brain-mri@1.2.0', day: '2026-10-31' }),
      tally({ measure: 'judged', subject: 'baseline-brain-mri@1.3.0', day: '2026-11-16' }),
      tally({ measure: 'judged-in-shadow', subject: 'baseline-brain-mri@1.3.0', day: '2026-11-15' }),
      tally({ measure: 'call', subject: '200', day: '2026-10-01' }),
    ]);
    const inWindow = [
      { day: '2026-11-11', version: '1.1.0' },
      { day: '2026-11-15', version: '1.3.0' },
    ];
    const { trends, recordBegins } = await read(database);
    expect(recordBegins).toBe('2026-10-01');
    expect(trends.map(({ cardId, versions }) => [cardId, versions])).toEqual([
      ['baseline-brain-mri', inWindow],
      // It is no new version because nobody needed it before.
      ['rare', []],
    ]);
    const [earlier] = (await read(database, { from: '2026-10-01' })).trends;
    expect(earlier?.versions).toEqual([{ day: '2026-10-31', version: '1.2.0' }, ...inWindow]);
    const [elsewhere] = (await read(database, { client: 'St Elsewhere' })).trends;
    expect(elsewhere?.versions).toEqual(inWindow);
  });

  test('has the comments that may still be kept, the latest first', async () => {
    const database = await store.open();
    const feedback = createFeedbackStore(database, { commentRetentionDays: 3 });
    await recordShowings(database, [answer([showing(1)])]);
    const comment = (number: number, day: string, text: string) =>
      feedback.append(
        received([{ ...overridden(number), hasComment: true, comments: [text] }], {
          receivedAt: new Date(`${day}T10:00:00Z`),
        }),
      );
    await comment(1, '2026-11-20', 'Done last week');
    await comment(2, '2026-11-21', 'Which card?');
    await comment(3, '2026-11-18', 'Too old');
    expect((await read(database)).comments).toEqual([
      { cardId: undefined, at: '2026-11-21T10:00:00.000Z', comment: 'Which card?' },
      { cardId: 'baseline-brain-mri', at: '2026-11-20T10:00:00.000Z', comment: 'Done last week' },
    ]);
  });

  test('of a window before everything or of none is nothing', async () => {
    const database = await store.open();
    await recordShowings(database, [answer([showing(1)])]);
    expect((await read(database, { from: '2025-01-01', to: '2025-01-31' })).cards).toEqual([]);
    expect((await read(database, { from: '2026-11-20', to: '2026-11-10' })).cards).toEqual([]);
  });

  test('of a store that is closed is an error of the store', async () => {
    const database = await store.open();
    await database.close();
    await expect(read(database)).rejects.toMatchObject({ name: 'FeedbackStoreError' });
  });
});
