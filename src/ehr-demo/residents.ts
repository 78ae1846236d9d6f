import { CLINICIAN_ID, FIXTURE_DATE } from './hook-request.ts';
import type { Resource } from './patient-store.ts';
import { loadPatient, type Scenario } from './scenarios.ts';
import { daysBetween, shiftDates } from './shift-dates.ts';

/** Who is at work in the demo EHR, under both the types by which EHRs name a user. */
const CLINICIAN: readonly Resource[] = [
  {
    resourceType: 'Practitioner',
    id: CLINICIAN_ID,
    name: [{ text: 'Demo clinician', family: 'Clinician', given: ['Demo'] }],
  },
  {
    resourceType: 'PractitionerRole',
    id: CLINICIAN_ID,
    practitioner: { reference: `Practitioner/${CLINICIAN_ID}`, display: 'Demo clinician' },
  },
];

/** All that the demo EHR has on file at its start: the synthetic patients, their stories told as of that day. */
export function residents(scenarios: readonly Scenario[], asOf: Date): readonly Resource[] {
  const days = daysBetween(new Date(FIXTURE_DATE), asOf);
  return [...CLINICIAN, ...scenarios.flatMap(({ patient }) => shiftDates(loadPatient(patient).resources, days))];
}
