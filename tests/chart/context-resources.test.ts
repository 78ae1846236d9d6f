import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { diagnoseFrom } from '../../src/chart/chart.ts';
import { withConditions } from '../../src/chart/context-resources.ts';
import type { JsonObject, Reading, Readings } from '../../src/chart/reading.ts';
import { asps, coded, condition, ICD, terminology, verified } from './builders.ts';

const other = condition(coded(ICD, 'I10'), { id: 'pressure' });
const bundleOf = (...resources: readonly unknown[]): JsonObject => ({
  resourceType: 'Bundle',
  entry: resources.map((resource) => ({ resource })),
});
const all = (...resources: readonly JsonObject[]): Reading => ({ state: 'complete', resources });

function merged(onFile: Reading | undefined, bundle: JsonObject | undefined) {
  const before: Readings = new Map(onFile === undefined ? [] : [['conditions', onFile]]);
  const { readings, skipped } = withConditions(before, bundle, 'p1');
  return { reading: readings.get('conditions'), skipped, certainty: diagnoseFrom(readings, terminology).certainty };
}

describe('the problems just added are part of the chart (rule 6)', () => {
  test('they stand beside those on file', () => {
    expect(merged(all(other), bundleOf(asps()))).toEqual({
      reading: all(other, asps()),
      skipped: 0,
      certainty: 'established',
    });
  });

  test('one with the id of one on file takes its place', () => {
    const before = asps(verified('provisional'));
    expect(merged(all(before, other), bundleOf(asps()))).toMatchObject({ reading: all(other, asps()) });
    expect(merged(all(asps()), bundleOf(asps(verified('entered-in-error'))))).toMatchObject({ certainty: 'absent' });
  });

  test('of two with one id the last counts; without an id each does', () => {
    const nameless = condition('ASPS?', { id: undefined });
    const bundle = bundleOf(asps(verified('provisional')), nameless, asps(), nameless);
    expect(merged(all(), bundle).reading).toEqual(all(asps(), nameless));
    expect(merged(all(nameless), bundleOf(condition('Cough', { id: undefined }))).reading).toMatchObject({
      resources: [nameless, condition('Cough', { id: undefined })],
    });
  });

  test("another patient's and other resources are left out and counted, and take nobody's place", () => {
    const foreign = asps({ code: { text: 'foreign' }, subject: { reference: 'Patient/p2' } });
    const bundle = bundleOf(foreign, { ...other, resourceType: 'Observation' });
    expect(merged(all(asps()), bundle)).toEqual({ reading: all(asps()), skipped: 2, certainty: 'established' });
  });

  test.each<[string, JsonObject]>([
    ['refuted', verified('refuted')],
    ['entered in error', verified('entered-in-error')],
  ])('one that is %s establishes nothing', (_claim, more) => {
    expect(merged(all(), bundleOf(asps(more))).certainty).toBe('absent');
  });
});

describe('where the Conditions on file could not be read, those of the context are some of them, never all', () => {
  const context = bundleOf(asps());

  test.each<[string, Reading | undefined, object]>([
    ['all read', all(), { state: 'complete' }],
    ['some read', { state: 'incomplete', resources: [other], reason: 'more-pages' }, { reason: 'more-pages' }],
    ['not read', { state: 'unread', reason: 'refused' }, { state: 'incomplete', reason: 'refused' }],
    ['not asked for', undefined, { state: 'incomplete', reason: 'not-sent' }],
  ])('%s', (_claim, onFile, expected) => {
    const { reading, certainty } = merged(onFile, context);
    expect([reading, certainty]).toEqual([expect.objectContaining(expected), 'established']);
  });

  test.each([undefined, { resourceType: 'Bundle' }, bundleOf(), bundleOf({ resourceType: 'Patient', id: 'p1' })])(
    'nothing in the context, %j, leaves them as they are',
    (bundle) => {
      const unread: Reading = { state: 'unread', reason: 'failed' };
      expect(merged(unread, bundle).reading).toBe(unread);
      expect(merged(undefined, bundle).reading).toBeUndefined();
    },
  );
});

describe('an entry that cannot be read', () => {
  test.each([null, 1, 'x', [], {}, { resource: null }, { resource: [] }, { resource: { id: 'asps' } }])(
    '%j is counted, and the Conditions are not all known any more',
    (entry) => {
      const bundle = { resourceType: 'Bundle', entry: [entry, { resource: asps() }] };
      expect(merged(all(other), bundle)).toEqual({
        reading: { state: 'incomplete', resources: [other, asps()], reason: 'malformed' },
        skipped: 1,
        certainty: 'established',
      });
    },
  );

  test('whatever stands in a context, it is read without a throw', () => {
    const resource = fc.tuple(fc.jsonValue(), fc.jsonValue()).map(([id, code]) => ({ ...asps(), id, code }));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), resource)), fc.jsonValue(), (resources, entry) => {
        expect(merged(all(asps()), bundleOf(...resources))).toBeDefined();
        expect(merged(all(asps()), { entry })).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });
});
