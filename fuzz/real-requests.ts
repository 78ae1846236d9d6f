import { buildHookRequest, type DiscoveredService, type HookEvent } from '../src/ehr-demo/hook-request.ts';
import { draftNames, loadDraft, loadPatient, loadScenarios } from '../src/ehr-demo/scenarios.ts';
import { CANARY } from './canary.ts';

/** A call that an EHR really makes, as text: parsed when it is needed, so that a thousand of them fit. */
export type RealRequest = {
  readonly name: string;
  readonly serviceId: string;
  readonly hook: string;
  readonly json: string;
};

const ORDER_HOOKS: ReadonlySet<string> = new Set(['order-select', 'order-sign']);
const HOOK_INSTANCE = '11111111-2222-4333-8444-555555555555';

/**
 * Every patient on every hook, and every call of the scenarios, with the canary in the patient's id and name. The same
 * each time, but for the dates, which move with the day: the stories are told as of today.
 */
export function realRequests(services: readonly DiscoveredService[]): readonly RealRequest[] {
  const drafts = draftNames();
  const asOf = new Date();
  let count = 0;
  return loadScenarios().flatMap(({ patient: id, calls }) => {
    const patient = loadPatient(id);
    return services.flatMap((service) => {
      const { hook } = service;
      const told = calls.filter((call) => call.hook === hook);
      const events: readonly Omit<HookEvent, 'patient' | 'hook'>[] = told.map(({ draft, selections, omit }) => ({
        draft: draft === undefined ? undefined : loadDraft(draft, id),
        selections,
        omit,
      }));
      count += 1;
      const anyDraft = loadDraft(drafts[count % drafts.length] ?? '', id);
      const untold = { draft: ORDER_HOOKS.has(hook) ? anyDraft : undefined, selections: untoldSelections(hook) };
      return [...events, ...(told.length === 0 ? [untold] : [])].map((event, index) => ({
        name: `${id} ${hook} ${index + 1}`,
        serviceId: service.id,
        hook,
        json: marked(
          JSON.stringify({
            ...buildHookRequest({ ...event, patient, hook, asOf }, service),
            hookInstance: HOOK_INSTANCE,
          }),
          id,
        ),
      }));
    });
  });
}

/** An order is dispatched even for a patient who has none. */
function untoldSelections(hook: string): readonly string[] | undefined {
  return hook === 'order-dispatch' ? ['ServiceRequest/dispatched'] : undefined;
}

// Ids of at most 64 characters: the canary is short.
function marked(json: string, patientId: string): string {
  return json
    .replaceAll(new RegExp(`(?<=["/=])${patientId.replaceAll('.', '\\.')}(?=["&])`, 'g'), `${CANARY}-${patientId}`)
    .replaceAll('"Testcase"', `"${CANARY}"`);
}
