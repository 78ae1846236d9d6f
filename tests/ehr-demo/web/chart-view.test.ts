import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type PatientStore, type Resource, storeOf } from '../../../src/ehr-demo/patient-store.ts';
import { loadPatient, loadScenarios } from '../../../src/ehr-demo/scenarios.ts';
import type { ChartRow } from '../../../src/ehr-demo/web/chart-rows.ts';
import { chartSections } from '../../../src/ehr-demo/web/chart-view.ts';
import { draftView } from '../../../src/ehr-demo/web/order-view.ts';
import { patientView } from '../../../src/ehr-demo/web/patient-view.ts';

function rowsOf(chart: PatientStore, section: string): readonly ChartRow[] {
  return chartSections(chart)
    .filter(({ id }) => id === section)
    .flatMap(({ rows, older }) => [...rows, ...older]);
}

function rowOf(resource: Omit<Resource, 'id'>, ...others: readonly Resource[]): ChartRow | undefined {
  const chart = storeOf('p', [{ id: 'r', ...resource } as Resource, ...others]);
  return chartSections(chart).flatMap(({ rows }) => rows)[0];
}

describe('a row', () => {
  test.each([
    [
      'Condition',
      {
        code: { text: 'Sarcoma' },
        clinicalStatus: { coding: [{ code: 'active' }] },
        verificationStatus: { coding: [{ code: 'provisional' }] },
        onsetDateTime: '2026-10',
        recordedDate: '2026-11-01',
        bodySite: [{ text: 'Thigh' }],
        stage: [{ summary: { text: 'Stage IV' } }],
      },
      { what: 'Sarcoma', when: '2026-10', more: 'active, provisional · Thigh, Stage IV' },
    ],
    [
      'MedicationRequest',
      {
        medicationCodeableConcept: { coding: [{ display: 'atezolizumab' }] },
        status: 'active',
        intent: 'proposal',
        authoredOn: '2026-11-22T23:30:00-08:00',
        dosageInstruction: [{ text: '1200 mg' }],
      },
      { what: 'atezolizumab', when: '2026-11-22', more: 'active, proposal · 1200 mg' },
    ],
    [
      'MedicationRequest',
      { medicationCodeableConcept: { text: 'doxorubicin' }, doNotPerform: true, status: 'active', intent: 'order' },
      { what: 'Not to be given: doxorubicin', when: '', more: 'active' },
    ],
    [
      'MedicationAdministration',
      {
        contained: [{ resourceType: 'Medication', id: 'm', code: { text: 'pembrolizumab' } }],
        medicationReference: { reference: '#m' },
        status: 'completed',
        effectivePeriod: { start: '2026-11-01T08:00:00Z', end: '2026-11-02' },
        dosage: { dose: { value: 200, unit: 'mg' } },
      },
      { what: 'pembrolizumab', when: '2026-11-01 to 2026-11-02', more: 'given · 200 mg' },
    ],
    [
      'Observation',
      { code: { text: 'Weight' }, valueQuantity: { value: 28, unit: 'kg' }, status: 'final' },
      { what: 'Weight: 28 kg', when: '', more: 'final' },
    ],
    [
      'Observation',
      {
        code: { text: 'Pressure' },
        component: [
          { code: { text: 'upper' }, valueInteger: 120 },
          { code: { text: 'seated' }, valueBoolean: true },
        ],
      },
      { what: 'Pressure', when: '', more: 'upper: 120, seated: yes' },
    ],
    ['DiagnosticReport', { code: { text: 'CT' }, conclusion: 'Clear.' }, { what: 'CT', when: '', more: 'Clear.' }],
    ['ImagingStudy', { modality: [{ code: 'MR' }], started: '2026' }, { what: 'MR', when: '2026', more: '' }],
    ['Procedure', { status: 'completed' }, { what: 'Procedure without a name', when: '', more: 'completed' }],
    [
      'ServiceRequest',
      { code: { text: 'MRI' }, status: 'active', intent: 'order', occurrenceDateTime: '2026-12-01' },
      { what: 'MRI', when: '', more: 'active · planned for 2026-12-01' },
    ],
  ])('of %s says what, when and what else', (resourceType, members, expected) => {
    expect(rowOf({ resourceType, ...members })).toEqual({ ...expected, isError: false });
  });

  test('of a cancer says its histology, where the code names its place alone', () => {
    const url = 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior';
    const extension = [
      { url: 'http://other.example', valueCodeableConcept: { text: 'something else' } },
      { url, valueCodeableConcept: { coding: [{ display: 'Alveolar soft part sarcoma' }] } },
    ];
    const row = rowOf({
      resourceType: 'Condition',
      code: { text: 'Tumour' },
      bodySite: [{ text: 'Thigh' }],
      extension,
    });
    expect(row?.more).toBe('Alveolar soft part sarcoma, Thigh');
  });

  test('names a medication that stands in a resource of its own', () => {
    const medication = { resourceType: 'Medication', id: 'm', code: { text: 'ifosfamide' } };
    const order = { resourceType: 'MedicationRequest', medicationReference: { reference: 'Medication/m' } };
    expect(rowOf(order, medication)?.what).toBe('ifosfamide');
  });

  test.each([
    ['Observation', { status: 'entered-in-error' }],
    ['Condition', { verificationStatus: { coding: [{ code: 'entered-in-error' }] } }],
  ])('of %s that was entered in error says so', (resourceType, members) => {
    expect(rowOf({ resourceType, code: { text: 'Wrong' }, ...members })).toMatchObject({
      what: 'Wrong',
      more: 'entered in error',
      isError: true,
    });
  });
});

test('the latest comes first, what has no date last, and older entries fold away', () => {
  const days = ['2026-01-01', '', '2026-11-02', '2025', '2026-11'];
  const conditions = [...days, ...Array.from({ length: 6 }, () => '2001')].map((day, at) => ({
    resourceType: 'Condition',
    id: `c${at}`,
    code: { text: `Problem ${at}` },
    onsetDateTime: day,
  }));
  const chart = storeOf('p', conditions);
  const [problems] = chartSections(chart);
  expect(problems?.rows.map(({ when }) => when).slice(0, 4)).toEqual(['2026-11-02', '2026-11', '2026-01-01', '2025']);
  expect([problems?.rows.length, problems?.older.length]).toEqual([8, 3]);
  expect(problems?.older.at(-1)?.what).toBe('Problem 1');
});

test('an unsigned order is no medication yet', () => {
  const draft = {
    resourceType: 'MedicationRequest',
    id: 'd',
    status: 'draft',
    intent: 'order',
    medicationCodeableConcept: { text: 'doxorubicin' },
  };
  const chart = storeOf('p', [draft]);
  expect(rowsOf(chart, 'medications')).toEqual([]);
  expect(draftView(draft, chart)).toEqual({
    reference: 'MedicationRequest/d',
    anchor: 'MedicationRequest-d',
    what: 'doxorubicin',
    more: '',
  });
});

test.each(loadScenarios().map(({ patient }) => patient))(
  'every entry of %s has a name or says that it has none',
  (id) => {
    const rows = chartSections(loadPatient(id)).flatMap(({ rows: latest, older }) => [...latest, ...older]);
    for (const { what } of rows) expect(what).toMatch(/\S/);
  },
);

describe('a patient', () => {
  const today = new Date('2026-11-22T23:59:00Z');
  const view = (members: object) => patientView({ resourceType: 'Patient', id: 'p', ...members }, today);

  test.each([
    ['1990-11-22', '36 years'],
    ['1990-11-23', '35 years'],
    ['1990-12', '35 years'],
    ['1990', 'about 36 years'],
    ['2024-12-22', '23 months'],
    ['2026-11-22', '0 months'],
    ['2027-01-01', 'age unknown'],
    ['long ago', 'age unknown'],
    [undefined, 'age unknown'],
    [19_901_122, 'age unknown'],
  ])('born %s is %s old', (birthDate, age) => {
    expect(view({ birthDate }).age).toBe(age);
  });

  test.each([
    [{ name: [{ text: 'Ada T' }] }, 'Ada T'],
    [{ name: [{ given: ['Ada', 'B'] }] }, 'Ada B'],
    [
      {
        name: [
          { use: 'old', family: 'Old' },
          { use: 'official', family: 'New' },
        ],
      },
      'New',
    ],
    [{}, 'No name on file'],
    [{ name: 'Ada' }, 'No name on file'],
  ])('with %j is called %s', (members, name) => {
    expect(view(members).name).toBe(name);
  });

  test('is known by the record number, else by the id', () => {
    expect(view({ identifier: [{ value: 'T-1' }] }).number).toBe('T-1');
    expect(view({ identifier: [{ value: 7 }] }).number).toBe('p');
  });
});

const TYPES =
  'Condition Procedure MedicationRequest MedicationAdministration MedicationStatement ServiceRequest DiagnosticReport ' +
  'ImagingStudy Observation Encounter Appointment CareTeam Patient';
const MEMBERS =
  'code status clinicalStatus verificationStatus bodySite stage note name birthDate gender medicationCodeableConcept ' +
  'medicationReference contained dosageInstruction dosage valueQuantity component effectivePeriod effectiveDateTime period ' +
  'type participant modality identifier';

test('a resource of any shape is told in texts, and stops nothing', () => {
  const members = fc.dictionary(fc.constantFrom(...MEMBERS.split(' ')), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(fc.constantFrom(...TYPES.split(' ')), members, (resourceType, anything) => {
      const resource = { ...anything, resourceType, id: 'x' };
      const chart = storeOf('x', [resource]);
      const rows = chartSections(chart).flatMap(({ rows: latest, older }) => [...latest, ...older]);
      const patient = patientView(resource, new Date('2026-11-22'));
      const draft = draftView(resource, chart);
      const texts = [...rows.flatMap(({ what, when, more }) => [what, when, more]), ...Object.values(patient)];
      for (const told of [...texts, ...Object.values(draft)]) expect(typeof told).toBe('string');
    }),
    { numRuns: 500 },
  );
});
