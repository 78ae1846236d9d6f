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
  return SIZES.map(({ name, title, patient, bytes }) => ({
    name,
    title,
    json: bodyOf(loadPatient(patient), service, bytes),
  }));
}

/** The patient's own chart, filled up with unrelated records until the request is as long as wanted. */
function bodyOf(patient: PatientStore, service: DiscoveredService, bytes: number): string {
  const withNoise = (count: number) =>
    storeOf(patient.patientId, [
      ...patient.resources,
      ...Array.from({ length: count }, (_, index) => noiseResource(patient.patientId, index)),
    ]);
  const requestWith = (count: number) =>
    JSON.stringify(buildHookRequest({ patient: withNoise(count), hook: service.hook, asOf: new Date() }, service));
  const empty = requestWith(0).length;
  const each = (requestWith(100).length - empty) / 100;
  return requestWith(Math.max(0, Math.round((bytes - empty) / each)));
}
