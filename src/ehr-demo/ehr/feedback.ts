import type { Card } from '../card-text.ts';
import { serviceForHook } from '../hook-request.ts';
import { reasonIn } from '../service-client.ts';
import type { Character } from './character.ts';
import type { Exchange } from './exchange.ts';
import type { HookCallOptions } from './hook-call.ts';
import { sentence } from './notices.ts';
import type { ShownCard } from './session.ts';

/** What became of a card. */
export type CardOutcome =
  | { readonly outcome: 'accepted'; readonly suggestions: readonly string[] }
  | { readonly outcome: 'overridden'; readonly reason: OverrideReason | undefined; readonly comment: string };

type OverrideReason = NonNullable<Card['overrideReasons']>[number];

/**
 * Tells the service what became of its card (CDS Hooks 2.0, "Feedback").
 *
 * @returns What was not told and why, in one sentence; empty if all was.
 */
export async function sendFeedback(
  { publicUrl, signer, discover, send }: HookCallOptions,
  character: Character,
  { card, hook }: ShownCard,
  became: CardOutcome,
  at: Date,
  onExchange: (exchange: Exchange) => void,
): Promise<string> {
  if (!character.sendsFeedback) return `This EHR (${character.name}) sends no feedback.`;
  if (card.uuid === undefined) return 'No feedback: the card has no uuid.';
  if (became.outcome === 'accepted' && became.suggestions.length === 0) {
    return 'No feedback: the suggestion has no uuid.';
  }
  const discovered = await discover(character, onExchange);
  if ('failure' in discovered) return `The feedback was not sent. ${discovered.failure}.`;
  const service = serviceForHook(discovered.services, hook);
  if (service === undefined) return 'The feedback was not sent: the service is not offered any more.';

  const url = `${publicUrl}/cds-services/${encodeURIComponent(service.id)}/feedback`;
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    authorization: await signer(character.id).authorization(url),
  };
  const body = JSON.stringify({ feedback: [entryOf(card.uuid, became, at)] });
  const exchange = await send({ about: 'feedback', request: { method: 'POST', url, headers, body } });
  onExchange(exchange);
  return problemIn(exchange.response);
}

function entryOf(card: string, became: CardOutcome, at: Date) {
  const outcomeTimestamp = at.toISOString();
  if (became.outcome === 'accepted') {
    const acceptedSuggestions = became.suggestions.map((id) => ({ id }));
    return { card, outcome: became.outcome, acceptedSuggestions, outcomeTimestamp };
  }
  const { outcome, reason, comment } = became;
  const overrideReason = { ...(reason && { reason }), ...(comment !== '' && { userComment: comment }) };
  return {
    card,
    outcome,
    // It holds at least one of the two (CDS Hooks 2.0, "OverrideReason").
    ...(Object.keys(overrideReason).length > 0 && { overrideReason }),
    outcomeTimestamp,
  };
}

function problemIn(response: Exchange['response']): string {
  if ('failure' in response) return `The feedback did not arrive. ${response.failure}.`;
  const { status, body } = response;
  return status >= 200 && status < 300
    ? ''
    : sentence(`The feedback was refused with ${status}: ${reasonIn(body).slice(0, 300)}`);
}
