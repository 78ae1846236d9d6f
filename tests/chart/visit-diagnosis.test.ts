import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readDate } from '../../src/chart/calendar.ts';
import type { Chart } from '../../src/chart/chart.ts';
import { readCodedText } from '../../src/chart/coding.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { datesOf } from '../../src/chart/visit-diagnosis.ts';
import { CRITERIA } from '../../src/guideline/criteria/registry.ts';
import {
  ASPS_SNOMED,
  asps,
  chartOf,
  clinically,
  coded,
  coding,
  condition,
  ICD,
  local,
  medicated,
  named,
  RELATED_PRIMARY,
  SNOMED,
  verified,
} from './builders.ts';

const category = (code: string) => ({
  coding: [coding('http://terminology.hl7.org/CodeSystem/condition-category', code)],
});
const ON_LIST = { category: [category('problem-list-item')] };
const AT_VISIT = { category: [category('encounter-diagnosis')] };
const AT_EPIC = {
  category: [
    category('encounter-diagnosis'),
    {
      coding: [coding('urn:oid:1.2.840.114350.1.13.0.1.7.4.698084.10375', 'visit-diagnosis')],
      text: 'Visit Diagnosis',
    },
  ],
};

const problem = (code: JsonObject | string, more: JsonObject = {}) =>
  condition(code, { id: 'problem', onsetDateTime: '2025-06-01', ...ON_LIST, ...more });
const visit = (code: JsonObject | string, more: JsonObject = {}) =>
  condition(code, { id: 'visit', ...AT_VISIT, ...more });
const onsets = (...conditions: readonly JsonObject[]) =>
  datesOf(
    conditions,
    conditions.map((one) => readCodedText(one['code'])),
  ).map(({ onset }) => onset?.text);

const LUNG = { coding: [coding(ICD, 'C78.00'), coding(SNOMED, '94391008', 'Secondary malignant neoplasm of lung')] };

describe('an undated visit diagnosis has the days of the Condition that it repeats', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['which has the same concept, whatever its words', problem(LUNG), visit({ ...LUNG, text: 'Both lungs' })],
    ['which has the same class and words', problem(coded(ICD, 'C78.00', 'Lung')), visit(coded(ICD, 'C78.00', 'Lung'))],
    ['which has the same words, where it has no code', problem(LUNG), visit('Secondary malignant neoplasm of lung')],
    ['in the category of Epic', problem(LUNG), visit(LUNG, AT_EPIC)],
    ['which need not be on the problem list', problem(LUNG, AT_VISIT), visit(LUNG)],
    ['without a clinical status, of what is active', problem(LUNG, clinically('active')), visit(LUNG)],
  ])('%s', (_claim, original, copy) => {
    expect(onsets(original, copy)).toEqual(['2025-06-01', '2025-06-01']);
    expect(onsets(copy, original)).toEqual(['2025-06-01', '2025-06-01']);
  });

  test('the day of entry too, where it has no other', () => {
    const original = problem(LUNG, { onsetDateTime: undefined, recordedDate: '2025-07-01' });
    const codes = [original, visit(LUNG)].map((one) => readCodedText(one['code']));
    expect(datesOf([original, visit(LUNG)], codes)[1]?.recorded?.text).toBe('2025-07-01');
  });

  test('of several with other days, of the one that says the same, else all that they leave open', () => {
    const first = problem({ ...LUNG, text: 'Right lung' }, { onsetDateTime: '2024-01-01' });
    const second = problem({ ...LUNG, text: 'Left lung' });
    expect(onsets(second, first, visit({ ...LUNG, text: 'Left lung' }))[2]).toBe('2025-06-01');
    const either = [second, first, visit({ ...LUNG, text: 'Both lungs' })];
    const codes = either.map((one) => readCodedText(one['code']));
    const days = { start: readDate('2024-01-01')?.start, end: readDate('2025-06-01')?.end };
    expect(datesOf(either, codes)[2]?.onset).toMatchObject(days);
    const undated = problem(LUNG, { onsetDateTime: undefined, recordedDate: '2025-07-01' });
    expect(datesOf([first, undated, visit(LUNG)], codes)[2]).toEqual({ onset: undefined, recorded: undefined });
  });
});

describe('it has none', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['where no Condition with a date shares a code', problem(coded(ICD, 'C79.51')), visit(LUNG)],
    ['where only a class is shared', problem(coded(ICD, 'C49.9', 'Sarcoma')), visit(coded(ICD, 'C49.9', 'ASPS'))],
    [
      'where the other one has a class alone',
      problem(coded(ICD, 'C49.9', 'Sarcoma')),
      visit({ coding: [coding(ICD, 'C49.9'), coding(SNOMED, ASPS_SNOMED)], text: 'Sarcoma' }),
    ],
    ['where words are not in Latin letters', problem('肺転移 (M1)'), visit('脳転移 (M1)')],
    ['where the other one has no date either', problem(LUNG, { onsetDateTime: undefined }), visit(LUNG)],
    ['of one that was refuted', problem(LUNG, verified('refuted')), visit(LUNG)],
    ['of one that is resolved', problem(LUNG, clinically('resolved')), visit(LUNG)],
    ['of one that is only suspected', problem(LUNG, verified('provisional')), visit(LUNG, verified('confirmed'))],
    ['on the problem list', problem(LUNG), visit(LUNG, ON_LIST)],
    ['without a category', problem(LUNG), visit(LUNG, { category: undefined })],
    [
      'of one in the same class for payment',
      problem({ coding: [coding(ICD, 'C79.51'), coding('https://example.org/cms-hcc', '8')] }),
      visit({ coding: [coding(ICD, 'C78.00'), coding('https://example.org/cms-hcc', '8')] }),
    ],
    [
      'of one that shares only a local code',
      problem({ coding: [local('x'), coding(ICD, 'E03.9')] }),
      visit({ coding: [local('y'), coding(ICD, 'C78.00')] }),
    ],
  ])('%s', (_claim, original, copy) => {
    expect(onsets(original, copy)[1]).toBeUndefined();
  });

  test('and one with a date of its own keeps it', () => {
    expect(onsets(problem(LUNG), visit(LUNG, { onsetDateTime: '2025-08-01' }))[1]).toBe('2025-08-01');
    expect(onsets(problem(LUNG), visit(LUNG, { recordedDate: '2025-08-01' }))[1]).toBeUndefined();
  });
});

describe('beside the problem that it repeats', () => {
  const diagnosed = asps({ onsetDateTime: '2024-01-10', ...ON_LIST });
  const procedures = [
    named('Procedure', 'Wide excision of sarcoma', { id: 'op', status: 'completed', performedDateTime: '2024-02-01' }),
  ];
  const copy = visit(coded(SNOMED, ASPS_SNOMED), { id: 'asps-visit', ...verified('confirmed') });

  test('it leaves the disease-free interval decided, and is no evidence of it', () => {
    const fact = chartOf({ conditions: [visit(LUNG), problem(LUNG), diagnosed], procedures }).surgery;
    expect(fact.longDiseaseFreeInterval).toMatchObject({ state: 'yes', value: '16 months' });
    expect(fact.longDiseaseFreeInterval.evidence.map(({ reference }) => reference)).toEqual([
      'Procedure/op',
      'Condition/problem',
    ]);
  });

  test('it is named after it, and no order gives it as its reason', () => {
    const { diagnosis, spread } = chartOf({ conditions: [copy, visit(LUNG), problem(LUNG), diagnosed] });
    expect(diagnosis.evidence.map(({ reference }) => reference)).toEqual(['Condition/asps', 'Condition/asps-visit']);
    expect(spread.metastatic.evidence.map(({ reference }) => reference)).toEqual([
      'Condition/problem',
      'Condition/visit',
    ]);
  });

  test('the dated one comes first where neither is on the problem list', () => {
    const { diagnosis } = chartOf({ conditions: [copy, asps(AT_VISIT)] });
    expect(diagnosis.evidence.map(({ reference }) => reference)).toEqual(['Condition/asps', 'Condition/asps-visit']);
  });

  test('it may be of another pregnancy than the one that is long over', () => {
    const pregnancy = coded(ICD, 'Z33.1');
    const conditions = [asps(), problem(pregnancy, { onsetDateTime: '2015-03-01', ...clinically('active') })];
    expect(chartOf({ conditions }).safety.pregnancy.state).toBe('no');
    const repeated = visit(pregnancy, clinically('active'));
    expect(chartOf({ conditions: [...conditions, repeated] }).safety.pregnancy.state).not.toBe('no');
    expect(chartOf({ conditions: [asps(), repeated] }).safety.pregnancy.state).toBe('yes');
  });

  test('it makes no palliative care of the time before the diagnosis one of now', () => {
    const palliative = coded(ICD, 'Z51.5');
    const conditions = [asps(), problem(palliative, { onsetDateTime: '2015-03-01' })];
    expect(chartOf({ conditions }).contacts.palliativeCare.state).toBe('no');
    expect(chartOf({ conditions: [...conditions, visit(palliative)] }).contacts.palliativeCare.state).toBe('no');
  });
});

/** A pregnancy is not one for good: a visit without a day may be about a new one. */
const EACH_TIME_ANEW = new Set(['pregnancy', 'immunotherapy-caution']);

/** Everything that a chart says, but for which resources say so. */
function saidBy(chart: Chart): unknown {
  return {
    facts: [...CRITERIA].map(([id, criterion]) => {
      if (EACH_TIME_ANEW.has(id)) return id;
      const { state, value, doubt } = criterion.evaluate(chart);
      return { id, state, value, doubt };
    }),
    diagnosed: chart.diagnosis.date,
    certainty: chart.diagnosis.certainty,
    active: chart.active.state,
    lines: chart.therapy.lines.map(({ start, ongoing }) => ({ start, ongoing })),
  };
}

const maybe = (...choices: readonly JsonObject[]) => fc.constantFrom<JsonObject>({}, ...choices);
const codes = fc.constantFrom<JsonObject>(
  LUNG,
  coded(ICD, 'C78.00', 'Right lung metastasis'),
  coded(ICD, 'C79.51'),
  coded(ICD, 'C79.89', 'Adrenal metastasis'),
  coded(ICD, 'C50.911', 'Breast cancer'),
  { coding: [coding(ICD, 'C49.22'), coding(SNOMED, ASPS_SNOMED)], text: 'ASPS of the left thigh' },
  coded(ICD, 'R51.9', 'Headache'),
  coded(ICD, 'Z33.1'),
  coded(ICD, 'Z51.5'),
  coded(ICD, 'M32.9', 'Lupus'),
  { text: 'Metastasis to brain' },
  { text: 'Possible bone metastasis' },
  { text: 'Immune-mediated colitis, grade 3' },
  { text: 'Kidney transplant' },
);
const days = fc.constantFrom('2015-03-01', '2024', '2025-06-01', '2026-06-20', '2026-11');
const dates = fc.oneof(
  fc.constant<JsonObject>({}),
  days.map((onsetDateTime): JsonObject => ({ onsetDateTime })),
  days.map((recordedDate): JsonObject => ({ recordedDate })),
  fc.tuple(days, days).map(([onsetDateTime, recordedDate]): JsonObject => ({ onsetDateTime, recordedDate })),
);
const others = fc.array(
  fc
    .tuple(
      codes,
      dates,
      maybe(verified('confirmed'), verified('provisional'), verified('refuted')),
      maybe(clinically('active'), clinically('resolved')),
      maybe(ON_LIST, AT_VISIT),
      maybe({ extension: [{ url: RELATED_PRIMARY, valueReference: { reference: 'Condition/asps' } }] }),
    )
    .map(([code, ...members]) => condition(code, Object.assign({}, ...members) as JsonObject)),
  { maxLength: 4 },
);
const procedures = fc.subarray([
  named('Procedure', 'Wide excision of sarcoma', { id: 'op', status: 'completed', performedDateTime: '2024-03-01' }),
  named('Procedure', 'CT chest', { id: 'ct1', status: 'completed', performedDateTime: '2025-06-05' }),
  named('Procedure', 'CT chest', { id: 'ct2', status: 'completed', performedDateTime: '2025-09-05' }),
]);
const medicationRequests = fc.subarray([
  medicated('MedicationRequest', 'atezolizumab', { status: 'active', authoredOn: '2026-01-10' }),
]);

test('an undated visit diagnosis of any Condition of a chart changes no fact and no date', () => {
  fc.assert(
    fc.property(others, dates, procedures, medicationRequests, fc.nat(), (some, began, done, ordered, which) => {
      const { onsetDateTime: _, ...undated } = asps(ON_LIST);
      const conditions = [{ ...undated, ...began }, ...some.map((one, at) => ({ ...one, id: `c${at}` }))];
      const original = conditions[which % conditions.length] ?? undated;
      const copy = { ...original, id: 'copy', onsetDateTime: undefined, recordedDate: undefined, ...AT_EPIC };
      const parts = { procedures: done, medicationRequests: ordered };
      const before = saidBy(chartOf({ ...parts, conditions }));
      expect(saidBy(chartOf({ ...parts, conditions: [...conditions, copy] }))).toEqual(before);
      expect(saidBy(chartOf({ ...parts, conditions: [copy, ...conditions] }))).toEqual(before);
    }),
    { numRuns: 200 },
  );
});

test('is found in linear time, however deep the record is', () => {
  const extension = JSON.parse(`${'[{"extension":'.repeat(20_000)}[]${'}]'.repeat(20_000)}`) as unknown;
  const deep = { ...problem(LUNG), extension };
  expect(onsets(deep, visit(LUNG))).toEqual(['2025-06-01', '2025-06-01']);
});
