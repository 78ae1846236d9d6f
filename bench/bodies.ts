import { buildHookRequest, type DiscoveredService } from '../src/ehr-demo/hook-request.ts';
import { type PatientStore, storeOf } from '../src/ehr-demo/patient-store.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import { noiseResource } from './noise.ts';

/** One measured request. */
export type Body = { readonly name: string; readonly title: string; readonly json: string };

const SIZES = [
  { name: 'no-asps', title: 'no ASPS, 50 KB', patient: 'primary-care', bytes: 50_000 },
  { name: 'asps', title: 'ASPS, 50 KB', patient: 'metastatic-untreated', bytes: 50_000 },
  { name: 'asps-large', title: 'ASPS, 1 MB', patient: 'metastatic-untreated', bytes: 1_000_000 },
] as const;

/** The opening of three charts, each as an EHR with full prefetch sends it. */
export function patientViewBodies(service: DiscoveredService): readonly Body[] {
  const asOf = new Date();
  return SIZES.map(({ name, title, patient, bytes }) => ({
    name,
    title,
    json: requestFor(filledUp(loadPatient(patient), service, bytes, asOf), service, asOf),
  }));
}

/** The patient's own chart, filled up with unrelated records until a request with full prefetch is as long as wanted. */
export function filledUp(patient: PatientStore, service: DiscoveredService, bytes: number, asOf: Date): PatientStore {
  const withNoise = (count: number) =>
    storeOf(patient.patientId, [
      ...patient.resources,
      ...Array.from({ length: count }, (_, index) => noiseResource(patient.patientId, index)),
    ]);
  const lengthWith = (count: number) => requestFor(withNoise(count), service, asOf).length;
  const empty = lengthWith(0);
  const each = (lengthWith(100) - empty) / 100;
  return withNoise(Math.max(0, Math.round((bytes - empty) / each)));
}

function requestFor(patient: PatientStore, service: DiscoveredService, asOf: Date): string {
  return JSON.stringify(buildHookRequest({ patient, hook: service.hook, asOf }, service));
}
