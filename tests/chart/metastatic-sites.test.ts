import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
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
  SNOMED,
  verified,
} from './builders.ts';

const met = (code: JsonObject | string, more: JsonObject = {}) =>
  condition(code, { id: `met-${JSON.stringify(code)}`, onsetDateTime: '2026-09-01', ...more });
const LUNG = coded(ICD, 'C78.02');
const BONE = coded(ICD, 'C79.51');
const sitesOf = (...conditions: readonly JsonObject[]) =>
  chartOf({ conditions: [asps(), ...conditions] }).surgery.sites;
const states = (sites: ReturnType<typeof sitesOf>) => [
  sites.lungOnly.state,
  sites.extrapulmonary.state,
  sites.few.state,
  sites.bone.state,
];

test.each([
  ['suspected', verified('provisional'), 'only-suspected'],
  ['resolved', clinically('resolved'), 'resolved'],
])('a metastasis that is only %s leaves the sites open for that reason', (_standing, more, doubt) => {
  const sites = sitesOf(met(BONE, { ...more, id: 'open' }), met('Metastatic alveolar soft part sarcoma'));
  for (const fact of [sites.lungOnly, sites.extrapulmonary, sites.few, sites.bone])
    expect(fact).toMatchObject({ state: 'unknown', doubt, evidence: [{ reference: 'Condition/open' }] });
});

describe('lung only, outside the lung, few sites, bone', () => {
  test.each([
    ['lung', [met(LUNG)], 'yes no yes no'],
    ['both lungs', [met(coded(ICD, 'C78.01')), met(LUNG)], 'yes no yes no'],
    [
      'lung, and metastatic disease with no place',
      [met(LUNG), met('Metastatic alveolar soft part sarcoma')],
      'yes no yes no',
    ],
    [
      'lung, and a code of metastatic sarcoma',
      [met(LUNG), met(coded(SNOMED, '443144000', 'Metastatic sarcoma'))],
      'yes no yes no',
    ],
    [
      'lung, and an unspecified site',
      [met(LUNG), met(coded(ICD, 'C79.9', 'Secondary malignant neoplasm of unspecified site'))],
      'yes no yes no',
    ],
    ['bone', [met(BONE)], 'no yes yes yes'],
    ['lung and bone', [met(LUNG), met(BONE)], 'no yes yes yes'],
    ['lung, bone and brain', [met(LUNG), met(BONE), met('Brain metastasis')], 'no yes no yes'],
    ['lung and pleura', [met(LUNG), met('Pleural metastasis')], 'no yes yes no'],
    ['lung and adrenal', [met(LUNG), met(coded(ICD, 'C79.71'))], 'no yes yes no'],
    [
      'lung and a place that we do not know',
      [met(LUNG), met('Metastasis to the third compartment')],
      'unknown unknown unknown unknown',
    ],
    ['no place at all', [met('Metastatic alveolar soft part sarcoma')], 'unknown unknown unknown unknown'],
    ['lung, and bone only suspected', [met(LUNG), met('Possible bone metastasis')], 'unknown unknown unknown unknown'],
    ['lung, and bone provisional', [met(LUNG), met(BONE, verified('provisional'))], 'unknown unknown unknown unknown'],
    ['lung, and bone resolved', [met(LUNG), met(BONE, clinically('resolved'))], 'unknown unknown unknown unknown'],
    ['bone, and another only suspected', [met(BONE), met('Possible lung metastasis')], 'no yes unknown yes'],
    ['lung refuted', [met(LUNG, verified('refuted'))], 'unknown unknown unknown unknown'],
    ['nothing', [], 'unknown unknown unknown unknown'],
  ])('%s', (_claim, conditions, expected) => {
    expect(states(sitesOf(...conditions)).join(' ')).toBe(expected);
  });

  test('localised disease has none', () => {
    const conditions = [asps({ stage: [{ summary: { text: 'Stage II' } }] })];
    expect(states(chartOf({ conditions }).surgery.sites)).toEqual(['no', 'no', 'no', 'no']);
  });

  test('a stage IV alone does not say where', () => {
    const conditions = [asps({ stage: [{ summary: { text: 'Stage IV' } }] })];
    expect(states(chartOf({ conditions }).surgery.sites)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  test('what is there stays there, and nothing is excluded, when the Conditions go on', () => {
    const readings = cutShort(complete({ conditions: [asps(), met(LUNG), met(BONE)] }), 'conditions');
    expect(states(chartFrom(readings).surgery.sites)).toEqual(['no', 'yes', 'unknown', 'yes']);
    const lungOnly = cutShort(complete({ conditions: [asps(), met(LUNG)] }), 'conditions');
    expect(states(chartFrom(lungOnly).surgery.sites)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  test('with another active cancer a metastasis that names no primary decides nothing', () => {
    const breast = condition('Breast cancer', { id: 'breast', ...clinically('active') });
    const sites = sitesOf(met(LUNG), breast);
    expect(states(sites)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    expect(sites.lungOnly.doubt).toBe('another-active-cancer');
  });
});

test('the sites have names of our own, and the metastases are the evidence', () => {
  expect(sitesOf(met(LUNG)).few.value).toBe('lung');
  const { few, extrapulmonary } = sitesOf(met(LUNG, { id: 'l' }), met(BONE, { id: 'b' }));
  expect(few.value).toBe('lung and bone');
  expect(extrapulmonary.evidence.map(({ reference }) => reference)).toEqual(['Condition/b']);
  expect(sitesOf(met(LUNG), met(BONE), met('Brain metastasis')).few.value).toBe('lung, brain or spinal cord, bone');
});

describe('an organ in words', () => {
  test.each([
    'Adrenal metastasis',
    'Metastasis to the left adrenal gland',
    'Pancreatic metastases',
    'Cardiac metastasis',
    'Breast metastasis',
    'Soft tissue metastasis of left flank',
    'Metastases in skeletal muscle',
    'Cutaneous metastasis',
    'Secondary malignant neoplasm of kidney',
  ])('is a place outside the lung: %s', (text) => {
    expect(states(sitesOf(met(LUNG), met(text)))).toEqual(['no', 'yes', 'yes', 'no']);
  });

  test.each(['Metastatic soft tissue sarcoma', 'Metastatic alveolar soft part sarcoma of thigh muscle'])(
    'is the primary in the name of the disease: %s',
    (text) => {
      expect(sitesOf(met(LUNG), met(text)).extrapulmonary.state).not.toBe('yes');
    },
  );
});
