import type { CdsServiceResponse } from '../../src/cds-hooks/types.ts';
import { buildHookRequest, type DiscoveredService, serviceForHook } from '../../src/ehr-demo/hook-request.ts';
import { loadDraft, loadPatient, type ScenarioCall } from '../../src/ehr-demo/scenarios.ts';
import { call, post } from './http.ts';

/** Discovers the services of a running service. */
export async function discover(url: string): Promise<readonly DiscoveredService[]> {
  return ((await call(`${url}/cds-services`)).body as { services: DiscoveredService[] }).services;
}

/** What an EHR with this synthetic chart gets on this call. */
export async function play(
  url: string,
  services: readonly DiscoveredService[],
  patient: string,
  { hook, draft, selections, omit }: Omit<ScenarioCall, 'cards'>,
): Promise<{ readonly status: number; readonly answer: CdsServiceResponse }> {
  const target = serviceForHook(services, hook);
  if (target === undefined) throw new Error(`no service for ${hook}`);
  const request = buildHookRequest(
    {
      patient: loadPatient(patient),
      hook,
      draft: draft === undefined ? undefined : loadDraft(draft, patient),
      selections,
      omit,
    },
    target,
  );
  const reply = await post(`${url}/cds-services/${target.id}`, request);
  return { status: reply.status, answer: reply.body as CdsServiceResponse };
}
