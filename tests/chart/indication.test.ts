import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import {
  asps,
  chartOf,
  clinically,
  coded,
  condition,
  draftsOf,
  ICD,
  medicated,
  RELATED_PRIMARY,
  SNOMED,
} from './builders.ts';

const conditions = [
  asps(),
  condition(coded(ICD, 'C50.911'), { id: 'breast' }),
  condition(coded(ICD, 'C34.90'), { id: 'lung', ...clinically('resolved') }),
  condition('Hypertension', { id: 'bp' }),
  condition(coded(ICD, 'C78.02'), {
    id: 'breast-lung',
    extension: [{ url: RELATED_PRIMARY, valueReference: { reference: 'Condition/breast' } }],
  }),
  condition('Soft tissue sarcoma', { id: 'sts' }),
];
const isOther = (reasons: JsonObject) => {
  const order = medicated('MedicationRequest', 'doxorubicin', reasons);
  const { drafts, exposures } = chartOf({ conditions, medicationRequests: [order] }, draftsOf([order]));
  const indications = [...(drafts ?? []), ...exposures].map(({ indication }) => indication);
  return indications.every((indication) => indication === 'other');
};

describe('an order is for another cancer', () => {
  test.each([
    ['by the text of its reason', { reasonCode: [{ text: 'Breast cancer' }] }, true],
    ['by its code', { reasonCode: [coded(ICD, 'C50.911')] }, true],
    ['by its code under an OID', { reasonCode: [coded('urn:oid:2.16.840.1.113883.6.90', 'C50.911')] }, true],
    ['by a single reason that is no list', { reasonCode: { text: 'Lymphoma' } }, true],
    ['by reference to a Condition', { reasonReference: [{ reference: 'Condition/breast' }] }, true],
    ['by an absolute reference', { reasonReference: [{ reference: 'https://ehr.example/Condition/breast' }] }, true],
    ['by reference to one that is resolved', { reasonReference: [{ reference: 'Condition/lung' }] }, true],
    [
      'by the display of a reference that leads nowhere',
      { reasonReference: [{ reference: 'Condition/x', display: 'Osteosarcoma' }] },
      true,
    ],
    ['by a display alone', { reasonReference: [{ display: 'Melanoma' }] }, true],
    ['by a metastasis of another cancer', { reasonReference: [{ reference: 'Condition/breast-lung' }] }, true],
    ['not if it names the ASPS', { reasonCode: [coded(SNOMED, '404056007')] }, false],
    [
      'not if it names both',
      { reasonCode: [{ text: 'Breast cancer' }, { text: 'Alveolar soft part sarcoma' }] },
      false,
    ],
    [
      'not if it names the one and refers to the other',
      { reasonCode: [{ text: 'Breast cancer' }], reasonReference: [{ reference: 'Condition/asps' }] },
      false,
    ],
    ['not by reference to the ASPS', { reasonReference: [{ reference: 'Condition/asps' }] }, false],
    ['not by soft tissue sarcoma', { reasonReference: [{ reference: 'Condition/sts' }] }, false],
    ['not by the site an ASPS is filed under', { reasonCode: [coded(ICD, 'C49.22')] }, false],
    ['not by a metastasis', { reasonCode: [coded(ICD, 'C78.02')] }, false],
    ['by another disease: it is none of ours either', { reasonReference: [{ reference: 'Condition/bp' }] }, true],
    ['not by a Condition that is not on file', { reasonReference: [{ reference: 'Condition/x' }] }, false],
    ['not by a suspicion', { reasonCode: [{ text: 'r/o lymphoma' }] }, false],
    ['not without a reason', {}, false],
    ['not by garbage', { reasonCode: 'Breast cancer', reasonReference: [7, null] }, false],
  ])('%s', (_claim, order, expected) => {
    expect(isOther(order)).toBe(expected);
  });
});

describe('a drug whose reasons are stated in words, and none of them is of a tumour', () => {
  const ordered = (more: JsonObject) =>
    chartOf(
      { conditions: [asps(), condition('Lupus nephritis', { id: 'lupus' })] },
      draftsOf([medicated('MedicationRequest', 'cyclophosphamide 500 mg', { status: 'draft', ...more })]),
    ).drafts?.[0]?.indication;

  test.each([
    ['a reason in words', { reasonCode: [{ text: 'Lupus nephritis' }] }],
    ['a problem on file', { reasonReference: [{ reference: 'Condition/lupus' }] }],
    ['the name of a problem elsewhere', { reasonReference: [{ display: 'Rheumatoid arthritis' }] }],
  ])('is for something else: %s', (_claim, more) => {
    expect(ordered(more)).toBe('other');
  });

  test.each([
    ['no reason', {}],
    ['an empty one', { reasonCode: [{}] }],
    ['a code nobody knows', { reasonCode: [{ coding: [{ system: 'urn:x', code: '1' }] }] }],
    ['a mass', { reasonCode: [{ text: 'Thigh mass' }] }],
    ['the treatment itself', { reasonCode: [{ text: 'Encounter for antineoplastic chemotherapy' }] }],
    ['one reason of two', { reasonCode: [{ text: 'Nausea' }, { text: 'Lung nodules' }] }],
  ])('stays open with %s', (_claim, more) => {
    expect(ordered(more)).toBe('open');
  });
});
