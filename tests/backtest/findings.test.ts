import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { EMPTY_SUMMARY, type ExportSummary, mergeSummaries } from '../../src/backtest/export-summary.ts';
import { EMPTY_FINDINGS, type Findings, mergeFindings } from '../../src/backtest/findings.ts';
import { FIXTURE_DATE } from '../../src/ehr-demo/hook-request.ts';
import { evaluated, exported } from './exported-patients.ts';

/** Each compares several large objects. */
const RUNS = { numRuns: 40 };

const count = fc.nat(1000);
const names = fc.constantFrom('a', 'b@1.0.0', '__proto__', 'constructor', 'toString', '2026-11-22');
const counts = fc.dictionary(names, count, { maxKeys: 3 });
const cards = fc.dictionary(
  names,
  fc.record({ shown: count, byIndicator: counts, cut: count, shadow: count, undecided: count }),
  { maxKeys: 3 },
);
const date = fc.record({
  established: count,
  suspected: count,
  absent: count,
  unanswered: count,
  failed: count,
  deceased: count,
  withCard: count,
  skippedResources: count,
  cards,
  unreadKeys: counts,
});

function findingsWith(ids: fc.Arbitrary<Findings['ids']>): fc.Arbitrary<Findings> {
  return fc.record({
    patients: count,
    undatedResources: count,
    encounters: fc.record({ ofPatients: count, withCard: count }),
    byDate: fc.dictionary(names, date, { maxKeys: 2 }),
    ids,
  });
}

/** No patient is in two of them. */
const parts = fc.tuple(
  ...['1', '2', '3'].map((part) =>
    findingsWith(fc.dictionary(fc.constantFrom(`a${part}`, `b${part}`), fc.constant({ [FIXTURE_DATE]: ['x@1'] }))),
  ),
) as fc.Arbitrary<[Findings, Findings, Findings]>;

const summaries: fc.Arbitrary<ExportSummary> = fc.record({
  lines: count,
  bytes: count,
  resourcesByType: counts,
  unreadableLines: count,
  brokenFiles: fc.uniqueArray(fc.constantFrom('x.ndjson', 'y.ndjson', 'z.ndjson')).map((files) => files.toSorted()),
  encountersByDay: counts,
});

describe.each([
  ['findings', mergeFindings as (one: unknown, other: unknown) => unknown, EMPTY_FINDINGS, parts],
  [
    'summaries',
    mergeSummaries as (one: unknown, other: unknown) => unknown,
    EMPTY_SUMMARY,
    fc.tuple(summaries, summaries, summaries),
  ],
] as const)('%s merge', (_name, merge, empty, three) => {
  test('in any order and grouping to the same', () => {
    fc.assert(
      fc.property(three as fc.Arbitrary<[unknown, unknown, unknown]>, ([one, two, other]) => {
        expect(merge(one, two)).toEqual(merge(two, one));
        expect(merge(merge(one, two), other)).toEqual(merge(one, merge(two, other)));
      }),
      RUNS,
    );
  });

  test('with nothing to themselves', () => {
    fc.assert(
      fc.property(three as fc.Arbitrary<[unknown, unknown, unknown]>, ([one]) => {
        expect(merge(one, empty)).toEqual(one);
        expect(merge(empty, one)).toEqual(one);
      }),
      RUNS,
    );
  });

  test('the same when they were written as JSON in between', () => {
    fc.assert(
      fc.property(three as fc.Arbitrary<[unknown, unknown, unknown]>, ([one, two]) => {
        const read = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        expect(merge(read(one), read(two))).toEqual(read(merge(one, two)));
      }),
      RUNS,
    );
  });
});

test('two patients with the same card are two for that card', async () => {
  const [one, two] = await Promise.all([
    evaluated(exported('metastatic-untreated')),
    evaluated({ ...exported('metastatic-untreated') }),
  ]);
  const both = mergeFindings(one, two).byDate[FIXTURE_DATE];
  const [name = ''] = Object.keys(both?.cards ?? {});
  expect([both?.withCard, both?.cards[name]?.shown, both?.cards[name]?.byIndicator]).toEqual([2, 2, { warning: 2 }]);
});
