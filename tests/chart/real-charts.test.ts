import { describe, expect, test } from '@jest/globals';
import { dayOf } from '../../src/chart/calendar.ts';
import { diagnoseFrom } from '../../src/chart/chart.ts';
import { canonicalSystem, readCodedText } from '../../src/chart/coding.ts';
import { studiesIn } from '../../src/chart/imaging.ts';
import { readAge } from '../../src/chart/patient.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { assertionOf } from '../../src/chart/text.ts';
import { TODAY } from '../support/service.ts';
import {
  ASPS_SNOMED,
  ATC,
  asps,
  chartFrom,
  chartOf,
  coded,
  coding,
  complete,
  condition,
  draftsOf,
  ICD,
  ICD_O,
  LOINC,
  local,
  medicated,
  NCIT,
  named,
  observation,
  SNOMED,
  terminology,
  verified,
  without,
} from './builders.ts';

// Charts as they are written: each of these was once read wrong.

const NAME = /alveolar soft part sarcoma|\basps\b/;
const certaintyOf = (...conditions: readonly JsonObject[]) =>
  diagnoseFrom(complete({ conditions }), terminology).certainty;
const studies = (text: string) => studiesIn({ codings: [], texts: [text] }, terminology);
const staging = (code: string, value: JsonObject, more: JsonObject = {}) =>
  observation(coded(LOINC, code), { valueCodeableConcept: value, ...more });

describe('negation and doubt that are missed', () => {
  test.each([
    ['rhabdomyosarcoma vs. ASPS', 'suspected'],
    ['poss. ASPS', 'suspected'],
    ['possibility of ASPS', 'suspected'],
    ['ASPS not ruled out', 'suspected'],
    ['ASPS cannot be ruled out', 'suspected'],
    ['ASPS cannot be excluded', 'suspected'],
    ['unlikely ASPS', 'negated'],
    ['neg for ASPS', 'negated'],
    ['neg. for ASPS', 'negated'],
    ['w/o ASPS', 'negated'],
    ['alveolar soft part sarcoma of left thigh, ruled out', 'negated'],
    ['alveolar soft part sarcoma of left thigh excluded by FISH', 'negated'],
  ])('%s is %s', (text, assertion) => {
    expect(assertionOf(text, NAME)).toBe(assertion);
  });
});

describe('the order of codings decides', () => {
  const names = [local('ASPS'), local('Alveolar soft part sarcoma')];

  test('between two names of the ASPS', () => {
    const each = [names, names.toReversed()].map((list) =>
      certaintyOf(condition({ coding: list }, verified('confirmed'))),
    );
    expect(each).toEqual(['established', 'established']);
  });

  test.each(['refuted', 'entered-in-error'])('on a verificationStatus that is %s after a local code', (code) => {
    const verificationStatus = {
      coding: [
        coding('urn:oid:1.2.3', '2'),
        coding('http://terminology.hl7.org/CodeSystem/condition-ver-status', code),
      ],
    };
    expect(certaintyOf(asps({ verificationStatus }))).toBe('absent');
  });

  test('on a clinicalStatus that is resolved after a local code', () => {
    const clinicalStatus = {
      coding: [
        coding('urn:oid:1.2.3', '2'),
        coding('http://terminology.hl7.org/CodeSystem/condition-clinical', 'resolved'),
      ],
    };
    expect(chartOf({ conditions: [asps({ clinicalStatus })] }).diagnosis.active).toBe(false);
  });

  test('entered in error counts in words too', () => {
    expect(certaintyOf(asps({ verificationStatus: { text: 'Entered in Error' } }))).toBe('absent');
  });
});

describe('whose metastasis, whose stage', () => {
  test.each(['Metastatic melanoma', 'Metastatic breast cancer', 'Metastatic colon carcinoma'])(
    '"%s" is another cancer, not a metastasis of the ASPS',
    (text) => {
      const { spread } = chartOf({ conditions: [asps(), condition(text)] });
      expect([spread.otherActiveCancer.state, spread.metastatic.state]).toEqual(['yes', 'unknown']);
    },
  );
});

describe('other cancers that are none', () => {
  test.each([
    ['C80.1 is within C77–C80', coded(ICD, 'C80.1')],
    ['C80.2 too', coded(ICD, 'C80.2')],
    ['as ICD-10-CM words it', { text: 'Malignant neoplasm of connective and soft tissue of left lower limb' }],
    [
      'as ICD-9-CM has it',
      { coding: [coding('http://hl7.org/fhir/sid/icd-9-cm', '171.3', 'Malignant neoplasm of soft tissue of leg')] },
    ],
  ])('%s', (_claim, code) => {
    expect(chartOf({ conditions: [asps(), condition(code)] }).spread.otherActiveCancer.state).toBe('no');
  });
});

describe('stages', () => {
  test.each(['cT2N0M1', 'T2N1M1', 'pT2bN0pM1'])('M1 in %s', (text) => {
    expect(chartOf({ conditions: [asps({ stage: [{ summary: { text } }] })] }).spread.metastatic.state).toBe('yes');
  });

  test.each(['cT2N0M0'])('M0 in %s', (text) => {
    expect(chartOf({ conditions: [asps({ stage: [{ summary: { text } }] })] }).spread.metastatic.state).toBe('no');
  });

  test.each(['Stage: IV', 'AJCC 8th edition stage IV', 'Stage group: IV', 'AJCC v8 Stage IV'])(
    'stage IV in "%s"',
    (text) => {
      expect(chartOf({ observationsStaging: [staging('21908-9', { text })] }).spread.metastatic.state).toBe('yes');
    },
  );

  test.each(['Unknown', 'Cannot be assessed', 'Not applicable'])('"%s" is no stage that was found', (text) => {
    expect(chartOf({ observationsStaging: [staging('21908-9', { text })] }).spread.stageFound.state).toBe('no');
  });
});

describe('a no where a source is missing', () => {
  test.each([
    ['a registered report', 'diagnosticReports', named('DiagnosticReport', 'MRI brain', { status: 'registered' })],
    ['a planned Procedure', 'procedures', named('Procedure', 'MRI brain', { status: 'preparation' })],
  ] as const)('%s is an order; unread, it is not known that there is none', (_claim, key, record) => {
    const readings = complete({ [key]: [record] });
    expect(chartFrom(readings).brainMri.ordered.state).toBe('yes');
    expect(chartFrom(without(readings, key)).brainMri.ordered.state).toBe('unknown');
  });

  test.each([
    ['a completed order that may be from before', asps({ onsetDateTime: '2026' }), '2026-03-01'],
    ['a completed order without a date', asps(), undefined],
  ])('%s leaves ordered unknown', (_claim, diagnosis, authoredOn) => {
    const request = named('ServiceRequest', 'MRI brain', { status: 'completed', authoredOn });
    expect(chartOf({ conditions: [diagnosis], serviceRequests: [request] }).brainMri.ordered.state).toBe('unknown');
  });
});

describe('two on one day', () => {
  const status = (code: string, effectiveDateTime: string) =>
    observation(coded(LOINC, '97509-4'), { valueCodeableConcept: coded(SNOMED, code), effectiveDateTime });

  test('two disease statuses of a day answer the same in any order', () => {
    const both = [status('271299001', '2026-09-01'), status('359746009', '2026-09-01')];
    const [one, other] = [both, both.toReversed()].map(
      (each) =>
        chartOf({
          conditions: [asps({ onsetDateTime: '2024' })],
          medicationRequests: [medicated('MedicationRequest', 'nivolumab', { authoredOn: '2026-03-01' })],
          observationsDiseaseStatus: each,
        }).therapy.progressionOnImmunotherapy.state,
    );
    expect(one).toBe(other);
  });
});

describe('imaging', () => {
  test.each([
    ['CT pulmonary angiogram', []],
    ['CT guided lung biopsy', []],
    ['CT-guided needle biopsy of lung', []],
    ['CT simulation chest', []],
    ['PET brain', []],
    ['MRI thigh, brain MRI recommended', []],
    ['MRI brain, CT chest recommended', ['mri-brain']],
    ['PET/CT cardiac', []],
    ['MRI brain; CT chest', ['mri-brain', 'ct-chest']],
  ])('"%s" is %j', (text, expected) => {
    expect(studies(text)).toEqual(expected);
  });

  test('a draft names the body site apart from the method, as an order does', () => {
    const request = named('ServiceRequest', 'MRI with contrast', { status: 'draft', bodySite: [{ text: 'Brain' }] });
    expect(chartOf({ serviceRequests: [request] }).brainMri.ordered.state).toBe('yes');
    expect(chartOf({}, draftsOf([request])).brainMri.ordered.state).toBe('yes');
  });
});

describe('codes and text', () => {
  test('a selection may name a version', () => {
    const drafts = [medicated('MedicationRequest', 'doxorubicin', { id: 'a' })];
    expect(chartOf({}, draftsOf(drafts, ['MedicationRequest/a/_history/1'])).drafts?.[0]?.judged).toBe(true);
  });

  test.each([
    ['ICD-O-3', 'urn:oid:2.16.840.1.113883.6.43.1', ICD_O],
    ['NCIt', 'urn:oid:2.16.840.1.113883.3.26.1.1', NCIT],
    ['ATC', 'urn:oid:2.16.840.1.113883.6.73', ATC],
    ['HCPCS', 'urn:oid:2.16.840.1.113883.6.285', 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets'],
    ['an OID in upper case', 'URN:OID:2.16.840.1.113883.6.96', SNOMED],
  ])('%s by its OID is the system', (_claim, system, canonical) => {
    expect(canonicalSystem(system)).toBe(canonical);
  });

  test('atezolizumab by ATC is one drug', () => {
    const drugs = terminology.drugsIn(readCodedText(coded(ATC, 'L01FF05'))).map(({ drug }) => drug);
    expect(drugs).toEqual(['atezolizumab']);
  });

  test('liposomal doxorubicin by name is one drug', () => {
    const drugs = terminology.drugsIn(readCodedText({ text: 'liposomal doxorubicin' })).map(({ drug }) => drug);
    expect(drugs).toEqual(['liposomal doxorubicin']);
  });

  test('a weight under a local code alone counts by its name', () => {
    const weight = observation(
      { coding: [local('Weight')], text: 'Body weight' },
      { effectiveDateTime: '2026-11-20', valueQuantity: { value: 28, code: 'kg' } },
    );
    const patient = [{ resourceType: 'Patient', id: 'p1', birthDate: '2017-06-30' }];
    expect(chartOf({ patient, observationsBodyWeight: [weight] }).weight.fact.state).toBe('yes');
  });

  test.each(['ASPS without metastases', 'ASPS, no evidence of distant metastases'])(
    '"%s" says that there are none',
    (text) => {
      const conditions = [asps({ code: { ...coded(SNOMED, ASPS_SNOMED), text } })];
      expect(chartOf({ conditions }).spread.metastatic.state).toBe('no');
    },
  );

  test.each([45, 60, 80])('60 kg are plausible at %d years', (years) => {
    const patient = [{ resourceType: 'Patient', id: 'p1', birthDate: `${2026 - years}-01-01` }];
    const observationsBodyWeight = [
      observation(coded(LOINC, '29463-7'), {
        effectiveDateTime: '2026-11-20',
        valueQuantity: { value: 60, code: 'kg' },
      }),
    ];
    expect(chartOf({ patient, observationsBodyWeight }).weight.weight?.kg).toBe(60);
  });

  test('a child of this year is 0 years old', () => {
    const patient = [{ resourceType: 'Patient', id: 'p1', birthDate: '2026' }];
    expect(readAge(complete({ patient }), dayOf(TODAY))?.evidence.text).toBe('0 years');
  });
});

describe('words that were taken for more than they say', () => {
  const staged = (text: string) =>
    chartOf({ observationsStaging: [staging('21908-9', { text })] }).spread.metastatic.state;

  test.each(['Not stage IV', 'Stage IV ruled out', 'No evidence of stage IV disease', 'r/o stage IV', 'Stage III/IV'])(
    'a stage of "%s" is not metastatic',
    (text) => {
      expect(staged(text)).not.toBe('yes');
    },
  );

  test('a stage in the name of the problem is a stage', () => {
    const code = { ...coded(SNOMED, ASPS_SNOMED), text: 'Alveolar soft part sarcoma, stage IV' };
    expect(chartOf({ conditions: [asps({ code })] }).spread.metastatic.state).toBe('yes');
  });

  test('no metastasis in one organ is not localised disease', () => {
    const code = { ...coded(SNOMED, ASPS_SNOMED), text: 'Alveolar soft part sarcoma, no brain metastasis' };
    expect(chartOf({ conditions: [asps({ code })] }).spread.metastatic.state).toBe('unknown');
  });

  test.each(['Metastatic workup negative', 'Encounter for metastatic workup', 'Metastasis surveillance'])(
    '"%s" is no metastasis',
    (text) => {
      expect(chartOf({ conditions: [asps(), condition(text)] }).spread.metastatic.state).toBe('unknown');
    },
  );

  test.each([
    'Breast cancer screening',
    'At high risk for breast cancer',
    'Breast cancer survivor',
    'Hx breast cancer',
  ])('"%s" is no active cancer', (text) => {
    expect(chartOf({ conditions: [asps(), condition(text)] }).spread.otherActiveCancer.state).toBe('no');
  });

  test.each([
    'Treatment plan for ASPS: pembrolizumab 200 mg',
    'Investigational (NOT billable) study drug atezolizumab 1200 mg',
  ])('"%s" names a drug', (text) => {
    expect(terminology.drugsIn(readCodedText({ text }))).toHaveLength(1);
  });

  test('a drug that is intended leaves open whether it was had', () => {
    const statement = medicated('MedicationStatement', 'atezolizumab', { status: 'intended' });
    expect(chartOf({ medicationStatements: [statement] }).exposureTo['pd-1-pd-l1-inhibitor'].state).toBe('unknown');
  });

  test('ten thousand drafts and selections are matched at once', () => {
    const drafts = Array.from({ length: 10_000 }, (_, at) =>
      medicated('MedicationRequest', 'doxorubicin', { id: `d${at}` }),
    );
    const selections = drafts.map((_, at) => `MedicationRequest/other-${at}`);
    const read = chartOf({}, draftsOf(drafts, [...selections, 'MedicationRequest/d7'])).drafts ?? [];
    expect(read.filter(({ judged }) => judged)).toHaveLength(1);
  });
});
