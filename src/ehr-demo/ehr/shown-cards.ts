import { randomUUID } from 'node:crypto';
import type { Card } from '../card-text.ts';
import { mostUrgentFirst } from './answered-cards.ts';
import type { ShownCard } from './session.ts';

const ORDER_HOOKS: readonly string[] = ['order-select', 'order-sign'];

/** The cards on screen once those of this hook have come: they take the place of what they were newer than. */
export function withCards(shown: readonly ShownCard[], hook: string, cards: readonly Card[]): readonly ShownCard[] {
  const left = shown.filter((old) => !isSuperseded(old.hook, hook));
  return inOrder([...cards.map(asShown(hook, 'open')), ...without(left, hook, cards)]);
}

/** The cards on screen once those of a call from before the chart changed have come: what is there by now is newer. */
export function withOutdatedCards(
  shown: readonly ShownCard[],
  hook: string,
  cards: readonly Card[],
): readonly ShownCard[] {
  const onScreen = shown.filter((one) => isAboutOrders(one.hook) === isAboutOrders(hook)).map(({ card }) => card);
  const late = cards.map(asShown(hook, 'outdated'));
  return inOrder([...shown, ...without(late, hook, onScreen)]);
}

/** The same cards once the chart is another one than that which they are about. */
export function outdated(shown: readonly ShownCard[]): readonly ShownCard[] {
  return shown.map((one) => (one.state === 'open' && !isAboutOrders(one.hook) ? { ...one, state: 'outdated' } : one));
}

function asShown(hook: string, state: ShownCard['state']): (card: Card) => ShownCard {
  return (card) => ({ key: `card-${randomUUID()}`, hook, card, state });
}

function inOrder(shown: readonly ShownCard[]): readonly ShownCard[] {
  return mostUrgentFirst(shown, ({ card }) => card);
}

/** Those that share no topic with these cards of a hook, as far as both are about orders or both about the chart. */
function without(shown: readonly ShownCard[], hook: string, cards: readonly Card[]): readonly ShownCard[] {
  const topics = new Set(cards.map(topicOf));
  return shown.filter((one) => isAboutOrders(one.hook) !== isAboutOrders(hook) || !topics.has(topicOf(one.card)));
}

/** What is said of the orders at hand, and what of the chart as a whole, stands apart and may repeat itself. */
export function isAboutOrders(hook: string): boolean {
  return ORDER_HOOKS.includes(hook);
}

/** Of two cards on one topic the older one is out of date, whichever hook it came from. */
function topicOf({ source: { topic }, summary }: Card): string {
  return topic === undefined ? summary : JSON.stringify([topic.system, topic.code]);
}

/**
 * Are the cards of the one hook out of date once the other brings its own? Both order hooks are about the same drafts, and
 * patient-view says all that there is to say of a chart.
 */
export function isSuperseded(older: string, newer: string): boolean {
  if (isAboutOrders(newer)) return isAboutOrders(older);
  return older === newer || (newer === 'patient-view' && !isAboutOrders(older));
}

/** Is it a card that an order waits for? */
export function isPressing({ indicator }: Card): boolean {
  return indicator !== 'info';
}
