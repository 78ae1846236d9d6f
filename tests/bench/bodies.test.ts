import { expect, test } from '@jest/globals';
import { patientViewBodies } from '../../bench/bodies.ts';

const ofPatient = (type: string) => `${type}?patient={{context.patientId}}`;

const service = {
  id: 'asps-patient-view',
  hook: 'patient-view',
  prefetch: {
    patient: 'Patient/{{context.patientId}}',
    conditions: ofPatient('Condition'),
    procedures: ofPatient('Procedure'),
    medicationRequests: ofPatient('MedicationRequest'),
    diagnosticReports: ofPatient('DiagnosticReport'),
  },
};

const withoutInstance = (json: string) => json.replace(/"hookInstance":"[^"]*"/, '');

test('the bodies are as long as they are called, and the same each time', () => {
  const bodies = patientViewBodies(service);
  for (const [index, bytes] of [50_000, 50_000, 1_000_000].entries()) {
    const length = bodies[index]?.json.length ?? 0;
    expect(Math.abs(length - bytes) / bytes).toBeLessThan(0.02);
  }
  expect(patientViewBodies(service).map(({ json }) => withoutInstance(json))).toEqual(
    bodies.map(({ json }) => withoutInstance(json)),
  );
});
