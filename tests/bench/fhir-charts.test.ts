import { expect, test } from '@jest/globals';
import { measuredCharts, withMedicationsApart, withoutMedications } from '../../bench/fhir-charts.ts';
import { storeOf } from '../../src/ehr-demo/patient-store.ts';

const drug = { text: 'atezolizumab' };
const order = { resourceType: 'MedicationRequest', id: 'o1', status: 'active', medicationCodeableConcept: drug };
const patient = { resourceType: 'Patient', id: 'p1' };

test('a drug that stands apart is named in its Medication alone', () => {
  const apart = withMedicationsApart(storeOf('p1', [patient, order]));
  expect(apart.resources).toEqual([
    patient,
    {
      resourceType: 'MedicationRequest',
      id: 'o1',
      status: 'active',
      medicationReference: { reference: 'Medication/drug-of-o1' },
    },
    { resourceType: 'Medication', id: 'drug-of-o1', code: drug },
  ]);
  expect(withoutMedications(apart).resources.map(({ id }) => id)).toEqual(['p1', 'o1']);
});

test('dates move with today', () => {
  const searches = ['Condition', 'Observation', 'MedicationRequest', 'Procedure', 'DiagnosticReport'].map((type) => [
    type,
    `${type}?patient={{context.patientId}}`,
  ]);
  const service = { id: 'asps-patient-view', hook: 'patient-view', prefetch: Object.fromEntries(searches) };
  const [told = '', later = ''] = ['2026-11-22', '2027-11-22'].map((today) =>
    JSON.stringify(measuredCharts(service, new Date(today)).at(1)?.chart.byType('Condition')),
  );
  expect(told).toContain('"2026-10-06"');
  expect(later).toContain('"2027-10-06"');
});
