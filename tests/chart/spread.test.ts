import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import {
  asps,
  chartFrom,
  chartOf,
  clinically,
  coded,
  coding,
  complete,
  condition,
  cutShort,
  ICD,
  LOINC,
  NCIT,
  observation,
  type Parts,
  RELATED_PRIMARY,
  SNOMED,
  verified,
  without,
} from './builders.ts';

const spreadOf = (conditions: readonly JsonObject[], parts: Parts = {}) =>
  chartOf({ conditions: [asps(), ...conditions], ...parts }).spread;
const named = (text: string, more: JsonObject = {}) => asps({ code: { ...coded(SNOMED, '404056007'), text }, ...more });
const lung = (more: JsonObject = {}) => condition(coded(ICD, 'C78.02'), { id: 'lung', ...more });
const staged = (value: JsonObject | string, code: JsonObject = coded(LOINC, '21908-9')) =>
  observation(code, typeof value === 'string' ? { valueString: value } : { valueCodeableConcept: value });
const mCategory = (value: JsonObject | string) => staged(value, coded(LOINC, '21907-1'));
const primary = (reference: string): JsonObject => ({
  extension: [{ url: RELATED_PRIMARY, valueReference: { reference } }],
});
const breast = (more: JsonObject = {}) =>
  condition(coded(ICD, 'C50.911', 'Malignant neoplasm of right breast'), { id: 'breast', ...more });

describe('metastatic by a secondary malignancy', () => {
  test.each([
    ['C78.02', lung(verified('confirmed'))],
    ['without verificationStatus', lung()],
    ['C79.31', condition(coded(ICD, 'C79.31'))],
    ['C77.9', condition(coded(ICD, 'C77.9'))],
    ['C80.0', condition(coded(ICD, 'C80.0'))],
    ['C78.02 under its OID', condition(coded('urn:oid:2.16.840.1.113883.6.90', 'C78.02'))],
    ['C78.02 after another coding', condition({ coding: [coding('urn:x', '1'), coding(ICD, 'C78.02')] })],
    ['SNOMED secondary neoplasm of brain', condition(coded(SNOMED, '94225005'))],
    ['SNOMED secondary neoplasm', condition(coded(SNOMED, '128462008'))],
    ['metastasis to', condition('Metastasis to lung')],
    ['metastases of', condition('Pulmonary metastases of ASPS')],
    ['mets', condition('Lung mets')],
    ['metastatic', condition('Metastatic disease to bone')],
    ['secondary malignant neoplasm', condition('Secondary malignant neoplasm of lung')],
    ['metastatic sarcoma', condition('Metastatic sarcoma to lung')],
    ['soft tissue sarcoma metastatic to lung', condition('Soft tissue sarcoma metastatic to lung')],
    ['sarcoma metastatic to lung', condition('Sarcoma metastatic to lung')],
    ['recurrent', lung(clinically('recurrence'))],
    ['related to the ASPS', lung(primary('Condition/asps'))],
    ['related to the ASPS by an absolute reference', lung(primary('https://ehr.example/Condition/asps/_history/2'))],
  ])('yes: %s', (_claim, record) => {
    const { metastatic } = spreadOf([record]);
    expect(metastatic.state).toBe('yes');
    expect(metastatic.evidence).toMatchObject([{ reference: `Condition/${String(record['id'])}` }]);
  });

  test('yes: the ASPS itself is called metastatic', () => {
    expect(chartOf({ conditions: [named('Metastatic alveolar soft part sarcoma')] }).spread.metastatic.state).toBe(
      'yes',
    );
    expect(chartOf({ conditions: [asps({ code: coded(NCIT, 'C8796') })] }).spread.metastatic.state).toBe('yes');
  });

  test.each([
    ['unconfirmed', lung(verified('unconfirmed')), 'only-suspected'],
    ['provisional', lung(verified('provisional')), 'only-suspected'],
    ['differential', lung(verified('differential')), 'only-suspected'],
    ['possible', condition('Possible lung metastasis'), 'only-suspected'],
    ['with a question mark', condition('Lung metastases?'), 'only-suspected'],
    ['r/o', condition('r/o metastasis to brain'), 'only-suspected'],
    ['resolved', lung(clinically('resolved')), 'resolved'],
    ['in remission', lung(clinically('remission')), 'resolved'],
    ['inactive', lung(clinically('inactive')), 'resolved'],
    ['abated', lung({ abatementDateTime: '2026-10' }), 'resolved'],
    ['history of', condition('History of lung metastasis'), 'resolved'],
  ])('unknown: %s', (_claim, record, doubt) => {
    expect(spreadOf([record]).metastatic).toMatchObject({ state: 'unknown', doubt });
  });

  test.each([
    ['refuted', lung(verified('refuted'))],
    ['entered in error', lung(verified('entered-in-error'))],
    ['no evidence of', condition('No evidence of metastasis')],
    ['ruled out', condition('Brain metastases ruled out')],
    ['non-metastatic', condition('Non-metastatic disease')],
    ['family history of', condition('Family history of metastatic sarcoma')],
    ['a benign secondary', condition('Secondary hypertension')],
  ])('a record that is none leaves it unknown for want of any: %s', (_claim, record) => {
    expect(spreadOf([record]).metastatic).toMatchObject({ state: 'unknown', doubt: 'not-recorded' });
  });

  test('one that counts is enough beside one that does not', () => {
    expect(spreadOf([lung(clinically('resolved')), condition(coded(ICD, 'C79.31'))]).metastatic.state).toBe('yes');
  });
});

describe('metastatic by stage', () => {
  test.each([
    ['stage group IV in LOINC', staged({ text: 'Stage IV' })],
    ['stage group IV, its SNOMED value', staged(coded(SNOMED, '1222837003'))],
    ['a bare IV', staged({ text: 'IV' })],
    ['IVB', staged({ text: 'IVB' })],
    ['stage 4', staged({ text: 'stage 4' })],
    ['AJCC stage IV', staged({ text: 'AJCC Stage IV' })],
    ['as a string', staged('Stage IV')],
    ['SNOMED stage grouping', staged({ text: 'Stage IV' }, coded(SNOMED, '399537006'))],
    ['by the name of the observation', staged({ text: 'IV' }, { text: 'TNM stage group' })],
    ['M1 in LOINC', mCategory({ text: 'M1' })],
    ['cM1', mCategory({ text: 'cM1' })],
    ['pM1b', mCategory({ text: 'pM1b' })],
    ['M1 in SNOMED', mCategory(coded(SNOMED, '55440008'))],
    ['M1 by SNOMED code and value', staged(coded(SNOMED, '1229903009'), coded(SNOMED, '399387003'))],
    ['M1 by the name of the observation', staged('M1', { text: 'Distant metastases' })],
  ])('yes: %s', (_claim, record) => {
    const { metastatic, stageFound } = spreadOf([], { observationsStaging: [record] });
    expect(metastatic).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'Observation/o1', kind: 'observation' }],
    });
    expect(stageFound.state).toBe('yes');
  });

  test.each([
    ['stage IV in Condition.stage', { text: 'Stage IV' }],
    ['stage IVA in Condition.stage', { text: 'AJCC stage IVA' }],
    ['coded stage IV', coded(SNOMED, '1222837003')],
    ['M1 in Condition.stage', { text: 'cT2 N0 M1' }],
    ['coded M1', coded(SNOMED, '1229903009')],
  ])('yes: %s', (_claim, summary) => {
    expect(chartOf({ conditions: [asps({ stage: [{ summary }] })] }).spread.metastatic.state).toBe('yes');
  });

  test.each([
    ['M0', mCategory({ text: 'M0' })],
    ['cM0', mCategory({ text: 'cM0' })],
    ['cM0(i+)', mCategory({ text: 'cM0(i+)' })],
    ['M0 in SNOMED', mCategory(coded(SNOMED, '1229901006'))],
    ['stage I', staged({ text: 'Stage I' })],
    ['stage IIA', staged({ text: 'Stage IIA' })],
    ['stage IIIB', staged({ text: 'IIIB' })],
    ['stage 3', staged({ text: '3' })],
    ['stage II in SNOMED', staged(coded(SNOMED, '1222769001'))],
  ])('no: %s', (_claim, record) => {
    const { metastatic, stageFound } = spreadOf([], { observationsStaging: [record] });
    expect(metastatic).toMatchObject({ state: 'no', evidence: [{ reference: 'Observation/o1' }] });
    expect(stageFound.state).toBe('yes');
  });

  test.each([
    ['localised', named('Localised ASPS of thigh')],
    ['localized', named('ASPS, localized')],
    ['non-metastatic', named('ASPS, non-metastatic')],
    ['NCIt localized', asps({ code: coded(NCIT, 'C8797') })],
    ['stage II in Condition.stage', asps({ stage: [{ summary: { text: 'Stage II' } }] })],
    ['M0 in Condition.stage', asps({ stage: [{ summary: { text: 'T2 N0 M0' } }] })],
  ])('no: the ASPS itself says %s', (_claim, record) => {
    const { metastatic, stageFound } = chartOf({ conditions: [record] }).spread;
    expect(metastatic).toMatchObject({ state: 'no', evidence: [{ reference: 'Condition/asps' }] });
    expect(stageFound.state).toBe('yes');
  });

  test.each([
    ['a metastasis', [lung()], 'yes'],
    ['a suspected metastasis', [lung(verified('provisional'))], 'unknown'],
    ['a resolved metastasis', [lung(clinically('resolved'))], 'unknown'],
    ['a refuted metastasis', [lung(verified('refuted'))], 'no'],
  ])('M0 beside %s', (_claim, conditions, state) => {
    expect(spreadOf(conditions, { observationsStaging: [mCategory('M0')] }).metastatic.state).toBe(state);
  });

  test('M1 beside M0 is yes', () => {
    expect(spreadOf([], { observationsStaging: [mCategory('M0'), mCategory('M1')] }).metastatic.state).toBe('yes');
  });

  test.each([
    ['no stage at all', []],
    ['a grade', [staged('3', coded(LOINC, '33732-9'))]],
    ['a size of 4 cm', [staged('4', coded(LOINC, '21889-1'))]],
    ['a stage group without a value', [observation(coded(LOINC, '21908-9'), {})]],
    ['a cancelled observation', [{ ...mCategory('M1'), status: 'cancelled' }]],
    ['one entered in error', [{ ...mCategory('M1'), status: 'entered-in-error' }]],
    ['MX', [mCategory('MX')]],
    ['another type under the key', [{ ...mCategory('M1'), resourceType: 'Basic' }]],
  ])('unknown: %s', (_claim, observationsStaging) => {
    const { metastatic, stageFound } = spreadOf([], { observationsStaging });
    expect(metastatic).toMatchObject({ state: 'unknown', doubt: 'not-recorded' });
    expect(stageFound.state).toBe('no');
  });

  test('a bare IV in Condition.stage is no stage', () => {
    expect(chartOf({ conditions: [asps({ stage: [{ summary: { text: 'IV' } }] })] }).spread.stageFound.state).toBe(
      'no',
    );
  });

  test('the stage of another Condition is not that of the ASPS', () => {
    const other = breast({ stage: [{ summary: { text: 'Stage IV' } }] });
    expect(spreadOf([other]).metastatic.state).toBe('unknown');
  });
});

describe('what was not read', () => {
  const m0 = complete({ observationsStaging: [mCategory('M0')] });

  test('M0 says no only if all Conditions were read', () => {
    expect(chartFrom(m0).spread.metastatic.state).toBe('no');
    expect(chartFrom(cutShort(m0, 'conditions')).spread.metastatic.state).toBe('unknown');
  });

  test('"localised" says no only if no stage could say otherwise', () => {
    const readings = complete({ conditions: [named('Localised ASPS')], observationsStaging: [mCategory('M1')] });
    expect(chartFrom(readings).spread.metastatic.state).toBe('yes');
    expect(chartFrom(without(readings, 'observationsStaging')).spread.metastatic.state).toBe('unknown');
  });

  test('a metastasis says yes, whatever was not read', () => {
    const readings = complete({ conditions: [asps(), lung()] });
    expect(chartFrom(without(readings, 'observationsStaging')).spread.metastatic.state).toBe('yes');
    expect(chartFrom(cutShort(readings, 'conditions')).spread.metastatic.state).toBe('yes');
  });

  test('no stage is found only if both its sources were read', () => {
    expect(chartFrom(complete()).spread.stageFound.state).toBe('no');
    expect(chartFrom(without(complete(), 'observationsStaging')).spread.stageFound).toMatchObject({
      state: 'unknown',
      searched: ['conditions'],
      unread: [{ key: 'observationsStaging', reason: 'failed' }],
    });
    expect(chartFrom(cutShort(complete(), 'conditions')).spread.stageFound.state).toBe('unknown');
  });

  test('no other cancer is on file only if all Conditions were read', () => {
    expect(chartFrom(complete()).spread.otherActiveCancer.state).toBe('no');
    expect(chartFrom(cutShort(complete(), 'conditions')).spread.otherActiveCancer.state).toBe('unknown');
  });
});

describe('whose metastasis it is', () => {
  test('unknown, with another active cancer on file', () => {
    expect(spreadOf([breast(), lung()]).metastatic).toMatchObject({
      state: 'unknown',
      doubt: 'another-active-cancer',
      evidence: [{ reference: 'Condition/lung' }],
    });
  });

  test('unknown, related to a Condition that is neither', () => {
    expect(spreadOf([breast(), lung(primary('Condition/somewhere'))]).metastatic.doubt).toBe('another-active-cancer');
  });

  test("the ASPS's, if it says so", () => {
    expect(spreadOf([breast(), lung(primary('Condition/asps'))]).metastatic.state).toBe('yes');
  });

  test("the other cancer's, if it says so: then it is not counted at all", () => {
    const { metastatic, stageFound } = spreadOf([breast(), lung(primary('Condition/breast'))]);
    expect(metastatic).toMatchObject({ state: 'unknown', doubt: 'not-recorded', evidence: [] });
    expect(stageFound.state).toBe('no');
  });

  test("the other cancer's, although that one is resolved", () => {
    expect(spreadOf([breast(clinically('resolved')), lung(primary('Condition/breast'))]).metastatic.state).toBe(
      'unknown',
    );
  });

  test("the other cancer's leaves M0 of the ASPS a no", () => {
    const conditions = [
      asps({ stage: [{ summary: { text: 'T2 N0 M0' } }] }),
      breast(),
      lung(primary('Condition/breast')),
    ];
    expect(chartOf({ conditions }).spread.metastatic.state).toBe('no');
  });

  test.each([
    ['resolved', breast(clinically('resolved'))],
    ['refuted', breast(verified('refuted'))],
    ['only suspected', breast(verified('provisional'))],
    ['of the family', condition('Family history of breast cancer')],
  ])("the ASPS's, if the other cancer is %s", (_claim, other) => {
    expect(spreadOf([other, lung()]).metastatic.state).toBe('yes');
  });

  test('a stage that names the other cancer as its focus is not that of the ASPS', () => {
    const stage = { ...staged('Stage IV'), focus: [{ reference: 'Condition/breast' }] };
    expect(spreadOf([breast()], { observationsStaging: [stage] }).metastatic.state).toBe('unknown');
  });

  test.each([
    ['IV without a focus is open', 'Stage IV', {}, 'unknown'],
    ['IV with its focus on the ASPS is its own', 'Stage IV', { focus: [{ reference: 'Condition/asps' }] }, 'yes'],
    ['II without a focus is open', 'Stage II', {}, 'unknown'],
    ['II with its focus on the ASPS is its own', 'Stage II', { focus: [{ reference: 'Condition/asps' }] }, 'no'],
  ])('beside another active cancer a stage %s', (_claim, text, more, state) => {
    const observationsStaging = [{ ...staged(text), ...more }];
    expect(spreadOf([breast()], { observationsStaging }).metastatic.state).toBe(state);
  });

  test("the ASPS's own stage IV stands, whatever else is on file", () => {
    const conditions = [asps({ stage: [{ summary: { text: 'Stage IV' } }] }), breast(), lung()];
    expect(chartOf({ conditions }).spread.metastatic.state).toBe('yes');
  });

  test('an ASPS called metastatic needs no other link', () => {
    expect(chartOf({ conditions: [named('Metastatic ASPS'), breast()] }).spread.metastatic.state).toBe('yes');
  });
});

describe('stage found', () => {
  test.each([
    ['a metastasis', [lung()], 'yes'],
    ['a suspected metastasis', [lung(verified('provisional'))], 'yes'],
    ['a resolved metastasis', [lung(clinically('resolved'))], 'yes'],
    ['a refuted metastasis', [lung(verified('refuted'))], 'no'],
    ['another problem', [condition('Hypertension')], 'no'],
  ])('%s: %s', (_claim, conditions, state) => {
    expect(spreadOf(conditions).stageFound.state).toBe(state);
  });
});

describe('unresectable', () => {
  test.each([
    ['in words', named('Unresectable ASPS'), 'yes'],
    ['inoperable', named('ASPS, inoperable'), 'yes'],
    ['in NCIt', asps({ code: coded(NCIT, 'C164078') }), 'yes'],
    ['possibly', named('ASPS, possibly unresectable'), 'unknown'],
    ['not said', asps(), 'unknown'],
    ['metastatic is not unresectable', named('Metastatic ASPS'), 'unknown'],
  ])('%s: %s', (_claim, record, state) => {
    expect(chartOf({ conditions: [record] }).spread.unresectable.state).toBe(state);
  });
});
