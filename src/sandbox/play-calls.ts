import type { CallSigner } from '../ehr-demo/call-signer.ts';
import { buildHookRequest, type DiscoveredService, serviceForHook } from '../ehr-demo/hook-request.ts';
import { callService, type ServiceAnswer } from './call-service.ts';
import type { PlannedCall } from './scenario-calls.ts';

/** How the service comes by the chart: it is sent along, or the service asks for it. */
export type Way = 'prefetch' | 'call-back';

/** A call that was made. */
export type PlayedCall = Pick<PlannedCall, 'draft' | 'expected'> & {
  /** The synthetic patient's name, or the id of a patient of the server. */
  readonly patient: string;
  readonly hook: string;
  readonly way: Way;
  readonly hookInstance: string;
  readonly answer: ServiceAnswer;
};

export type PlayOptions = {
  readonly serviceUrl: string;
  readonly services: readonly DiscoveredService[];
  readonly signer: CallSigner;
  /** The FHIR base URL that the service is to ask. */
  readonly fhirServer: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
};

/** One planned call, both ways. A hook for which no service is offered is a mistake of the fixtures. */
export async function playBothWays(
  patient: string,
  { event, draft, expected }: PlannedCall,
  prefetch: Readonly<Record<string, unknown>>,
  { serviceUrl, services, signer, fhirServer, token, signal }: PlayOptions,
): Promise<readonly PlayedCall[]> {
  const service = serviceForHook(services, event.hook);
  if (service === undefined) throw new Error(`no service for ${event.hook}`);
  const url = `${serviceUrl}/cds-services/${service.id}`;
  const played: PlayedCall[] = [];
  for (const way of ['prefetch', 'call-back'] as const) {
    // Without templates nothing is filled in.
    const bare = buildHookRequest(event, { id: service.id, hook: service.hook });
    const request =
      way === 'prefetch'
        ? { ...bare, prefetch: keysOf(service, prefetch) }
        : { ...bare, fhirServer, ...authorizationOf(token, event.patient.patientId) };
    // oxlint-disable-next-line no-await-in-loop -- one at a time, or the times would be those of a crowd
    const answer = await callService(url, signer, request, signal);
    played.push({ patient, hook: event.hook, draft, expected, way, hookInstance: bare.hookInstance, answer });
  }
  return played;
}

function keysOf({ prefetch = {} }: DiscoveredService, filled: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(filled).filter(([key]) => Object.hasOwn(prefetch, key)));
}

/** What the token is really good for, only its server knows: this much is needed. */
function authorizationOf(token: string | undefined, patientId: string): object {
  if (token === undefined) return {};
  return {
    fhirAuthorization: {
      access_token: token,
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'patient/*.read',
      subject: 'sandbox-run',
      patient: patientId,
    },
  };
}
