import { buildHookRequest, type DiscoveredService, FIXTURE_DATE } from '../src/ehr-demo/hook-request.ts';
import type { PatientStore } from '../src/ehr-demo/patient-store.ts';
import { withoutMedications } from './fhir-charts.ts';
import type { Sent } from './fhir-rows.ts';

const LEAN: readonly string[] = ['patient', 'conditions'];

/** The body of a call on opening the chart. `fhirServer` is where the rest of the chart is. */
export function requestBody(chart: PatientStore, service: DiscoveredService, sent: Sent, fhirServer?: string): string {
  const request = buildHookRequest(
    {
      patient: withoutMedications(chart),
      hook: service.hook,
      omit: Object.keys(service.prefetch ?? {}).filter((key) => !isSent(key, sent)),
      // The chart is as of today already.
      asOf: new Date(FIXTURE_DATE),
    },
    service,
  );
  return JSON.stringify(fhirServer === undefined ? request : { ...request, fhirServer, ...ACCESS });
}

const ACCESS = {
  fhirAuthorization: {
    access_token: 'synthetic-token-of-the-benchmark',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'patient/*.rs',
    subject: 'asps-cds-hooks',
  },
};

function isSent(key: string, sent: Sent): boolean {
  return sent === 'full' || (sent === 'lean' && LEAN.includes(key));
}
