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
  draftsOf,
  medicated,
  type Parts,
  SNOMED,
  without,
} from '../../chart/builders.ts';

const draft = (drug: string, more: JsonObject = {}) =>
  medicated('MedicationRequest', drug, { id: drug.replaceAll(' ', '-'), status: 'draft', intent: 'order', ...more });
const had = (drug: string, more: JsonObject = {}) =>
  medicated('MedicationRequest', drug, { status: 'stopped', intent: 'order', authoredOn: '2026-08-03', ...more });

function ask(id: string, parts: Parts, drafts?: readonly JsonObject[], selections?: readonly string[]): Fact {
  const chart = chartOf(parts, drafts === undefined ? undefined : draftsOf(drafts, selections));
  const fact = CRITERIA.get(id)?.evaluate(chart);
  if (fact === undefined) throw new Error(`There is no criterion ${id}`);
  return fact;
}

describe.each([
  ['pd-1-pd-l1-order', 'nivolumab', 'pazopanib'],
  ['atezolizumab-drafted', 'Tecentriq', 'pembrolizumab'],
  ['pembrolizumab-drafted', 'Keytruda', 'atezolizumab'],
  ['pazopanib-drafted', 'Votrient', 'sunitinib'],
  ['anti-angiogenic-tki-drafted', 'sunitinib', 'atezolizumab'],
])('%s', (id, drug, another) => {
  test('is yes for its drug, and names it in our own words', () => {
    const fact = ask(id, {}, [draft(drug)]);
    expect(fact).toMatchObject({ state: 'yes', evidence: [{ kind: 'draft', reference: `MedicationRequest/${drug}` }] });
    expect(fact.evidence[0]?.drug).toMatch(/^[a-z]+$/);
  });

  test.each<[string, readonly JsonObject[] | undefined, readonly string[] | undefined]>([
    ['another drug', [draft(another)], undefined],
    ['one that is not selected', [draft(drug), draft(another)], [`MedicationRequest/${another}`]],
    ['one for another cancer', [draft(drug, { reasonCode: [{ text: 'Melanoma' }] })], undefined],
    ['one not to be performed', [draft(drug, { doNotPerform: true })], undefined],
    ['no draft', [], undefined],
    ['no drafts at all', undefined, undefined],
  ])('is no for %s', (_what, drafts, selections) => {
    expect(ask(id, {}, drafts, selections).state).toBe('no');
  });
});

test('of two drugs in one order the one that is asked for is named', () => {
  const both = draft('pembrolizumab and axitinib');
  expect(ask('anti-angiogenic-tki-drafted', {}, [both]).evidence).toMatchObject([{ drug: 'axitinib' }]);
  expect(ask('pd-1-pd-l1-order', {}, [both]).evidence).toMatchObject([{ drug: 'pembrolizumab' }]);
});

describe('other-systemic-drug-drafted', () => {
  const onPazopanib = { medicationRequests: [had('pazopanib', { status: 'active' })] };

  test.each<[string, Parts, string, string]>([
    ['a change', onPazopanib, 'atezolizumab', 'yes'],
    ['a change to chemotherapy', onPazopanib, 'doxorubicin', 'yes'],
    ['the current drug again', onPazopanib, 'pazopanib', 'no'],
    ['a drug that may go on', { medicationRequests: [had('pazopanib', { status: 'unknown' })] }, 'pazopanib', 'no'],
    ['a former drug again', { medicationRequests: [had('pazopanib')] }, 'pazopanib', 'yes'],
    ['a drug that treats no tumour', onPazopanib, 'zoledronic acid', 'no'],
    ['an unknown drug', onPazopanib, 'ondansetron', 'no'],
  ])('%s: %p, %s: %s', (_claim, parts, drug, state) => {
    expect(ask('other-systemic-drug-drafted', parts, [draft(drug)]).state).toBe(state);
  });
});

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

describe('the drafted dose of atezolizumab', () => {
  const patient = [{ resourceType: 'Patient', id: 'p1', birthDate: '1990-01-01' }];
  const dosed = (text: string, drug = 'atezolizumab') => [draft(drug, { dosageInstruction: [{ text }] })];

  test.each([
    ['1200 mg IV every 3 weeks', 'no', 'no'],
    ['1500 mg IV every 3 weeks', 'yes', 'no'],
    ['20 mL IV every 3 weeks', 'unknown', 'yes'],
  ])('%s: outside the label %s, missing %s', (text, outside, missing) => {
    expect(ask('atezolizumab-dose-outside-label', { patient }, dosed(text)).state).toBe(outside);
    expect(ask('atezolizumab-dose-missing', { patient }, dosed(text)).state).toBe(missing);
  });

  test('asks for the weight of a child', () => {
    const child = [{ resourceType: 'Patient', id: 'p1', birthDate: '2016-01-01' }];
    expect(ask('atezolizumab-weight-needed', { patient: child }, dosed('450 mg IV every 3 weeks')).state).toBe('yes');
    expect(ask('atezolizumab-weight-needed', { patient }, dosed('1200 mg IV every 3 weeks')).state).toBe('no');
  });

  test('asks for the exact age where the label depends on it', () => {
    const born = (birthDate: string) => ({ patient: [{ resourceType: 'Patient', id: 'p1', birthDate }] });
    const id = 'atezolizumab-age-needed';
    expect(ask(id, born('2008'), dosed('1680 mg IV every 4 weeks')).state).toBe('yes');
    expect(ask(id, born('1990'), dosed('1680 mg IV every 4 weeks')).state).toBe('no');
  });

  test('knows that it is drafted twice', () => {
    const id = 'atezolizumab-drafted-twice';
    const second = draft('atezolizumab', { id: 'second' });
    expect(ask(id, { patient }, [...dosed('1200 mg IV every 3 weeks'), second]).state).toBe('yes');
    expect(ask(id, { patient }, dosed('1200 mg IV every 3 weeks')).state).toBe('no');
    const forMelanoma = { ...second, reasonCode: [{ text: 'Melanoma' }] };
    expect(ask(id, { patient }, [...dosed('1200 mg IV every 3 weeks'), forMelanoma]).state).toBe('unknown');
  });

  test('knows the product with hyaluronidase', () => {
    const id = 'atezolizumab-hyaluronidase-drafted';
    expect(ask(id, { patient }, dosed('1875 mg SC every 3 weeks', 'atezolizumab and hyaluronidase-tqjs')).state).toBe(
      'yes',
    );
    expect(ask(id, { patient }, dosed('1200 mg IV every 3 weeks')).state).toBe('no');
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
      unread: [{ key: 'observationsDiseaseStatus' }],
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

  test.each<[string, readonly JsonObject[], readonly string[] | undefined, string]>([
    ['in the batch', [draft('pembrolizumab'), draft('axitinib')], undefined, 'yes'],
    [
      'in the batch and not selected',
      [draft('pembrolizumab'), draft('axitinib')],
      ['MedicationRequest/pembrolizumab'],
      'yes',
    ],
    ['for another cancer', [draft('axitinib', { reasonCode: [{ text: 'Melanoma' }] })], undefined, 'no'],
    ['not there', [draft('pembrolizumab')], undefined, 'no'],
  ])('a TKI %s', (_where, drafts, selections, state) => {
    expect(ask('anti-angiogenic-tki-beside', {}, drafts, selections).state).toBe(state);
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
