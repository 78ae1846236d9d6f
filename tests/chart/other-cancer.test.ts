import { describe, expect, test } from '@jest/globals';
import { asps, chartOf, clinically, coded, coding, condition, ICD, SNOMED, verified } from './builders.ts';

const otherCancer = (...conditions: readonly ReturnType<typeof condition>[]) =>
  chartOf({ conditions: [asps(), ...conditions] }).spread.otherActiveCancer;

describe('another active cancer', () => {
  test.each([
    ['C50', coded(ICD, 'C50.911')],
    ['C00', coded(ICD, 'C00.0')],
    ['C96', coded(ICD, 'C96.9')],
    ['C34, lung', coded(ICD, 'C34.90')],
    ['C43, melanoma', coded(ICD, 'C43.9')],
    ['C49.A, GIST', coded(ICD, 'C49.A2')],
    ['C50 under its OID', coded('urn:oid:2.16.840.1.113883.6.90', 'C50.911')],
    ['C50 after another coding', { coding: [coding('urn:x', '1'), coding(ICD, 'C50.911')] }],
    ['C50 called metastatic', { ...coded(ICD, 'C50.911'), text: 'Metastatic breast carcinoma' }],
    ['a carcinoma', { text: 'Invasive ductal carcinoma of breast' }],
    ['an adenocarcinoma', { text: 'Adenocarcinoma of colon' }],
    ['a lymphoma', { text: 'Diffuse large B-cell lymphoma' }],
    ['a leukaemia', { text: 'Chronic lymphocytic leukaemia' }],
    ['a leukemia', { text: 'Acute myeloid leukemia' }],
    ['a melanoma', { text: 'Melanoma of back' }],
    ['myeloma', { text: 'Multiple myeloma' }],
    ['mesothelioma', { text: 'Pleural mesothelioma' }],
    ['a glioblastoma', { text: 'Glioblastoma' }],
    ['breast cancer', { text: 'Breast cancer' }],
    ['cancer of', { text: 'Cancer of prostate' }],
    ['a malignant neoplasm of', { text: 'Malignant neoplasm of stomach' }],
    ['another sarcoma', { text: 'Osteosarcoma of femur' }],
    ['a sarcoma that sounds alike', { text: 'Alveolar rhabdomyosarcoma' }],
    ['another histology at a site of ASPS', { ...coded(ICD, 'C49.22'), text: 'Leiomyosarcoma of leg' }],
    ['a carcinoma that has spread', { text: 'Breast carcinoma metastatic to lung' }],
    ['a SNOMED code with its display', coded(SNOMED, '254837009', 'Malignant neoplasm of breast')],
  ])('yes: %s', (_claim, code) => {
    expect(otherCancer(condition(code))).toMatchObject({ state: 'yes', evidence: [{ reference: 'Condition/c1' }] });
  });

  test.each([
    [
      'C49.- is where an ASPS is filed',
      coded(ICD, 'C49.22', 'Malignant neoplasm of connective and soft tissue of left lower limb'),
    ],
    ['so is C02', coded(ICD, 'C02.9', 'Malignant neoplasm of tongue')],
    ['C47', coded(ICD, 'C47.9')],
    ['C48', coded(ICD, 'C48.0', 'Malignant neoplasm of retroperitoneum')],
    ['and C69', coded(ICD, 'C69.60', 'Malignant neoplasm of orbit')],
    ['C78 is secondary', coded(ICD, 'C78.02', 'Secondary malignant neoplasm of left lung')],
    ['C80.0 is secondary', coded(ICD, 'C80.0')],
    ['a metastasis of nothing that is named', { text: 'Metastasis of malignant neoplasm of unknown origin' }],
    ['the ASPS in words', { text: 'Alveolar soft part sarcoma' }],
    ['the ASPS in C49 and words', { ...coded(ICD, 'C49.9'), text: 'ASPS' }],
    [
      'the ASPS coded by the site of its metastasis',
      { ...coded(ICD, 'C34.90'), text: 'Alveolar soft part sarcoma of lung' },
    ],
    ['soft tissue sarcoma as such', { text: 'Soft tissue sarcoma' }],
    ['soft tissue sarcoma in SNOMED', coded(SNOMED, '424952003', 'Sarcoma of soft tissue')],
    ['soft tissue sarcoma the other way round', { text: 'Sarcoma of soft tissue' }],
    ['sarcoma of a site', { text: 'Sarcoma of left thigh' }],
    ['sarcoma as such', { text: 'Sarcoma' }],
    ['a basal cell carcinoma, which does not spread', { text: 'Basal cell carcinoma of nose' }],
    ['one that has only a SNOMED code', coded(SNOMED, '254837009')],
    ['a benign tumour', coded(ICD, 'D12.6', 'Adenoma of colon')],
    ['a screening for one', coded(ICD, 'Z12.31', 'Encounter for screening mammogram')],
    ['a family history', { text: 'Family history of breast cancer' }],
    ['a history', { text: 'History of breast cancer' }],
    ['a doubt', { text: 'r/o lymphoma' }],
    ['a denial', { text: 'No evidence of melanoma' }],
    ['another disease', { text: 'Type 2 diabetes mellitus' }],
    ['the fear of one', { text: 'Cancerophobia' }],
  ])('no: %s', (_claim, code) => {
    expect(otherCancer(condition(code)).state).toBe('no');
  });

  test.each([
    ['refuted', verified('refuted')],
    ['entered in error', verified('entered-in-error')],
    ['differential', verified('differential')],
    ['resolved', clinically('resolved')],
    ['in remission', clinically('remission')],
    ['abated', { abatementDateTime: '2020' }],
  ])('no: one that is %s', (_claim, more) => {
    expect(otherCancer(condition(coded(ICD, 'C50.911'), more)).state).toBe('no');
  });
});

describe('a metastasis by its everyday name', () => {
  test.each([
    ['liver', 'C78.7', 'Secondary liver cancer'],
    ['lung', 'C78.01', 'secondary lung cancer'],
    ['brain', 'C79.31', 'Secondary brain cancer'],
  ])('of the %s is no other cancer, coded or not', (_claim, code, text) => {
    for (const concept of [{ ...coded(ICD, code), text }, { text }]) {
      const { spread } = chartOf({ conditions: [asps(), condition(concept)] });
      expect(spread.otherActiveCancer.state).toBe('no');
      expect(spread.metastatic).toMatchObject({ state: 'yes', evidence: [{ reference: 'Condition/c1' }] });
    }
  });

  test('"secondary breast cancer" is breast cancer, and so is liver cancer itself', () => {
    expect(otherCancer(condition('Secondary breast cancer')).state).toBe('yes');
    expect(otherCancer(condition('Liver cancer')).state).toBe('yes');
    expect(otherCancer(condition('Liver cancer secondary to cirrhosis')).state).toBe('yes');
  });
});
