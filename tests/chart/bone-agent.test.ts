import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import { ATC, chartFrom, chartOf, coded, complete, draftsOf, medicated, RXNORM, without } from './builders.ts';

const order = (drug: JsonObject | string, more: JsonObject = {}) =>
  medicated('MedicationRequest', drug, { status: 'active', intent: 'order', ...more });
const agent = (...medicationRequests: readonly JsonObject[]) =>
  chartOf({ medicationRequests }).exposureTo['bone-agent'];

describe('a bone agent', () => {
  test.each<[string, JsonObject | string, string]>([
    ['denosumab by RxNorm', coded(RXNORM, '993449'), 'denosumab'],
    ['denosumab by ATC', coded(ATC, 'M05BX04'), 'denosumab'],
    ['denosumab by brand', 'XGEVA 120 mg SC', 'denosumab'],
    ['zoledronic acid by RxNorm', coded(RXNORM, '77655'), 'zoledronic acid'],
    ['zoledronic acid in words', 'Zoledronic acid 4 mg IV', 'zoledronic acid'],
    ['pamidronate by RxNorm', coded(RXNORM, '11473'), 'pamidronate'],
    ['ibandronate by name', 'ibandronate 150 mg tablet', 'ibandronate'],
    ['alendronate by name', 'alendronate sodium 70 mg', 'alendronate'],
  ])('is %s', (_claim, drug, name) => {
    expect(agent(order(drug))).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'MedicationRequest/m1', drug: name }],
    });
  });

  test('is found among the administrations, and not where it was not given', () => {
    const given = medicated('MedicationAdministration', 'zoledronic acid', { status: 'completed' });
    expect(chartOf({ medicationAdministrations: [given] }).exposureTo['bone-agent'].state).toBe('yes');
    expect(agent(order('denosumab', { status: 'cancelled' })).state).toBe('no');
    expect(agent(order('calcium carbonate')).state).toBe('no');
  });

  test('that is only planned leaves it unknown', () => {
    expect(agent(order('denosumab', { intent: 'plan' }))).toMatchObject({ state: 'unknown', doubt: 'only-planned' });
  });

  test.each([
    ['medicationRequests', 'unknown'],
    ['medicationAdministrations', 'unknown'],
    ['medicationStatements', 'no'],
  ] as const)('none found, and %s not read, is %s', (key, state) => {
    expect(chartFrom(without(complete(), key)).exposureTo['bone-agent'].state).toBe(state);
  });

  test('is no systemic treatment of cancer, neither on file nor as a draft', () => {
    const chart = chartOf(
      { medicationRequests: [order('denosumab')] },
      draftsOf([order('zoledronic acid', { id: 'd1' })]),
    );
    expect(chart.exposures).toEqual([]);
    expect(chart.drafts?.flatMap(({ drugs }) => drugs)).toEqual([]);
    expect(chart.exposureTo['other-cytotoxic'].state).toBe('no');
    expect(chart.exposureTo['anti-angiogenic-tki'].state).toBe('no');
  });
});
