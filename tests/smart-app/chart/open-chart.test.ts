import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RESOURCE_KEYS, type Reading, type ResourceKey } from '../../../src/chart/reading.ts';
import { situationOf } from '../../../src/smart-app/chart/open-chart.ts';
import type { ChartProgress } from '../../../src/smart-app/chart/read-chart.ts';
import { chartOf } from '../../guideline/patient-chart.ts';
import { guideline, TODAY } from '../../support/service.ts';

const FORBIDDEN = { status: 403, says: 'Forbidden' };

function progressOf(readings: Iterable<readonly [ResourceKey, Reading]>): ChartProgress {
  const read = new Map(readings);
  return {
    readings: read,
    pending: new Set(RESOURCE_KEYS.filter((key) => !read.has(key))),
    answers: new Map([['conditions', FORBIDDEN]]),
    skipped: 0,
  };
}

function open(progress: ChartProgress, patientId = 'p1', openedFrom?: string) {
  return situationOf({ guideline, progress, patientId, openedFrom, now: TODAY });
}

const conditions = (reading: Reading) => progressOf([['conditions', reading]]);

test('without the problem list nothing is said yet', () => {
  expect(open(progressOf([['patient', { state: 'complete', resources: [] }]]))).toEqual({ kind: 'reading' });
});

test('a problem list that could not be read is no absence of ASPS', () => {
  const reading = { state: 'unread', reason: 'refused' } as const;
  expect(open(conditions(reading))).toEqual({ kind: 'conditions-unread', reading, answer: FORBIDDEN });
});

test.each([
  ['complete', true],
  ['incomplete', false],
] as const)('a problem list without ASPS that is %s says how much was looked at', (state, isWhole) => {
  const resources = [
    { resourceType: 'Condition', code: { text: 'Gout' } },
    { resourceType: 'Medication', id: 'm' },
  ];
  const reading: Reading = state === 'complete' ? { state, resources } : { state, resources, reason: 'more-pages' };
  expect(open(conditions(reading))).toMatchObject({ kind: 'no-asps', conditions: 1, isWhole, answer: FORBIDDEN });
});

test.each(['metastatic-untreated', 'abbreviation-only', 'hostile-text', 'remission'])(
  'the chart of %s is that of the service, and keeps what is pending',
  async (id) => {
    const { readings, diagnosis, spread } = await chartOf(id);
    const state = open({ ...progressOf(readings), pending: new Set(['encounters']) }, id, 'no-such-card');
    if (state.kind !== 'asps') throw new Error(state.kind);
    expect(state.situation.chart.diagnosis).toEqual(diagnosis);
    expect(state.situation.chart.spread).toEqual(spread);
    expect(state.situation.pending).toEqual(new Set(['encounters']));
    expect(state.situation.openedFrom).toBeUndefined();
  },
);

test('the card that the app was opened from is one of the guideline', async () => {
  const { readings } = await chartOf('metastatic-untreated');
  const id = guideline.cards[0]?.file.id;
  expect(open(progressOf(readings), 'metastatic-untreated', id)).toMatchObject({ situation: { openedFrom: id } });
});

test('whatever stands in a chart, it opens', () => {
  const resource = fc
    .dictionary(fc.string(), fc.jsonValue())
    .map((members) => ({ ...members, resourceType: 'Condition' }));
  const asps = { resourceType: 'Condition', code: { text: 'Alveolar soft part sarcoma' } };
  fc.assert(
    fc.property(fc.array(resource), fc.boolean(), (resources, hasAsps) => {
      const state = open(conditions({ state: 'complete', resources: hasAsps ? [...resources, asps] : resources }));
      expect(state.kind).toBe(hasAsps ? 'asps' : 'no-asps');
    }),
  );
});
