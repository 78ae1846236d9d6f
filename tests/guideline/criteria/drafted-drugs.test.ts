import { describe, expect, test } from '@jest/globals';
import type { Fact } from '../../../src/chart/fact.ts';
import type { JsonObject } from '../../../src/chart/reading.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import { chartOf, draftsOf, medicated, type Parts } from '../../chart/builders.ts';

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

describe('a TKI beside immunotherapy is', () => {
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
  ])('%s', (_where, drafts, selections, state) => {
    expect(ask('anti-angiogenic-tki-beside', {}, drafts, selections).state).toBe(state);
  });
});
