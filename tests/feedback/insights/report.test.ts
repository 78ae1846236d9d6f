import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { InsightsFigures } from '../../../src/feedback/insights/figures.ts';
import type { InsightsQuery, Outcomes } from '../../../src/feedback/insights/insights.ts';
import { reportOf } from '../../../src/feedback/insights/report.ts';
import { figures, NO_SUGGESTION, QUERY, responseTime, showings, tally, WORDS } from './insights-fixtures.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

function report(members: Partial<InsightsFigures>, query: Partial<InsightsQuery> = {}) {
  return reportOf({ ...QUERY, ...query }, figures(members), WORDS, NOW);
}

describe('of an empty store', () => {
  test('there is nothing to say, and no rate of anything', () => {
    expect(report({})).toEqual({
      query: QUERY,
      readAt: '2026-11-22T12:00:00.000Z',
      recordBegins: undefined,
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
      withSuggestion: { shown: 50, overridden: { count: 28, of: 40 } },
    });
    // The lower bound is 0.546.
    expect(card?.burden).toBeCloseTo(27.28, 2);
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

test('Cards stand by burden, then by how often they were shown; those without any after all that have one', () => {
  const { cards } = report({
    showings: [
      showings({ cardId: 'unanswered', showings: 900 }),
      showings({ cardId: 'nothing-offered', showings: 950, overridden: 400, withSuggestion: NO_SUGGESTION }),
      showings({ cardId: 'often-and-mild', showings: 100, overridden: 10, accepted: 40 }),
      showings({ cardId: 'rare-and-hated', showings: 10, overridden: 10 }),
      showings({ cardId: 'welcome', showings: 5, accepted: 5 }),
    ],
  });
  expect(cards.map(({ cardId, burden }) => [cardId, burden?.toFixed(1)])).toEqual([
    ['often-and-mild', '11.2'],
    ['rare-and-hated', '7.2'],
    ['welcome', '0.0'],
    ['nothing-offered', undefined],
    ['unanswered', undefined],
  ]);
});

test('A version that was answered once is no larger burden than one that a hundred answers say it of', () => {
  const { cards } = report({
    showings: [
      showings({ cardId: 'answered-once', showings: 200, overridden: 1 }),
      showings({ cardId: 'known', showings: 150, overridden: 70, accepted: 30 }),
    ],
  });
  expect(cards.map(({ cardId }) => cardId)).toEqual(['known', 'answered-once']);
});

describe('showings that offered no suggestion', () => {
  test('cannot be accepted: those who close them make no flag and no burden', () => {
    const [card] = report({
      showings: [showings({ showings: 100, overridden: 90, withSuggestion: NO_SUGGESTION })],
    }).cards;
    expect(card).toMatchObject({
      overridden: { count: 90, of: 90 },
      withSuggestion: { shown: 0, overridden: { count: 0, of: 0, rate: undefined } },
      burden: undefined,
      isFlagged: false,
    });
  });

  test('of a version that offers one elsewhere neither', () => {
    const [card] = report({
      showings: [
        showings({ showings: 30, overridden: 30, withSuggestion: NO_SUGGESTION }),
        showings({ showings: 8, accepted: 8, client: 'St Elsewhere' }),
      ],
    }).cards;
    expect(card).toMatchObject({ overridden: { count: 30, of: 38 }, burden: 0, isFlagged: false });
  });

  test('do not hide that those with one are overridden', () => {
    const [card] = report({
      showings: [
        showings({ showings: 40, accepted: 20, withSuggestion: NO_SUGGESTION }),
        showings({ showings: 25, overridden: 20, client: 'St Elsewhere' }),
      ],
    }).cards;
    expect(card).toMatchObject({ overridden: { count: 20, of: 40 }, isFlagged: true });
  });
});

describe('a trend', () => {
  test('has every week of the window, with those that nothing was shown in', () => {
    const [trend] = report({
      showings: [
        showings({ showings: 3, accepted: 1, client: 'A' }),
        showings({ showings: 2, accepted: 1, client: 'B' }),
      ],
    }).trends;
    expect(trend?.periods.map(({ begins, shown, accepted }) => [begins, shown, accepted.rate])).toEqual([
      ['2026-11-09', 0, undefined],
      ['2026-11-16', 5, 1],
    ]);
  });

  test('marks the versions that began within the window, after another one', () => {
    const ofMri = { cardId: 'baseline-brain-mri' };
    const firstDays = [
      { ...ofMri, version: '1.2.0', day: '2026-11-20' },
      { ...ofMri, version: '1.0.0', day: '2026-05-01' },
      { ...ofMri, version: '1.1.0', day: '2026-11-10' },
      { ...ofMri, version: '1.3.0', day: '2026-11-23' },
      { cardId: 'other', version: '7.0.0', day: '2026-11-18' },
    ];
    expect(report({ showings: [showings()], firstDays }).trends[0]?.versions).toEqual([
      { day: '2026-11-10', version: '1.1.0' },
      { day: '2026-11-20', version: '1.2.0' },
    ]);
  });

  test.each([
    ['one', ['1.0.0']],
    ['two that began on one day', ['1.0.0', '1.1.0']],
  ])('marks nothing where no version is on record before, as of %s: it may be older than the record', (_, versions) => {
    const firstDays = versions.map((version) => ({ cardId: 'baseline-brain-mri', version, day: '2026-11-17' }));
    const members = { recordBegins: '2026-11-10', showings: [showings()], firstDays };
    expect(report(members).trends[0]?.versions).toEqual([]);
  });

  test('has the same marks whichever client is looked at', () => {
    const members = {
      showings: [showings(), showings({ client: 'St Elsewhere' })],
      firstDays: ['2026-11-01', '2026-11-18'].map((day, at) => ({
        cardId: 'baseline-brain-mri',
        version: `1.${at}.0`,
        day,
      })),
    };
    for (const client of [undefined, 'General Hospital', 'St Elsewhere'])
      expect(report(members, { client }).trends[0]?.versions).toEqual([{ day: '2026-11-18', version: '1.1.0' }]);
  });

  test('knows of which weeks nothing is on record', () => {
    const weeksOnRecord = (recordBegins: string) =>
      report({ recordBegins, showings: [showings()] }).trends[0]?.periods.map(({ isOnRecord }) => isOnRecord);
    expect(weeksOnRecord('2026-11-15')).toEqual([true, true]);
    expect(weeksOnRecord('2026-11-16')).toEqual([false, true]);
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

  test("by HL7's code are counted with our own where the card says that it is the same", () => {
    const reason = { cardId: 'baseline-brain-mri', system: 'urn:hl7', code: 'PATOBJ', showings: 2 };
    const { reasons } = report({
      showings: [showings({ showings: 20, overridden: 6 }), showings({ cardId: 'other', showings: 9, overridden: 9 })],
      reasons: [reason, { ...reason, system: 'urn:x', code: 'patient-declined' }, { ...reason, cardId: 'other' }],
    });
    expect(reasons.map(({ cardId, system, code, given: { count, of } }) => [cardId, system, code, count, of])).toEqual([
      ['baseline-brain-mri', 'urn:x', 'patient-declined', 4, 6],
      ['other', 'urn:hl7', 'PATOBJ', 2, 9],
    ]);
  });

  test('by both codes at once are of no more than all that were overridden', () => {
    const reason = { cardId: 'baseline-brain-mri', system: 'urn:hl7', code: 'PATOBJ', showings: 2 };
    const { reasons } = report({
      showings: [showings({ showings: 3, overridden: 3 })],
      reasons: [reason, { ...reason, system: 'urn:x', code: 'patient-declined' }],
    });
    expect(reasons).toMatchObject([{ given: { count: 3, of: 3 } }]);
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
      period: fc.constantFrom('2026-11-09', '2026-11-16'),
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
      const periods = trends.flatMap((trend) => trend.periods);
      for (const outcomes of [...cards, ...periods, ...byClient, ...byService]) {
        const { shown, accepted, overridden, noResponse } = outcomes;
        expect(accepted.count + overridden.count + noResponse.count).toBe(shown);
        expect(outcomes.withSuggestion).toEqual({ shown, overridden });
        expect([accepted.of, overridden.of, noResponse.of]).toEqual([shown - noResponse.count, accepted.of, shown]);
        for (const part of [accepted, overridden, noResponse]) expect(part.rate === undefined).toBe(part.of === 0);
      }
      const shown = all.filter(({ state }) => state === 'shown');
      const total = [sum(shown, 'showings'), sum(shown, 'accepted'), sum(shown, 'overridden')];
      for (const parts of [cards, periods, byClient, byService]) expect(totals(parts)).toEqual(total);
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
