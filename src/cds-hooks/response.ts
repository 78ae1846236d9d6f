import { randomUUID } from 'node:crypto';
import type { Action, ActionResource, Card, CdsServiceResponse, Coding, Link, Suggestion } from './types.ts';

/** A card as its author has it: what to say, without what the protocol adds. */
export interface CardContent {
  /** Permanent; goes out as the topic's code, so that feedback and filters can name the card (CH-100). */
  readonly id: string;
  readonly title: string;
  /** One sentence. Cut when it has 140 UTF-16 units or more (CH-92). */
  readonly summary: string;
  /** GitHub Flavored Markdown without HTML (CH-93, CH-94). */
  readonly detail: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  readonly source: { readonly label: string; readonly url?: string };
  readonly suggestions: readonly SuggestionContent[];
  readonly overrideReasons: readonly Coding[];
  readonly links: readonly Link[];
}

/** A button and what it does; without actions it merely acknowledges (CH-111). */
export interface SuggestionContent {
  readonly label: string;
  readonly isRecommended: boolean;
  readonly actions: readonly ActionContent[];
}

export type ActionContent =
  | { readonly type: 'create' | 'update'; readonly description: string; readonly resource: ActionResource }
  | { readonly type: 'delete'; readonly description: string; readonly resourceId: string };

export interface RespondOptions {
  /** The code system of the card ids. */
  readonly topicSystem: string;
  /** Default is a random one (version 4). */
  readonly newUuid?: () => string;
}

const SUMMARY_LIMIT = 139; // CH-92: fewer than 140; the unit is not stated, UTF-16 is the strictest

/** The answer to a call: each card and suggestion with a uuid of its own (CH-91, CH-108), nothing null or empty (CH-19 to CH-21). */
export function respond(
  cards: readonly CardContent[],
  { topicSystem, newUuid = randomUUID }: RespondOptions,
): CdsServiceResponse {
  return { cards: cards.map((content) => card(content, topicSystem, newUuid)) };
}

function card(content: CardContent, topicSystem: string, newUuid: () => string): Card {
  const { id, title, summary, detail, indicator, source, overrideReasons } = content;
  const recommended = content.suggestions.findIndex(({ isRecommended }) => isRecommended);
  const suggestions = content.suggestions.map((suggestion, index) => ({
    label: suggestion.label,
    uuid: newUuid().toLowerCase(),
    // CH-110: with at-most-one, only one may be recommended; the first wins.
    ...(index === recommended ? { isRecommended: true } : {}),
    ...(suggestion.actions.length > 0 ? { actions: suggestion.actions.map(action) } : {}),
  })) satisfies Suggestion[];
  const links = content.links.map(link);
  return {
    uuid: newUuid().toLowerCase(),
    summary: cutSummary(summary),
    ...(isBlank(detail) ? {} : { detail }),
    indicator,
    source: {
      label: source.label,
      ...(isBlank(source.url) ? {} : { url: source.url }),
      topic: { system: topicSystem, code: id, display: title },
    },
    // The one value that clients of every version know (CH-102).
    ...(suggestions.length > 0 ? { suggestions, selectionBehavior: 'at-most-one' } : {}),
    ...(overrideReasons.length > 0 ? { overrideReasons: overrideReasons.map(overrideReason) } : {}),
    ...(links.length > 0 ? { links } : {}),
  };
}

function action(content: ActionContent): Action {
  const { type, description } = content;
  switch (type) {
    case 'create': // CH-117
    case 'update': // the whole resource (CH-118)
      return { type, description, resource: content.resource };
    case 'delete':
      return { type, description, resourceId: content.resourceId }; // CH-120
    default:
      return content satisfies never;
  }
}

/** All three members, which 2.0 requires (CH-104). */
function overrideReason({ code, system, display }: Coding): Coding {
  return { code, system, display };
}

function link({ label, url, type, appContext }: Link): Link {
  return type === 'smart' && !isBlank(appContext) ? { label, url, type, appContext } : { label, url, type };
}

function cutSummary(summary: string): string {
  const sentence = summary.trim();
  if (sentence.length <= SUMMARY_LIMIT) return sentence;

  const room = sentence.slice(0, SUMMARY_LIMIT);
  const boundary = room.lastIndexOf(' ');
  const words = boundary > 0 ? room.slice(0, boundary) : room.slice(0, -1);
  return `${words.replace(/[\s,;:–-]+$|[\uD800-\uDBFF]$/u, '')}…`;
}

/** CH-20: white space alone counts as empty. */
function isBlank(text: string | undefined): text is undefined | '' {
  return text === undefined || text.trim() === '';
}
