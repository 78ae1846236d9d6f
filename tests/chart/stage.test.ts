import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import { asps, chartOf, coded, LOINC, observation, SNOMED } from './builders.ts';

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
