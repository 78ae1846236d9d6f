import { randomUUID } from 'node:crypto';
import { buildHookRequest, type DiscoveredService, type HookRequest } from '../../src/ehr-demo/hook-request.ts';
import { loadPatient } from '../../src/ehr-demo/scenarios.ts';
import { call, type Reply } from '../support/http.ts';

export const PATIENT_VIEW = '/cds-services/asps-patient-view';
export const FEEDBACK = `${PATIENT_VIEW}/feedback`;

/** A card as feedback needs it. */
export interface AnsweredCard {
  readonly uuid: string;
  readonly summary: string;
  readonly suggestions?: readonly { readonly uuid: string }[];
}

/** The request that opens the chart of a patient with four cards; each is a showing of its own. */
export async function visitsTo(url: string): Promise<() => HookRequest> {
  const { body } = await call(`${url}/cds-services`);
  const { services } = body as { services: readonly DiscoveredService[] };
  const opening = services.find(({ id }) => PATIENT_VIEW.endsWith(id));
  if (opening === undefined) throw new Error('There is no service for patient-view');
  const request = buildHookRequest(
    { patient: loadPatient('metastatic-untreated'), hook: 'patient-view', asOf: new Date() },
    opening,
  );
  return () => ({ ...request, hookInstance: randomUUID() });
}

/** The cards of an answer. */
export function cardsOf({ status, body, text }: Reply): readonly AnsweredCard[] {
  if (status !== 200) throw new Error(`no cards: ${status} ${text}`);
  return (body as { cards: readonly AnsweredCard[] }).cards;
}

/** What the clinician did with a card: every other one is accepted, if it has a suggestion. */
export function reactionTo({ uuid, suggestions = [] }: AnsweredCard, index: number): object {
  const outcomeTimestamp = new Date().toISOString();
  const [suggestion] = suggestions;
  if (index % 2 === 0 && suggestion !== undefined) {
    return { card: uuid, outcome: 'accepted', acceptedSuggestions: [{ id: suggestion.uuid }], outcomeTimestamp };
  }
  const overrideReason = { reason: { code: 'contraindicated', system: 'urn:example:reasons' } };
  return { card: uuid, outcome: 'overridden', overrideReason, outcomeTimestamp };
}
