import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { InsightsFigures } from '../../../src/feedback/insights/figures.ts';
import type { InsightsQuery, Outcomes } from '../../../src/feedback/insights/insights.ts';
import { reportOf } from '../../../src/feedback/insights/report.ts';
import { figures, QUERY, responseTime, showings, tally, WORDS } from './insights-fixtures.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

function report(members: Partial<InsightsFigures>, query: Partial<InsightsQuery> = {}) {
  return reportOf({ ...QUERY, ...query }, figures(members), WORDS, NOW);
}

describe('of an empty store', () => {
  test('there is nothing to say, and no rate of anything', () => {
    expect(report({})).toEqual({
      query: QUERY,
      readAt: '2026-11-22T12:00:00.000Z',
      cards: [],
      trends: [],
      reasons: [],
      byService: [],
      byClient: [],
      shadow: [],
      health: {
        calls: 0,
        byStatus: [],
        answered: { asps: 0, suspected: 0, notAsps: 0 },
        latency: { n: 0, p50: undefined, p95: undefined },
        fhir: [],
        unread: [],
      },
      ofUnknownCards: 0,
      comments: [],
      choices: { clients: [], services: [] },
    });
  });
});

describe('a version of a card', () => {
  test('has its outcomes with what they are of', () => {
    const [card] = report({
      showings: [showings({ showings: 50, accepted: 12, overridden: 28 })],
      tallies: [
        tally('judged', 'baseline-brain-mri@1.0.0', { count: 70 }),
        tally('judged', 'baseline-brain-mri@1.0.0', { count: 10, client: 'St Elsewhere' }),
        tally('cut', 'baseline-brain-mri@1.0.0', { count: 3 }),
      ],
    }).cards;
    expect(card).toMatchObject({
      cardId: 'baseline-brain-mri',
      title: 'Baseline brain MRI at staging',
      version: '1.0.0',
      judged: 80,
      cut: 3,
      shown: 50,
      accepted: { count: 12, of: 40, rate: 0.3 },
      overridden: { count: 28, of: 40, rate: 0.7 },
      noResponse: { count: 10, of: 50, rate: 0.2 },
      burden: 35,
    });
    expect(card?.accepted.interval?.map((bound) => bound.toFixed(3))).toEqual(['0.181', '0.454']);
  });

  test('is there though it was never shown, and has no rates then', () => {
    const [card] = report({ tallies: [tally('judged', 'baseline-brain-mri@1.0.0', { count: 7 })] }).cards;
    expect(card).toMatchObject({ judged: 7, shown: 0, burden: undefined, isFlagged: false });
    expect(card?.overridden).toEqual({ count: 0, of: 0, rate: undefined, interval: undefined });
  });

  test('is apart from the next one', () => {
    const { cards } = report({
      showings: [showings({ showings: 4 }), showings({ showings: 2, version: '1.1.0' })],
    });
    expect(cards.map(({ version, shown }) => [version, shown])).toEqual([
      ['1.0.0', 4],
      ['1.1.0', 2],
    ]);
  });

  test.each([
    { overridden: 20, accepted: 0, isFlagged: true },
    { overridden: 19, accepted: 0, isFlagged: false },
    // Three quarters: the interval begins at 0.53; then at 0.48.
    { overridden: 15, accepted: 5, isFlagged: true },
    { overridden: 14, accepted: 6, isFlagged: false },
  ])('overridden $overridden times and accepted $accepted is flagged: $isFlagged', ({ isFlagged, ...counts }) => {
    const [card] = report({ showings: [showings({ showings: 100, ...counts })] }).cards;
    expect(card?.isFlagged).toBe(isFlagged);
  });

  test('has the median of its times, and none of none', () => {
    const shown = [showings({ showings: 4, accepted: 3 })];
    const medianOf = (...seconds: readonly number[]) =>
      report({ showings: shown, responseTimes: seconds.map(responseTime) }).cards[0]?.medianSecondsToOutcome;
    expect(medianOf(40, 3, 9)).toBe(9);
    expect(medianOf(40, 3, 9, 11)).toBe(10);
    expect(medianOf()).toBeUndefined();
  });

  test('without a title, as of a card that is no more, goes by its id', () => {
    expect(report({ showings: [showings({ cardId: 'gone' })] }).cards[0]?.title).toBe('gone');
  });
});

test('Cards stand by burden, then by how often they were shown; without an answer, after all that have one', () => {
  const { cards } = report({
    showings: [
      showings({ cardId: 'unanswered', showings: 900 }),
      showings({ cardId: 'often-and-mild', showings: 100, overridden: 10, accepted: 40 }),
      showings({ cardId: 'rare-and-hated', showings: 10, overridden: 10 }),
      showings({ cardId: 'welcome', showings: 5, accepted: 5 }),
    ],
  });
  expect(cards.map(({ cardId, burden }) => [cardId, burden])).toEqual([
    ['often-and-mild', 20],
    ['rare-and-hated', 10],
    ['welcome', 0],
    ['unanswered', undefined],
  ]);
});

test('A version that never offers a suggestion cannot be accepted, and is not flagged for it', () => {
  const shown = showings({ showings: 100, overridden: 90 });
  const flagOf = (acceptable: number) => report({ showings: [{ ...shown, acceptable }] }).cards[0];
  expect(flagOf(0)).toMatchObject({ acceptable: 0, isFlagged: false, burden: 100 });
  expect(flagOf(100)).toMatchObject({ acceptable: 100, isFlagged: true, burden: 100 });
});

describe('a trend', () => {
  test('has every week of the window, with those that nothing was shown in', () => {
    const [trend] = report({
      showings: [
        showings({ showings: 3, accepted: 1, client: 'A' }),
        showings({ showings: 2, accepted: 1, client: 'B' }),
      ],
    }).trends;
    expect(trend?.weeks.map(({ week, shown, accepted }) => [week, shown, accepted.rate])).toEqual([
      ['2026-11-09', 0, undefined],
      ['2026-11-16', 5, 1],
    ]);
  });

  test('marks the first day of a version, be it judged or shown', () => {
    const [trend] = report({
      recordBegins: '2026-01-01',
      seenBefore: new Set(['baseline-brain-mri@1.0.0']),
      showings: [showings(), showings({ version: '1.1.0', firstDay: '2026-11-19' })],
      tallies: [
        tally('judged', 'baseline-brain-mri@1.0.0', { firstDay: '2026-11-10' }),
        tally('judged', 'baseline-brain-mri@1.1.0', { firstDay: '2026-11-18' }),
        tally('judged', 'baseline-brain-mri@1.2.0', { firstDay: '2026-11-20' }),
        tally('judged-in-shadow', 'baseline-brain-mri@1.3.0', { firstDay: '2026-11-21' }),
      ],
    }).trends;
    expect(trend?.versions).toEqual([
      { day: '2026-11-18', version: '1.1.0' },
      { day: '2026-11-20', version: '1.2.0' },
    ]);
  });

  test('marks nothing on the first day of the record: it may be older', () => {
    const members = {
      recordBegins: '2026-11-17',
      showings: [showings(), showings({ version: '2.0.0', firstDay: '2026-11-18' })],
    };
    expect(report(members).trends[0]?.versions).toEqual([{ day: '2026-11-18', version: '2.0.0' }]);
  });

  test('is there of cards that were shown alone', () => {
    expect(report({ tallies: [tally('judged', 'baseline-brain-mri@1.0.0')] }).trends).toEqual([]);
  });
});

describe('reasons', () => {
  test('are ranked by card, of all showings of it that were overridden', () => {
    const { reasons } = report({
      showings: [
        showings({ showings: 20, overridden: 6 }),
        showings({ showings: 20, overridden: 2, version: '1.1.0' }),
        showings({ cardId: 'other', showings: 90, overridden: 60 }),
      ],
      reasons: [
        { cardId: 'baseline-brain-mri', system: undefined, code: 'too-late', showings: 1 },
        { cardId: 'baseline-brain-mri', system: 'urn:x', code: 'patient-declined', showings: 3 },
        { cardId: 'baseline-brain-mri', system: 'urn:x', code: 'patient-declined', showings: 2 },
        { cardId: 'other', system: 'urn:x', code: 'disagree', showings: 30 },
      ],
    });
    expect(
      reasons.map(({ cardId, code, display, given: { count, of } }) => [cardId, code, display, count, of]),
    ).toEqual([
      ['other', 'disagree', undefined, 30, 60],
      ['baseline-brain-mri', 'patient-declined', 'Patient declined', 5, 8],
      ['baseline-brain-mri', 'too-late', undefined, 1, 8],
    ]);
  });

  test('of the same code in two systems are two', () => {
    const reason = { cardId: 'baseline-brain-mri', code: 'other', showings: 1 };
    const { reasons } = report({
      showings: [showings({ showings: 2, overridden: 2 })],
      reasons: [
        { ...reason, system: 'urn:b' },
        { ...reason, system: undefined },
      ],
    });
    expect(reasons.map(({ system }) => system)).toEqual([undefined, 'urn:b']);
  });
});

describe('a card in shadow', () => {
  test('is not among those that were shown', () => {
    const { cards, shadow, byService } = report({
      showings: [showings({ state: 'shadow', showings: 4 })],
      tallies: [tally('judged-in-shadow', 'baseline-brain-mri@1.0.0', { count: 16 })],
    });
    expect(cards).toEqual([]);
    expect(byService).toEqual([]);
    expect(shadow).toMatchObject([
      { version: '1.0.0', judged: 16, wouldHaveBeenShown: { count: 4, of: 16, rate: 0.25 } },
    ]);
  });

  test('is there though it never applied', () => {
    const { shadow } = report({ tallies: [tally('judged-in-shadow', 'baseline-brain-mri@1.0.0', { count: 16 })] });
    expect(shadow).toMatchObject([{ wouldHaveBeenShown: { count: 0, of: 16 } }]);
  });

  test('never applied more often than it was judged, though tallies were lost', () => {
    const { shadow } = report({ showings: [showings({ state: 'shadow', showings: 4 })] });
    expect(shadow).toMatchObject([{ judged: 4, wouldHaveBeenShown: { count: 4, of: 4 } }]);
  });
});

describe('health', () => {
  test('says the class of time in which half and 95 % of the calls are', () => {
    const { latency } = report({
      tallies: [
        tally('duration', '0.05', { count: 50 }),
        tally('duration', '2.5', { count: 5 }),
        tally('duration', '0.005', { count: 45 }),
      ],
    }).health;
    expect(latency).toEqual({ n: 100, p50: 0.05, p95: 0.05 });
  });

  test('says of calls past the last class that they are', () => {
    const { latency } = report({
      tallies: [tally('duration', '+Inf', { count: 1 }), tally('duration', '10', { count: 1 })],
    }).health;
    expect(latency).toEqual({ n: 2, p50: 10, p95: Number.POSITIVE_INFINITY });
  });

  test('counts calls by status, answers by patient, FHIR requests and missing parts', () => {
    const { health } = report({
      tallies: [
        tally('call', '503', { count: 2 }),
        tally('call', '200', { count: 98 }),
        tally('answered', 'not-asps', { count: 90 }),
        tally('answered', 'asps', { count: 6 }),
        tally('answered', 'suspected', { count: 2 }),
        tally('fhir', 'timeout', { count: 1 }),
        tally('fhir', 'ok', { count: 30 }),
        tally('unread', 'imagingStudies', { count: 4 }),
      ],
    });
    expect(health).toMatchObject({
      calls: 100,
      byStatus: [
        { status: '200', count: 98 },
        { status: '503', count: 2 },
      ],
      answered: { asps: 6, suspected: 2, notAsps: 90 },
      fhir: [
        { outcome: 'ok', count: 30 },
        { outcome: 'timeout', count: 1 },
      ],
      unread: [{ key: 'imagingStudies', missing: { count: 4, of: 8, rate: 0.5 } }],
    });
  });
});

describe('one client or service', () => {
  const members = {
    showings: [
      showings({ showings: 3 }),
      showings({ showings: 5, client: 'St Elsewhere' }),
      showings({ showings: 7, service: 'asps-order-sign' }),
      showings({ showings: 11, client: undefined, state: 'shadow' as const }),
    ],
    tallies: [
      tally('call', '200', { count: 3 }),
      tally('call', '200', { count: 5, client: 'St Elsewhere' }),
      tally('call', '401', { count: 1, client: undefined, service: 'asps-order-select' }),
      tally('fhir', 'ok', { count: 9 }),
    ],
  };

  test('is what is looked at, and all can be chosen still', () => {
    const { cards, health, choices } = report(members, { client: 'General Hospital', service: 'asps-patient-view' });
    expect(cards.map(({ shown }) => shown)).toEqual([3]);
    expect(health.calls).toBe(3);
    expect(choices).toEqual({
      clients: ['General Hospital', 'St Elsewhere'],
      services: ['asps-order-select', 'asps-order-sign', 'asps-patient-view'],
    });
  });

  test('does not change what is counted by neither', () => {
    expect(report(members, { client: 'St Elsewhere' }).health.fhir).toEqual([{ outcome: 'ok', count: 9 }]);
  });

  test('that nothing is on record of can be left again', () => {
    const { cards, choices } = report(members, { client: 'Nowhere' });
    expect(cards).toEqual([]);
    expect(choices.clients).toContain('Nowhere');
  });
});

const COUNTS = fc
  .tuple(fc.nat({ max: 300 }), fc.nat({ max: 300 }), fc.nat({ max: 300 }))
  .map(([accepted, overridden, silent]) => ({ accepted, overridden, showings: accepted + overridden + silent }));
const SHOWINGS = fc.array(
  fc
    .record({
      counts: COUNTS,
      week: fc.constantFrom('2026-11-09', '2026-11-16'),
      cardId: fc.constantFrom('a', 'b', 'c'),
      version: fc.constantFrom('1.0.0', '1.1.0'),
      state: fc.constantFrom('shown' as const, 'shadow' as const),
      client: fc.constantFrom(undefined, 'A', 'B'),
      service: fc.constantFrom('asps-patient-view', 'asps-order-sign'),
    })
    .map(({ counts, ...members }) => showings({ ...members, ...counts })),
  { maxLength: 40 },
);

test('Whatever was shown, everything adds up, and silence is no rejection (CH-148)', () => {
  fc.assert(
    fc.property(SHOWINGS, (all) => {
      const { cards, trends, byClient, byService, shadow } = report({ showings: all });
      const weeks = trends.flatMap((trend) => trend.weeks);
      for (const outcomes of [...cards, ...weeks, ...byClient, ...byService]) {
        const { shown, accepted, overridden, noResponse } = outcomes;
        expect(accepted.count + overridden.count + noResponse.count).toBe(shown);
        expect([accepted.of, overridden.of, noResponse.of]).toEqual([shown - noResponse.count, accepted.of, shown]);
        for (const part of [accepted, overridden, noResponse]) expect(part.rate === undefined).toBe(part.of === 0);
      }
      const shown = all.filter(({ state }) => state === 'shown');
      const total = [sum(shown, 'showings'), sum(shown, 'accepted'), sum(shown, 'overridden')];
      for (const parts of [cards, weeks, byClient, byService]) expect(totals(parts)).toEqual(total);
      const ofShadow = all.filter(({ state }) => state === 'shadow');
      expect(shadow.reduce((count, { wouldHaveBeenShown }) => count + wouldHaveBeenShown.count, 0)).toBe(
        sum(ofShadow, 'showings'),
      );
    }),
  );
});

function sum(all: readonly ReturnType<typeof showings>[], key: 'showings' | 'accepted' | 'overridden'): number {
  return all.reduce((total, counts) => total + counts[key], 0);
}

function totals(parts: readonly Outcomes[]): readonly number[] {
  return parts.reduce(
    ([shown = 0, accepted = 0, overridden = 0], part) => [
      shown + part.shown,
      accepted + part.accepted.count,
      overridden + part.overridden.count,
    ],
    [0, 0, 0],
  );
}
