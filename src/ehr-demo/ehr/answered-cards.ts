import { isJsonObject } from '../../cds-hooks/json.ts';
import { isCard } from '../card-schema.ts';
import type { Card } from '../card-text.ts';
import { jsonIn } from '../service-client.ts';

/** What can be shown of an answer, most urgent first, otherwise in the order of the service. */
export interface AnsweredCards {
  readonly cards: readonly Card[];
  /** Cards that are none. */
  readonly unreadable: number;
  /** Cards beyond what anybody reads; the least urgent ones. */
  readonly surplus: number;
}

const MOST_CARDS = 50;

const URGENCY: readonly Card['indicator'][] = ['critical', 'warning', 'info'];

/** Reads the answer to a hook call; undefined: it is none. A card that cannot be read does not lose the others. */
export function answeredCards(body: string): AnsweredCards | undefined {
  const answer = jsonIn(body);
  if (!isJsonObject(answer) || !Array.isArray(answer['cards'])) return undefined;
  const given: readonly unknown[] = answer['cards'];
  const cards = mostUrgentFirst(given.filter((card) => isCard(card)).map(withWebLinks), (card) => card);
  return {
    cards: cards.slice(0, MOST_CARDS),
    unreadable: given.length - cards.length,
    surplus: Math.max(0, cards.length - MOST_CARDS),
  };
}

/** Stable: what is equally urgent stays in order. */
export function mostUrgentFirst<T>(items: readonly T[], cardOf: (item: T) => Card): readonly T[] {
  const rank = (item: T) => URGENCY.indexOf(cardOf(item).indicator);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

/** A link that is no web address (`javascript:` runs in the page) leads nowhere. */
function withWebLinks(card: Card): Card {
  const { links, source, ...rest } = card;
  const { url, ...label } = source;
  return {
    ...rest,
    source: url !== undefined && isWebAddress(url) ? source : label,
    ...(links && { links: links.filter((link) => isWebAddress(link.url)) }),
  };
}

/** Does it lead to the web? Else a browser could run it, or look for it on this site. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
