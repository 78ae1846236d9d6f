import { describe, expect, test } from '@jest/globals';
import type { Fact } from '../../../src/chart/fact.ts';
import type { JsonObject } from '../../../src/chart/reading.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import {
  asps,
  chartFrom,
  chartOf,
  coded,
  complete,
  medicated,
  type Parts,
  SNOMED,
  without,
} from '../../chart/builders.ts';

const had = (drug: string, more: JsonObject = {}) =>
  medicated('MedicationRequest', drug, { status: 'stopped', intent: 'order', authoredOn: '2026-08-03', ...more });

function ask(id: string, parts: Parts): Fact {
  const fact = CRITERIA.get(id)?.evaluate(chartOf(parts));
  if (fact === undefined) throw new Error(`There is no criterion ${id}`);
  return fact;
}

describe.each([
  ['pembrolizumab-exposure', 'pembrolizumab', 'atezolizumab'],
  ['cytotoxic-exposure', 'doxorubicin', 'pazopanib'],
  ['cytotoxic-exposure', 'ifosfamide', 'nivolumab'],
])('%s: %s', (id, drug, another) => {
  test('yes when it was had, no when another was', () => {
    expect(ask(id, { medicationRequests: [had(drug)] })).toMatchObject({ state: 'yes', evidence: [{ drug }] });
    expect(ask(id, { medicationRequests: [had(another)] })).toMatchObject({ state: 'no', evidence: [] });
  });

  test('unknown when it is only planned, or a source was not read', () => {
    expect(ask(id, { medicationRequests: [had(drug, { intent: 'plan' })] })).toMatchObject({
      state: 'unknown',
      doubt: 'only-planned',
    });
    for (const key of ['medicationRequests', 'medicationAdministrations'] as const) {
      expect(CRITERIA.get(id)?.evaluate(chartFrom(without(complete(), key)))).toMatchObject({
        state: 'unknown',
        unread: [{ key }],
      });
    }
  });
});

test.each([
  ['systemic-therapy-ongoing', 'ongoing'],
  ['progression-on-systemic-therapy', 'progressionOnLatest'],
  ['progression-on-immunotherapy', 'progressionOnImmunotherapy'],
  ['progression-on-tki', 'progressionOnTki'],
  ['disease-worsened', 'worsened'],
  ['stable-or-better', 'stableOrBetter'],
  ['responding', 'responding'],
  ['late-response-window', 'lateResponseWindow'],
  ['immunotherapy-not-tolerated', 'immunotherapyNotTolerated'],
  ['atezolizumab-long', 'atezolizumabLong'],
] as const)('%s is the chart’s %s', (id, member) => {
  const chart = chartOf({ conditions: [asps()], medicationRequests: [had('atezolizumab', { status: 'active' })] });
  expect(CRITERIA.get(id)?.evaluate(chart)).toBe(chart.therapy[member]);
});

describe.each([
  ['immunotherapy-progressed', 'atezolizumab', 'progressionOnImmunotherapy'],
  ['tki-progressed', 'pazopanib', 'progressionOnTki'],
] as const)('%s', (id, drug, member) => {
  test('is no where the drug was never had', () => {
    expect(ask(id, {})).toMatchObject({ state: 'no', evidence: [] });
  });

  test('is the chart’s answer where it was had', () => {
    const chart = chartOf({ medicationRequests: [had(drug)] });
    expect(chart.therapy[member].state).toBe('unknown');
    expect(CRITERIA.get(id)?.evaluate(chart)).toBe(chart.therapy[member]);
  });

  test('stays open where it may have been had, and names what could not be read', () => {
    const chart = chartFrom(without(complete(), 'medicationRequests', 'observationsDiseaseStatus'));
    expect(CRITERIA.get(id)?.evaluate(chart)).toMatchObject({
      state: 'unknown',
      unread: [{ key: 'medicationRequests' }, { key: 'observationsDiseaseStatus' }],
    });
  });

  test('is yes by a recorded progression', () => {
    const stopped = had(drug, { statusReason: coded(SNOMED, '266721009') });
    expect(ask(id, { medicationRequests: [stopped] }).state).toBe('yes');
  });
});

describe('immunotherapy-ongoing', () => {
  const id = 'immunotherapy-ongoing';

  test('is yes for one that goes on, no for one that is over and for another drug', () => {
    expect(ask(id, { medicationRequests: [had('nivolumab', { status: 'active' })] })).toMatchObject({
      state: 'yes',
      evidence: [{ drug: 'nivolumab' }],
    });
    expect(ask(id, { medicationRequests: [had('nivolumab', { authoredOn: '2025-01-07' })] }).state).toBe('no');
    expect(ask(id, { medicationRequests: [had('pazopanib', { status: 'active' })] }).state).toBe('no');
  });

  test('is unknown for one that may go on, and where orders were not read', () => {
    expect(ask(id, { medicationRequests: [had('nivolumab', { status: 'unknown' })] }).state).toBe('unknown');
    expect(CRITERIA.get(id)?.evaluate(chartFrom(without(complete(), 'medicationRequests')))?.state).toBe('unknown');
  });
});

describe('a combination', () => {
  const active = (drug: string) => had(drug, { id: drug, status: 'active' });

  test.each<[string, readonly JsonObject[], string]>([
    ['both go on', [active('pembrolizumab'), active('axitinib')], 'yes'],
    ['only the TKI goes on', [had('pembrolizumab'), active('axitinib')], 'no'],
    ['nothing goes on', [], 'no'],
    ['one may go on', [had('pembrolizumab', { status: 'unknown' }), active('axitinib')], 'unknown'],
  ])('%s', (_claim, medicationRequests, state) => {
    expect(ask('combination-ongoing', { conditions: [asps()], medicationRequests }).state).toBe(state);
  });

  test('is unknown when the orders were not read', () => {
    const chart = chartFrom(without(complete({ conditions: [asps()] }), 'medicationRequests'));
    expect(CRITERIA.get('combination-ongoing')?.evaluate(chart).state).toBe('unknown');
  });
});

describe('immunotherapy-order-active', () => {
  const until = (end: string) => ({
    dosageInstruction: [{ timing: { repeat: { boundsPeriod: { start: '2026-08-03', end } } } }],
  });

  test.each<[string, JsonObject, string]>([
    ['an active order', had('atezolizumab', { status: 'active' }), 'yes'],
    ['an order on hold', had('atezolizumab', { status: 'on-hold' }), 'yes'],
    ['a stopped one', had('atezolizumab'), 'no'],
    ['one past its end', had('atezolizumab', { status: 'active', ...until('2026-10-01') }), 'no'],
    ['one that lasts', had('atezolizumab', { status: 'active', ...until('2027-10-01') }), 'yes'],
    ['a plan', had('atezolizumab', { status: 'active', intent: 'plan' }), 'no'],
    ['another class', had('pazopanib', { status: 'active' }), 'no'],
    ['one for another cancer', had('atezolizumab', { status: 'active', reasonCode: [{ text: 'Melanoma' }] }), 'no'],
  ])('%s', (_what, order, state) => {
    expect(ask('immunotherapy-order-active', { conditions: [asps()], medicationRequests: [order] }).state).toBe(state);
  });

  test('is unknown when the orders were not read', () => {
    const chart = chartFrom(without(complete({ conditions: [asps()] }), 'medicationRequests'));
    expect(CRITERIA.get('immunotherapy-order-active')?.evaluate(chart).state).toBe('unknown');
  });
});
