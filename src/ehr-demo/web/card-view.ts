import type { ShownCard } from '../ehr/session.ts';
import { conceptText, items, joined, member, text } from './fhir-text.ts';
import { type Block, blocksOf } from './markdown.ts';

/** A card as the page shows it. What a service left out or wrote as another type is not there. */
export interface CardView {
  /** Fit for an HTML id, and for an address. */
  readonly key: string;
  readonly hook: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  /** The indicator in a word. */
  readonly word: string;
  readonly summary: string;
  readonly lead: readonly Block[];
  /** What a reader asks for when the detail is long. */
  readonly more: readonly Block[];
  readonly source: LinkView;
  readonly suggestions: readonly SuggestionView[];
  /** May several suggestions be taken at once? */
  readonly takesSeveral: boolean;
  readonly reasons: readonly { readonly value: string; readonly label: string }[];
  /** Does the service learn why a card was dismissed? */
  readonly tellsWhy: boolean;
  readonly links: readonly LinkView[];
  readonly apps: readonly { readonly index: number; readonly label: string }[];
  readonly isAccepted: boolean;
}

export interface LinkView {
  readonly label: string;
  /** Empty: it leads nowhere that a browser should go. */
  readonly url: string;
}

export interface SuggestionView {
  readonly index: number;
  readonly label: string;
  readonly isRecommended: boolean;
  /** What accepting it does, where the label does not say it all. */
  readonly effects: readonly string[];
}

const WORDS = { info: 'INFO', warning: 'WARNING', critical: 'CRITICAL' } as const;
const INDICATORS = ['info', 'warning', 'critical'] as const;
/** A detail up to this long stands whole on the card. */
const SHORT_DETAIL = 400;
/** Where the list of what a card is based on may stand, to be seen at once. */
const LATEST_LEADING_LIST = 3;

export function cardView({ key, hook, card, state }: ShownCard, sendsFeedback: boolean): CardView {
  const indicator = INDICATORS.find((one) => one === card.indicator) ?? 'info';
  const detail = typeof card.detail === 'string' ? card.detail : '';
  const blocks = blocksOf(detail);
  const leading = detail.length <= SHORT_DETAIL ? blocks.length : leadingOf(blocks);
  const links = items(card.links);
  return {
    key,
    hook,
    indicator,
    word: WORDS[indicator],
    summary: text(card.summary) ?? 'A card without a summary',
    lead: blocks.slice(0, leading),
    more: blocks.slice(leading),
    source: linkView(card.source),
    suggestions: items(card.suggestions).map(suggestionView),
    takesSeveral: card.selectionBehavior === 'any',
    reasons: items(card.overrideReasons).flatMap((reason, index) => {
      const code = text(member(reason, 'code'));
      const label = text(member(reason, 'display')) ?? code;
      return label === undefined ? [] : [{ value: code ?? String(index), label }];
    }),
    tellsWhy: sendsFeedback && text(member(card, 'uuid')) !== undefined,
    links: links.filter((link) => member(link, 'type') !== 'smart').map(linkView),
    apps: links.flatMap((link, index) =>
      member(link, 'type') === 'smart' ? [{ index, label: text(member(link, 'label')) ?? 'app' }] : [],
    ),
    isAccepted: state === 'accepted',
  };
}

/** How many blocks say what a card is about: up to the first list, which holds its reasons, else the first. */
function leadingOf(blocks: readonly Block[]): number {
  const list = blocks.findIndex(({ kind }) => kind === 'list');
  return list === -1 || list >= LATEST_LEADING_LIST ? 1 : list + 1;
}

function suggestionView(suggestion: unknown, index: number): SuggestionView {
  const label = text(member(suggestion, 'label')) ?? `Suggestion ${index + 1}`;
  const effects = items(member(suggestion, 'actions')).map((action) => {
    const description = text(member(action, 'description'));
    const isSaid = description === label || description?.toLowerCase() === `order ${label.toLowerCase()}`;
    return joined([isSaid ? undefined : description, doseOf(member(action, 'resource'))], ': ') ?? '';
  });
  return {
    index,
    label,
    isRecommended: member(suggestion, 'isRecommended') === true,
    effects: [...new Set(effects)].filter((effect) => effect !== ''),
  };
}

/** How an order is to be given; the description of the action says what. */
function doseOf(order: unknown): string | undefined {
  return joined(
    items(member(order, 'dosageInstruction')).map(
      (dose) => text(member(dose, 'text')) ?? conceptText(member(dose, 'route')),
    ),
  );
}

/** Only the web: an address of another kind could run something, and its text still says what there was. */
function linkView(link: unknown): LinkView {
  const url = text(member(link, 'url')) ?? '';
  return { label: text(member(link, 'label')) ?? 'No source named', url: isWebAddress(url) ? url : '' };
}

export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
