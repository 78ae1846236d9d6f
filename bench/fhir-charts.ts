import { type DiscoveredService, FIXTURE_DATE } from '../src/ehr-demo/hook-request.ts';
import { type PatientStore, type Resource, storeOf } from '../src/ehr-demo/patient-store.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import { daysBetween, shiftDates } from '../src/ehr-demo/shift-dates.ts';
import { filledUp } from './bodies.ts';

/** A chart that is in the EHR and on its FHIR server. */
export interface MeasuredChart {
  readonly name: string;
  readonly chart: PatientStore;
}

const WITHOUT_ASPS = 'primary-care';
const WITH_ASPS = 'metastatic-untreated';
/** Of a request with full prefetch. */
const BYTES = 50_000;

/** The charts that are measured, each as of today. */
export function measuredCharts(service: DiscoveredService, today: Date): readonly MeasuredChart[] {
  const asps = asOf(today, filledUp(loadPatient(WITH_ASPS), service, BYTES, today));
  return [
    { name: 'no-asps', chart: asOf(today, filledUp(loadPatient(WITHOUT_ASPS), service, BYTES, today)) },
    { name: 'asps', chart: asps },
    { name: 'asps-by-reference', chart: withMedicationsApart(asps) },
  ];
}

function asOf(today: Date, { patientId, resources }: PatientStore): PatientStore {
  return storeOf(patientId, shiftDates(resources, daysBetween(new Date(FIXTURE_DATE), today)));
}

/** The same chart with each drug in a Medication of its own, and nothing in its place that names it. */
export function withMedicationsApart({ patientId, resources }: PatientStore): PatientStore {
  return storeOf(
    patientId,
    resources.flatMap((resource): readonly Resource[] => {
      const { medicationCodeableConcept: code, ...order } = resource;
      if (code === undefined) return [resource];
      const id = `drug-of-${resource.id}`;
      return [
        { ...order, medicationReference: { reference: `Medication/${id}` } },
        { resourceType: 'Medication', id, code },
      ];
    }),
  );
}

/** Without the Medications: what an EHR prefetches that sends nothing it was not asked for. */
export function withoutMedications({ patientId, resources }: PatientStore): PatientStore {
  return storeOf(
    patientId,
    resources.filter(({ resourceType }) => resourceType !== 'Medication'),
  );
}
