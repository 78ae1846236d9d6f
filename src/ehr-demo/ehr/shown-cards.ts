import { randomUUID } from 'node:crypto';
import type { Card } from '../card-text.ts';
import { mostUrgentFirst } from './answered-cards.ts';
import type { ShownCard } from './session.ts';

export const ORDER_HOOKS: readonly string[] = ['order-select', 'order-sign'];

/** The cards on screen once those of this hook have come: they take the place of what they were newer than. */
export function withCards(shown: readonly ShownCard[], hook: string, cards: readonly Card[]): readonly ShownCard[] {
  const fresh = cards.map((card): ShownCard => ({ key: `card-${randomUUID()}`, hook, card, state: 'open' }));
  const topics = new Set(cards.map(topicOf));
  const left = withoutCards(shown, supersededBy(hook)).filter(
    (old) => isAboutOrders(old.hook) !== isAboutOrders(hook) || !topics.has(topicOf(old.card)),
  );
  return mostUrgentFirst([...fresh, ...left], ({ card }) => card);
}

/** What is said of the orders at hand, and what of the chart as a whole, stands apart and may repeat itself. */
export function isAboutOrders(hook: string): boolean {
  return ORDER_HOOKS.includes(hook);
}

/** Of two cards on one topic the older one is out of date, whichever hook it came from. */
function topicOf({ source: { topic }, summary }: Card): string {
  return topic === undefined ? summary : JSON.stringify([topic.system, topic.code]);
}

/** The hooks whose cards are out of date once this one brings its own: both order hooks are about the same drafts. */
export function supersededBy(hook: string): readonly string[] {
  return isAboutOrders(hook) ? ORDER_HOOKS : [hook];
}

export function withoutCards(shown: readonly ShownCard[], hooks: readonly string[]): readonly ShownCard[] {
  return shown.filter(({ hook }) => !hooks.includes(hook));
}

/** Is it a card that an order waits for? */
export function isPressing({ indicator }: Card): boolean {
  return indicator !== 'info';
}
