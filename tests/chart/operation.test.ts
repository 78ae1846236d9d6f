import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readCodedText } from '../../src/chart/coding.ts';
import { operationsIn } from '../../src/chart/operation.ts';
import { coded, coding, SNOMED, terminology } from './builders.ts';

const CPT = 'http://www.ama-assn.org/go/cpt';
const operations = (concept: unknown) => operationsIn(readCodedText(concept), terminology);

describe.each([
  [
    'excision',
    [
      coded(SNOMED, '787439005', 'Wide excision'),
      coded(SNOMED, '178230005'),
      coded(CPT, '27364'),
      coded('urn:oid:2.16.840.1.113883.6.12', '27329'),
      coded(SNOMED, '370612006'),
      'Wide excision of soft tissue sarcoma of left thigh',
      'Wide local re-excision, right forearm',
      'Radical resection of tumor of soft tissue, thigh',
      'Excision of mass, left buttock',
      'Removal of soft tissue tumour',
      'RESECTION ALVEOLAR SOFT PART SARCOMA',
      'Compartment resection of thigh',
      'Limb-sparing surgery, left leg',
      'Re-excision of tumor bed',
      'Biopsy-proven sarcoma, wide excision',
      'Excision of skin and sarcoma of thigh',
    ],
  ],
  [
    'amputation',
    [
      coded(SNOMED, '397117006', 'Amputation of lower limb'),
      coded(CPT, '27590'),
      'Above-knee amputation, left',
      'Hip disarticulation',
      'External hemipelvectomy',
      'Forequarter amputation',
      'Amputation of finger for sarcoma',
    ],
  ],
  [
    'lung-metastasectomy',
    [
      coded(SNOMED, '444188003', 'Thoracoscopic wedge resection of lung'),
      coded(CPT, '32666'),
      'VATS wedge resection, right upper lobe',
      'Pulmonary metastasectomy',
      'Metastasectomy',
      'Lobectomy, left lower lobe of lung',
      'Thoracotomy with resection of nodules',
      'Wide excision of tumor, left lung',
    ],
  ],
  [
    'other-metastasectomy',
    [
      coded(SNOMED, '447107001'),
      'Craniotomy for tumor',
      'Resection of brain metastasis',
      'Resection of liver metastasis',
      'Excision of vertebral tumor',
    ],
  ],
  [
    'biopsy',
    [
      coded(SNOMED, '129249002', 'Needle biopsy'),
      coded(SNOMED, '86273004'),
      'Image-guided core needle biopsy of left thigh',
      'FNA of mass',
      'Excisional biopsy of thigh mass',
      'Tru-cut biopsy',
      'Biopsy of lung nodule',
    ],
  ],
  ['pathology', ['Surgical pathology report', 'Histopathology', 'Pathology: thigh mass, core biopsy']],
  [
    'radiotherapy',
    [
      coded(SNOMED, '1217123003', 'Radiotherapy course of treatment'),
      coded(SNOMED, '1287742003'),
      coded(CPT, '77427'),
      'Radiotherapy, left thigh, 50 Gy',
      'External beam radiation therapy',
      'IMRT thigh',
      'Pre-operative radiation treatment',
    ],
  ],
  [
    'surgical-referral',
    [
      coded(SNOMED, '308481009'),
      'Referral to sarcoma surgery at a sarcoma reference centre',
      'Consult to orthopedic oncology surgery',
      'Refer to surgeon',
    ],
  ],
  [
    'radiotherapy-referral',
    [coded(SNOMED, '306256000'), 'Referral to radiation oncology with experience in sarcoma', 'Consult radiotherapy'],
  ],
])('%s', (operation, concepts) => {
  test.each(concepts.map((concept) => [typeof concept === 'string' ? concept : JSON.stringify(concept), concept]))(
    '%s',
    (_name, concept) => {
      expect(operations(typeof concept === 'string' ? { text: concept } : concept)).toEqual([operation]);
    },
  );
});

describe('nothing of it', () => {
  test.each([
    'Excision of skin lesion',
    'Excision of lipoma',
    'Removal of hardware',
    'Removal of sutures',
    'Port removal',
    'Excision of sentinel lymph node',
    'Appendectomy',
    'Mastectomy',
    'Transurethral resection of bladder tumor',
    'Thyroid lobectomy',
    'Resection of colon tumor',
    'Amputation of toe',
    'Cervical mass',
    'Wound check after excision of sarcoma',
    'Follow-up after amputation',
    'Amputation stump revision',
    'Excision of mass declined',
    'Wide excision not performed',
    'Excision of tumor recommended',
    'Bone marrow biopsy',
    'Colonoscopy with biopsy',
    'Endometrial biopsy',
    'Whole brain radiotherapy',
    'Stereotactic radiosurgery of brain metastasis',
    'Irradiation of red cells',
    'Follow-up after radiotherapy',
    'Referral to dermatology',
    'Physical therapy consult',
    'MRI thigh',
    'Total hip replacement',
    '',
  ])('%s', (text) => {
    expect(operations({ text })).toEqual([]);
  });

  test('a code of wide excision whose words are of the skin', () => {
    expect(operations({ coding: [coding(SNOMED, '787439005', 'Wide excision')], text: 'WLE of skin lesion' })).toEqual(
      [],
    );
  });
  test('a code of radiotherapy whose words are of the brain', () => {
    expect(operations({ coding: [coding(SNOMED, '1287742003')], text: 'Whole brain' })).toEqual([]);
  });
  test('a code of a biopsy whose words are of an organ where no sarcoma is looked for', () => {
    expect(operations({ coding: [coding(SNOMED, '86273004', 'Biopsy')], text: 'Prostate' })).toEqual([]);
  });
});

test('two entries in one text are two operations', () => {
  expect(operations({ text: 'Wide excision of sarcoma; core needle biopsy' })).toEqual(['excision', 'biopsy']);
});

test('never throws and stays quick, whatever the concept is', () => {
  fc.assert(
    fc.property(fc.anything(), fc.string({ maxLength: 50 }), (concept, text) => {
      expect(Array.isArray(operations(concept))).toBe(true);
      expect(Array.isArray(operations({ text }))).toBe(true);
    }),
  );
  const started = performance.now();
  for (const word of ['excision ', 'resect', 'amputation of ', 'radiation radiation ', 'a'.repeat(50), 'margin '])
    operations({ text: word.repeat(20_000) });
  expect(performance.now() - started).toBeLessThan(10_000);
});
