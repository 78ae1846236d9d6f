import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import type { Safety } from '../../src/chart/safety.ts';
import {
  asps,
  chartFrom,
  chartOf,
  clinically,
  coded,
  complete,
  condition,
  cutShort,
  ICD,
  LOINC,
  named,
  observation,
  type Parts,
  SNOMED,
  verified,
  without,
} from './builders.ts';

const safetyOf = (conditions: readonly JsonObject[], parts: Parts = {}): Safety =>
  chartOf({ conditions: [asps(), ...conditions], ...parts }).safety;
const positiveTest = (more: JsonObject = {}) =>
  observation(coded(LOINC, '2106-3'), {
    valueCodeableConcept: { text: 'Positive' },
    effectiveDateTime: '2026-11-18',
    ...more,
  });
const negativeTest = (more: JsonObject = {}) =>
  positiveTest({ id: 'o2', valueCodeableConcept: { text: 'Negative' }, ...more });
const tested = (...tests: readonly JsonObject[]) => safetyOf([], { observationsLaboratory: tests }).pregnancy;

describe('pregnancy', () => {
  test.each([
    ['coded, of this year', condition(coded(SNOMED, '77386006'), { onsetDateTime: '2026-09-01' })],
    ['Z33.1', condition(coded(ICD, 'Z33.1'), { recordedDate: '2026-10-20' })],
    ['a supervised one', condition(coded(ICD, 'Z34.82'), { recordedDate: '2026-10-20' })],
    ['a high-risk one', condition(coded(ICD, 'O09.521'), { recordedDate: '2026-10-20' })],
    ['named', condition('Pregnant, 12 weeks', { onsetDateTime: '2026-09' })],
    ['undated and called active', condition('Pregnancy', clinically('active'))],
    ['O30.009, a multiple one', condition(coded(ICD, 'O30.009'), { recordedDate: '2026-10-20' })],
    ['O99.019, with another disease', condition(coded(ICD, 'O99.019'), { recordedDate: '2026-10-20' })],
    ['Z3A.12, its weeks', condition(coded(ICD, 'Z3A.12'), { recordedDate: '2026-10-20' })],
    ['coded and named', condition(coded(ICD, 'O30.009', 'Twin pregnancy'), { recordedDate: '2026-10-20' })],
  ])('yes: %s', (_claim, record) => {
    expect(safetyOf([record]).pregnancy).toMatchObject({ state: 'yes', evidence: [{ reference: 'Condition/c1' }] });
  });

  test.each([
    ['High risk pregnancy', 'yes'],
    ['Pregnancy, high-risk', 'yes'],
    ['Supervision of high risk pregnancy in second trimester', 'yes'],
    ['Twin pregnancy', 'yes'],
    ['Pregnancy, twin', 'yes'],
    ['Dichorionic diamniotic twin pregnancy', 'yes'],
    ['Twin gestation', 'yes'],
    ['Twin pregnancy after embryo transfer', 'yes'],
    ['Pregnant after IVF', 'yes'],
    ['Post-term pregnancy', 'yes'],
    ['Unplanned pregnancy', 'yes'],
    ['Maternal obesity complicating pregnancy', 'yes'],
    ['Positive pregnancy test', 'yes'],
    ['Encounter for pregnancy test, result positive', 'yes'],
    ['Pregnancy test: positive', 'yes'],
    ['24 weeks gestation', 'yes'],
    ['Pregnant; mother with breast cancer', 'yes'],
    ['Encounter for pregnancy test, result unknown', 'unknown'],
    ['Ectopic pregnancy', 'unknown'],
    ['Molar pregnancy', 'unknown'],
    ['Pregnancy loss', 'unknown'],
    ['Depression after pregnancy', 'unknown'],
    ['Pregnant, contraception later', 'unknown'],
    ['Pregnant, husband present', 'unknown'],
    ['Pregnancy not excluded', 'unknown'],
    ['Pregnancy test negative', 'no'],
    ['Encounter for pregnancy test, result negative', 'no'],
    ['Preconception care, desires pregnancy', 'no'],
    ['Trying to become pregnant', 'no'],
    ['Pregnancy prevention programme', 'no'],
    ['Pseudo-pregnancy', 'no'],
    ['Pregnancy ruled out', 'no'],
    ['Daughter is pregnant', 'no'],
    ['Her twin is pregnant', 'no'],
  ])('in words of this autumn: %s is %s', (text, state) => {
    expect(safetyOf([condition(text, { onsetDateTime: '2026-10-01' })]).pregnancy.state).toBe(state);
  });

  test('one that is over is not open, however it is called', () => {
    const over = condition('Ectopic pregnancy', { onsetDateTime: '2026-05-01', ...clinically('resolved') });
    expect(safetyOf([over]).pregnancy.state).toBe('no');
    expect(safetyOf([condition(coded(ICD, 'O80'), { recordedDate: '2026-10-01' })]).pregnancy.state).toBe('no');
  });

  test.each([
    ['undated, without a status', condition('Pregnancy'), 'date-not-comparable'],
    ['of some day of the last year', condition('Pregnancy', { onsetDateTime: '2026' }), 'date-not-comparable'],
    ['provisional', condition('Pregnancy', { ...verified('provisional'), onsetDateTime: '2026-10' }), 'only-suspected'],
    ['possible', condition('Possible pregnancy', { onsetDateTime: '2026-10' }), 'only-suspected'],
  ])('unknown: %s', (_claim, record, doubt) => {
    expect(safetyOf([record]).pregnancy).toMatchObject({ state: 'unknown', doubt });
  });

  test.each([
    ['nothing', undefined],
    ['older than a pregnancy lasts', condition('Pregnancy', { onsetDateTime: '2024-02-01', ...clinically('active') })],
    ['resolved', condition('Pregnancy', { onsetDateTime: '2026-05-01', ...clinically('resolved') })],
    ['not pregnant', condition('Not pregnant')],
    ['a test as a problem', condition('Pregnancy test')],
    ['contraception', condition('Contraception, avoids pregnancy')],
    ["a relative's", condition('Wife is pregnant')],
    ['refuted', condition(coded(SNOMED, '77386006'), { ...verified('refuted'), onsetDateTime: '2026-10-01' })],
  ])('no: %s', (_claim, record) => {
    expect(safetyOf(record === undefined ? [] : [record]).pregnancy.state).toBe('no');
  });

  test('yes: a positive test of the last 60 days, and it is the evidence', () => {
    expect(tested(positiveTest())).toMatchObject({ state: 'yes', evidence: [{ reference: 'Observation/o1' }] });
    expect(
      tested(
        positiveTest({
          valueCodeableConcept: undefined,
          interpretation: [{ coding: [{ system: 'urn:x', code: 'POS' }] }],
          valueString: 'see interpretation',
        }),
      ).state,
    ).toBe('yes');
  });

  test.each([
    ['an older one', [positiveTest({ effectiveDateTime: '2026-09-01' })], 'no'],
    ['a negative one', [negativeTest()], 'no'],
    ['a later negative one', [positiveTest(), negativeTest({ effectiveDateTime: '2026-11-20' })], 'no'],
    ['an earlier negative one', [positiveTest(), negativeTest({ effectiveDateTime: '2026-04-20' })], 'yes'],
    ['a negative one of the same day', [positiveTest(), negativeTest()], 'yes'],
    ['an undated one', [positiveTest({ effectiveDateTime: undefined })], 'unknown'],
    ['one of a month that reaches back too far', [positiveTest({ effectiveDateTime: '2026-09' })], 'unknown'],
    ['one of tomorrow', [positiveTest({ effectiveDateTime: '2026-11-23' })], 'no'],
    ['one that was cancelled', [positiveTest({ status: 'cancelled' })], 'no'],
  ])('%s: %s', (_claim, tests, state) => {
    expect(tested(...tests).state).toBe(state);
  });

  test('unknown when tests could not be read', () => {
    const chart = chartFrom(without(complete(), 'observationsLaboratory'));
    expect(chart.safety.pregnancy).toMatchObject({
      state: 'unknown',
      unread: [{ key: 'observationsLaboratory', reason: 'failed' }],
    });
  });
});

describe('transplants', () => {
  test.each([
    ['Z94.0', condition(coded(ICD, 'Z94.0'))],
    ['SNOMED', condition(coded(SNOMED, '737295003'))],
    ['named, long ago', condition('History of renal transplant')],
    ['resolved', condition('Liver transplant', clinically('resolved'))],
    ['an allograft', condition('Kidney allograft rejection')],
    ['of the organ', condition('Status post transplantation of the liver')],
  ])('of an organ, yes for good: %s', (_claim, record) => {
    expect(safetyOf([record]).organTransplant).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'Condition/c1' }],
    });
  });

  test.each([
    ['a donor', condition('Kidney transplant donor')],
    ['a candidate', condition('Liver transplant candidate')],
    ['on the list', condition('Awaiting heart transplant')],
    ['of hair', condition('Hair transplant')],
    ['denied', condition('No kidney transplant')],
    ["a relative's", condition('Brother had kidney transplant')],
  ])('of an organ, no: %s', (_claim, record) => {
    expect(safetyOf([record]).organTransplant.state).toBe('no');
  });

  const operation = (code: JsonObject | string, more: JsonObject = {}) =>
    named('Procedure', code, { status: 'completed', performedDateTime: '2015-03-01', ...more });

  test('an operation that was done counts, a planned or cancelled one does not', () => {
    const of = (...procedures: readonly JsonObject[]) => safetyOf([], { procedures }).organTransplant;
    expect(of(operation(coded(SNOMED, '70536003')))).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'Procedure/r1' }],
    });
    expect(of(operation('Cadaveric kidney transplantation')).state).toBe('yes');
    expect(of(operation('Kidney transplantation', { status: 'preparation' })).state).toBe('no');
    expect(of(operation('Kidney transplantation', { status: 'not-done' })).state).toBe('no');
    expect(of(operation('Evaluation for kidney transplantation')).state).toBe('no');
  });

  test.each([
    ['Z94.84', condition(coded(ICD, 'Z94.84')), 'yes'],
    ['allogeneic', condition('Allogeneic stem cell transplant'), 'yes'],
    ['bone marrow', condition('History of bone marrow transplant'), 'yes'],
    ['graft versus host', condition('Graft-versus-host disease of skin'), 'yes'],
    ['autologous in words', condition('Autologous stem cell transplant'), 'no'],
    ['coded, autologous in words', condition({ ...coded(ICD, 'Z94.84'), text: 'S/p autologous HSCT' }), 'no'],
    ['a donor', condition('Stem cell transplant donor'), 'no'],
  ])('of stem cells: %s', (_claim, record, state) => {
    expect(safetyOf([record]).stemCellTransplant.state).toBe(state);
  });

  test.each([
    ['Deceased donor kidney transplant', 'yes'],
    ['Living donor kidney transplant 2015', 'yes'],
    ['Living-donor kidney transplantation', 'yes'],
    ['Liver transplant from living donor', 'yes'],
    ['Liver transplant, donor: brother', 'yes'],
    ['Kidney transplant from brother', 'yes'],
    ['Kidney transplant from living kidney donor', 'yes'],
    ['Living kidney donor transplant', 'yes'],
    ['Kidney transplant, listed for retransplant', 'yes'],
    ['Kidney transplant 2010, retransplant evaluation', 'yes'],
    ['Heart transplant, evaluated for kidney transplant', 'yes'],
    ['Renal allotransplantation', 'yes'],
    ['Kidney transplant with donor-specific antibodies', 'yes'],
    ['Transplanted kidney', 'yes'],
    ['Kidney, transplanted', 'yes'],
    ['Transplantation of liver', 'yes'],
    ['Transplantation, kidney', 'yes'],
    ['Simultaneous pancreas-kidney transplant', 'yes'],
    ['DDKT 2014', 'yes'],
    ['Referral after kidney transplant', 'unknown'],
    ['Evaluation of kidney transplant', 'unknown'],
    ['Kidney transplant planned', 'unknown'],
    ['Awaiting kidney transplant biopsy', 'unknown'],
    ['Planned admission for kidney transplant rejection', 'unknown'],
    ['Kidney transplant, donor for brother', 'unknown'],
    ['Kidney transplant 2015, wife at bedside', 'unknown'],
    ['Possible liver transplant', 'unknown'],
    ['Kidney transplant donor', 'no'],
    ['Kidney donor', 'no'],
    ['Living kidney transplant donor', 'no'],
    ['Kidney transplant evaluation', 'no'],
    ['Evaluation for kidney transplant', 'no'],
    ['Listed for liver transplant', 'no'],
    ['Awaiting kidney transplant due to lupus nephritis', 'no'],
    ['Candidate for heart transplant', 'no'],
    ['No history of liver transplant', 'no'],
    ['Mother had liver transplant', 'no'],
    ['Family history of kidney transplant', 'no'],
    ['Corneal transplant', 'no'],
    ['Intestinal microbiota transplant', 'no'],
  ])('of an organ, in words: %s is %s', (text, state) => {
    expect(safetyOf([condition(text)]).organTransplant.state).toBe(state);
    expect(safetyOf([], { procedures: [operation(text)] }).organTransplant.state).toBe(state);
  });

  test.each([
    ['Matched unrelated donor allogeneic stem cell transplant', 'yes'],
    ['Haploidentical donor bone marrow transplant', 'yes'],
    ['Sibling donor allogeneic bone marrow transplant', 'yes'],
    ['Matched sibling donor stem cell transplant', 'yes'],
    ['Allogeneic HSCT after failed autologous transplant', 'yes'],
    ['Autologous HSCT 2015, then allogeneic HSCT 2018', 'yes'],
    ['Allogeneic stem cell transplant from sister', 'yes'],
    ['Bone marrow transplant from sibling', 'yes'],
    ['Double cord blood transplant', 'yes'],
    ['Haploidentical transplant', 'yes'],
    ['AlloHSCT', 'yes'],
    ['Transplantation of allogeneic bone marrow', 'yes'],
    ['Chronic GVHD', 'yes'],
    ['Stem cell transplant, sister at bedside', 'unknown'],
    ['Allogeneic vs autologous stem cell transplant', 'unknown'],
    ['Autologous stem cell transplant', 'no'],
    ['Auto-HSCT', 'no'],
    ['Autologous HSCT, no allogeneic donor', 'no'],
    ['Autologous HSCT, evaluated for allogeneic stem cell transplant', 'no'],
    ['Bone marrow donor', 'no'],
    ['Bone marrow transplant donor', 'no'],
    ['Stem cell transplant evaluation', 'no'],
    ['Brother had stem cell transplant', 'no'],
  ])('of stem cells, in words: %s is %s', (text, state) => {
    expect(safetyOf([condition(text)]).stemCellTransplant.state).toBe(state);
    expect(safetyOf([], { procedures: [operation(text)] }).stemCellTransplant.state).toBe(state);
  });

  test('an operation whose code its text denies is only suspected', () => {
    const procedures = [operation({ ...coded(SNOMED, '70536003'), text: 'No transplant of kidney' })];
    expect(safetyOf([], { procedures }).organTransplant).toMatchObject({ state: 'unknown', doubt: 'only-suspected' });
  });

  test('no stem cells of the own, as an operation', () => {
    const procedures = [operation('Autologous stem cell transplantation')];
    expect(safetyOf([], { procedures }).stemCellTransplant.state).toBe('no');
  });

  test.each([['organTransplant'], ['stemCellTransplant']] as const)('%s: unknown without the operations', (name) => {
    expect(chartFrom(without(complete(), 'procedures')).safety[name].state).toBe('unknown');
    expect(chartFrom(cutShort(complete(), 'procedures')).safety[name].state).toBe('unknown');
    expect(chartOf({}).safety[name]).toMatchObject({ state: 'no', searched: ['conditions', 'procedures'] });
  });
});

describe('autoimmune disease', () => {
  test.each([
    ['K51.90', condition(coded(ICD, 'K51.90'))],
    ['K50.012 of the same category', condition(coded(ICD, 'K50.012'))],
    ['M32.9', condition(coded(ICD, 'M32.9'))],
    ['myasthenia', condition(coded(SNOMED, '91637004'))],
    ['named', condition('Rheumatoid arthritis, seropositive')],
    ["Sjögren's", condition("Sjögren's syndrome")],
    ['lupus', condition('Systemic lupus erythematosus')],
    ['lupus by itself', condition('Lupus')],
    ['lupus beside its anticoagulant', condition('Lupus with lupus anticoagulant')],
    ['autoimmune hepatitis', condition('Autoimmune hepatitis')],
  ])('yes: %s', (_claim, record) => {
    expect(safetyOf([record]).autoimmuneDisease.state).toBe('yes');
  });

  test.each([
    ['type 1 diabetes', condition(coded(ICD, 'E10.9', 'Type 1 diabetes mellitus without complications'))],
    ['thyroiditis', condition(coded(SNOMED, '66944004', 'Autoimmune thyroiditis'))],
    ['vitiligo', condition('Vitiligo')],
    ['coeliac disease', condition('Celiac disease')],
    ['lupus anticoagulant', condition('Lupus anticoagulant positive')],
    ['lupus of tuberculosis', condition('Lupus vulgaris')],
    ['an abbreviation of many meanings', condition('UC')],
    ['osteoarthritis', condition('Osteoarthritis')],
    ["a relative's", condition('Family history of psoriasis')],
  ])('no: %s', (_claim, record) => {
    expect(safetyOf([record]).autoimmuneDisease.state).toBe('no');
  });

  test('unknown: resolved or in remission', () => {
    expect(safetyOf([condition('Psoriasis', clinically('remission'))]).autoimmuneDisease).toMatchObject({
      state: 'unknown',
      doubt: 'resolved',
    });
  });
});

describe('lung, liver and heart', () => {
  test.each([
    ['interstitialLungDisease', condition(coded(ICD, 'J84.112')), 'yes'],
    ['interstitialLungDisease', condition(coded(ICD, 'J84.170')), 'yes'],
    ['interstitialLungDisease', condition('Radiation pneumonitis', clinically('resolved')), 'yes'],
    ['interstitialLungDisease', condition('History of interstitial lung disease'), 'yes'],
    ['interstitialLungDisease', condition('Aspiration pneumonitis'), 'no'],
    ['interstitialLungDisease', condition('Aspiration pneumonitis 2019, radiation pneumonitis 2021'), 'yes'],
    ['interstitialLungDisease', condition('Pneumonia'), 'no'],
    ['hepaticImpairment', condition(coded(ICD, 'K72.91')), 'yes'],
    ['hepaticImpairment', condition(coded(ICD, 'K74.69')), 'yes'],
    ['hepaticImpairment', condition('Severe hepatic impairment'), 'yes'],
    ['hepaticImpairment', condition('Cirrhosis of liver', clinically('resolved')), 'unknown'],
    ['hepaticImpairment', condition('Primary biliary cirrhosis'), 'no'],
    ['hepaticImpairment', condition('Fatty liver'), 'no'],
    ['hepaticImpairment', condition('Heart failure'), 'no'],
    ['qtProlongation', condition(coded(ICD, 'I45.81')), 'yes'],
    ['qtProlongation', condition('Prolonged QT interval'), 'yes'],
    ['qtProlongation', condition('Torsades de pointes', verified('unconfirmed')), 'unknown'],
    ['qtProlongation', condition('Atrial fibrillation'), 'no'],
  ] as const)('%s', (name, record, state) => {
    expect(safetyOf([record])[name].state).toBe(state);
  });

  test('unknown when Conditions were not read to their end', () => {
    const { safety } = chartFrom(cutShort(complete(), 'conditions'));
    expect([safety.hepaticImpairment.state, safety.qtProlongation.state, safety.autoimmuneDisease.state]).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});

describe('an immune-related event', () => {
  test.each([
    ['coded', condition(coded(ICD, 'T45.AX5D')), 'yes', 'grade not recorded'],
    ['named', condition('Immune-related colitis'), 'yes', 'grade not recorded'],
    ['of grade 3, resolved', condition('Immune-mediated hepatitis, grade 3', clinically('resolved')), 'yes', 'grade 3'],
    ['of grade IV', condition('Immune-related pneumonitis grade IV'), 'yes', 'grade 4'],
    [
      'of a grade beside it',
      condition('Checkpoint inhibitor colitis', { severity: { text: 'Grade 3' } }),
      'yes',
      'grade 3',
    ],
    ['of grades', condition('irAE: colitis grade 2-3'), 'yes', 'grade 3'],
    ['of grade 1', condition('Immune-related rash, grade 1'), 'no', undefined],
    ['of grade 2', condition('Immune-related colitis', { severity: { text: 'grade 2' } }), 'no', undefined],
    ['suspected', condition('Possible immune-related colitis'), 'unknown', undefined],
    ['none', condition('Colitis'), 'no', undefined],
    ['of the own blood cells', condition('Immune-mediated thrombocytopenia'), 'no', undefined],
  ])('%s', (_claim, record, state, value) => {
    const fact = safetyOf([record]).immuneRelatedEvent;
    expect([fact.state, fact.value]).toEqual([state, value]);
  });

  test('that was mild is named with the answer no', () => {
    const fact = safetyOf([condition('Immune-related rash, grade 1')]).immuneRelatedEvent;
    expect(fact).toMatchObject({ state: 'no', evidence: [{ reference: 'Condition/c1' }] });
  });
});

test('thousands of long texts cost little', () => {
  const long = [
    'kidney transplant from a living related donor ',
    'evaluated for transplant candidate ',
    'allogeneic stem cell autologous ',
    'pregnancy test after planning to become pregnant ',
    'liver heart lung renal ',
    'seen in clinic, doing well, without complaints ',
  ].map((phrase) => phrase.repeat(40).slice(0, 1000));
  const conditions = Array.from({ length: 2500 }, (_, n) => condition(long[n % long.length] ?? '', { id: `c${n}` }));
  const procedures = Array.from({ length: 2500 }, (_, n) =>
    named('Procedure', long[n % long.length] ?? '', { id: `r${n}`, status: 'completed' }),
  );
  const chart = chartOf({ conditions: [asps(), ...conditions], procedures });
  const start = performance.now();
  expect(chart.safety.organTransplant.state).not.toBe('no');
  expect(performance.now() - start).toBeLessThan(10_000);
});
