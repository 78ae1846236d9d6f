import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import { asps, chartOf, coded, condition, ICD, LOINC, observation, SNOMED } from './builders.ts';

const group = coded(LOINC, '21908-9', 'Stage group.clinical');
const staged = (text: string, more: JsonObject = {}) =>
  chartOf({ observationsStaging: [observation(group, { valueCodeableConcept: { text }, ...more })] }).spread;
const SAYS = { yes: 'metastatic', no: 'localised', unknown: 'neither' } as const;
const says = (text: string) => SAYS[staged(text).metastatic.state];

test.each([
  ['I', 'localised'],
  ['IA', 'localised'],
  ['II', 'localised'],
  ['III', 'localised'],
  ['IIIC', 'localised'],
  ['IIIC2', 'localised'],
  ['3', 'localised'],
  ['Stage 2B', 'localised'],
  ['Clinical stage III', 'localised'],
  ['Pathological stage II', 'localised'],
  ['TNM stage group IIIA', 'localised'],
  ['IV', 'metastatic'],
  ['iv', 'metastatic'],
  ['4', 'metastatic'],
  ['IVC', 'metastatic'],
  ['Clinical stage IV', 'metastatic'],
  ['AJCC clinical stage IVA', 'metastatic'],
  ['Stage group IVB', 'metastatic'],
  ['(IV)', 'metastatic'],
])('a stage group "%s" is %s', (text, expected) => {
  expect(says(text)).toBe(expected);
});

test.each(['40', 'IVIG', 'Stage V', 'Not I'])('a stage group "%s" is neither', (text) => {
  expect(says(text)).toBe('neither');
});

test('an observation is shown by its name, its value and its date', () => {
  expect(staged('Stage IV', { effectiveDateTime: '2026-07-01' }).metastatic.evidence).toMatchObject([
    {
      reference: 'Observation/o1',
      kind: 'observation',
      text: 'Stage group.clinical: Stage IV',
      date: { text: '2026-07-01' },
    },
  ]);
});

test('each stage of a Condition is read, by code or by words', () => {
  const stage = [
    { summary: coded(SNOMED, '1222769001') },
    { summary: { text: 'cM0' } },
    { summary: { text: 'FNCLCC grade 3' } },
  ];
  const { metastatic } = chartOf({ conditions: [asps({ stage })] }).spread;
  expect(metastatic).toMatchObject({ state: 'no', evidence: [{ text: 'without a name' }, { text: 'cM0' }] });
});

describe('an M category as a question and its answer', () => {
  const m = coded(LOINC, '21907-1', 'Distant metastases.clinical');
  const answered = (text: string) =>
    chartOf({ observationsStaging: [observation(m, { valueCodeableConcept: { text } })] }).spread.metastatic.state;

  test.each([
    ['M1: no', 'unknown'],
    ['M1 : none', 'unknown'],
    ['M1 = false', 'unknown'],
    ['M0: no', 'unknown'],
    ['M1: yes', 'yes'],
    ['M1: no brain metastases', 'yes'],
    ['M1, lung', 'yes'],
    ['cM0', 'no'],
  ])('"%s" is %s', (text, state) => {
    expect(answered(text)).toBe(state);
  });
});

describe("mCODE's history of metastatic cancer", () => {
  const HISTORY = coded(SNOMED, '1287652008', 'History of metastatic malignant neoplasm');
  const history = (more: JsonObject, conditions: readonly JsonObject[] = [asps()]) =>
    chartOf({ conditions, observationsStaging: [observation(HISTORY, more)] }).spread;

  test('false says that there never was one', () => {
    expect(history({ valueBoolean: false })).toMatchObject({
      metastatic: { state: 'no', evidence: [{ reference: 'Observation/o1', text: expect.stringMatching(/: no$/) }] },
      stageFound: { state: 'yes' },
    });
  });

  test.each([
    ['true', { valueBoolean: true }],
    ['no value, which means true', {}],
  ])('%s is a past episode, and does not say how it is now', (_claim, more) => {
    expect(history(more)).toMatchObject({
      metastatic: { state: 'unknown', doubt: 'resolved', evidence: [{ reference: 'Observation/o1' }] },
      stageFound: { state: 'yes' },
    });
  });

  test.each([
    ['a word', { valueBoolean: 'false' }],
    ['a number', { valueBoolean: 0 }],
    ['nothing that counts', { valueBoolean: false, status: 'cancelled' }],
    ['an error', { valueBoolean: false, status: 'entered-in-error' }],
  ])('%s says nothing', (_claim, more) => {
    expect(history(more)).toMatchObject({ metastatic: { state: 'unknown' }, stageFound: { state: 'no' } });
  });

  test('a metastasis on file stands against it', () => {
    const metastasis = condition(coded(ICD, 'C78.00'), { id: 'm' });
    expect(history({ valueBoolean: false }, [asps(), metastasis]).metastatic.state).toBe('yes');
  });

  test("another cancer's past episode is none of the ASPS's, and no history at all is of both", () => {
    const breast = condition('Breast cancer', { id: 'breast' });
    const focus = [{ reference: 'Condition/breast' }];
    expect(history({ valueBoolean: true, focus }, [asps(), breast]).stageFound.state).toBe('no');
    expect(history({ valueBoolean: false, focus }, [asps(), breast]).metastatic.state).toBe('no');
  });
});
