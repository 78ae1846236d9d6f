import { Ajv } from 'ajv';
import { isJsonObject } from '../../cds-hooks/json.ts';
import type { Card } from '../card-text.ts';

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

const text = { type: 'string' };
const filled = { type: 'string', minLength: 1 };
const boolean = { type: 'boolean' };
const objectOf = (required: readonly string[], properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required,
  properties,
});
const listOf = (items: object) => ({ type: 'array', items });

const action = objectOf(['type', 'description'], {
  type: { enum: ['create', 'update', 'delete'] },
  description: text,
  resourceId: text,
});

const isCard = new Ajv().compile<Card>(
  objectOf(['summary', 'indicator', 'source'], {
    uuid: filled,
    summary: filled,
    detail: text,
    indicator: { enum: URGENCY },
    source: objectOf(['label'], { label: text, url: text, topic: objectOf(['code'], { system: text, code: text }) }),
    suggestions: listOf(
      objectOf(['label'], { label: text, uuid: filled, isRecommended: boolean, actions: listOf(action) }),
    ),
    selectionBehavior: text,
    overrideReasons: listOf(objectOf(['code'], { code: filled, system: text, display: text })),
    links: listOf(objectOf(['label', 'url', 'type'], { label: text, url: text, type: text, appContext: text })),
  }),
);

/** Reads the answer to a hook call; undefined: it is none. A card that cannot be read does not lose the others. */
export function answeredCards(body: string): AnsweredCards | undefined {
  const answer = parsed(body);
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

function isWebAddress(url: string): boolean {
  const { protocol } = URL.parse(url) ?? {};
  return protocol === 'https:' || protocol === 'http:';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
