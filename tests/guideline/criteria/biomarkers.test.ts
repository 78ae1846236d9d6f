import { expect, test } from '@jest/globals';
import type { Chart } from '../../../src/chart/chart.ts';
import type { JsonObject } from '../../../src/chart/reading.ts';
import { BIOMARKER_CRITERIA } from '../../../src/guideline/criteria/biomarkers.ts';
import {
  chartFrom,
  chartOf,
  coded,
  complete,
  draftsOf,
  LOINC,
  named,
  observation,
  without,
} from '../../chart/builders.ts';

function answer(id: string, chart: Chart) {
  const criterion = BIOMARKER_CRITERIA.find((one) => one.id === id);
  if (criterion === undefined) throw new Error(`There is no criterion ${id}`);
  return criterion.evaluate(chart);
}

const observed = (...observationsBiomarkers: readonly JsonObject[]) => chartOf({ observationsBiomarkers });
const fish = (valueString: string) => observation(coded(LOINC, '95779-5'), { valueString });
const tmb = (valueQuantity: JsonObject) => observation(coded(LOINC, '94076-7'), { valueQuantity });

test.each<[string, Chart]>([
  ['tfe3-result', observed(fish('Positive'))],
  ['tfe3-positive', observed(fish('Positive'))],
  ['tfe3-negative', observed(fish('Negative'))],
  [
    'tfe3-staining',
    chartOf({
      diagnosticReports: [
        named('DiagnosticReport', 'Pathology', { status: 'final', conclusion: 'TFE3 nuclear staining strong' }),
      ],
    }),
  ],
  ['tfe3-ordered', chartOf({ serviceRequests: [named('ServiceRequest', 'TFE3 FISH', { status: 'active' })] })],
  ['tmb-high', observed(tmb({ value: 14, unit: 'mut/Mb' }))],
  ['tmb-not-interpretable', observed(tmb({ value: 14 }))],
])('%s: yes with what decided it, no for an empty chart, unknown for one that was not read', (id, chart) => {
  expect(answer(id, chart)).toMatchObject({
    state: 'yes',
    evidence: [{ reference: expect.stringMatching(/^[A-Z]\w+\/\w+$/) }],
  });
  expect(answer(id, chartOf({})).state).toBe('no');
  const unread = without(complete(), 'observationsBiomarkers', 'diagnosticReports', 'serviceRequests');
  expect(answer(id, chartFrom(unread)).state).toBe('unknown');
});

test('pd-l1-test-drafted names the test as an order at hand', () => {
  const drafts = draftsOf([named('ServiceRequest', 'PD-L1 IHC', { id: 'd1', status: 'draft' })]);
  expect(answer('pd-l1-test-drafted', chartOf({}, drafts)).evidence).toMatchObject([{ drug: 'PD-L1 test' }]);
  expect(BIOMARKER_CRITERIA.find(({ id }) => id === 'pd-l1-test-drafted')?.namesOrders).toBe(true);
  expect(answer('pd-l1-test-drafted', chartOf({})).state).toBe('no');
});
