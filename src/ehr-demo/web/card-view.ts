import { type Block, blocksOf } from '../../markdown/blocks.ts';
import { isWebAddress } from '../ehr/answered-cards.ts';
import type { Character } from '../ehr/character.ts';
import type { ShownCard } from '../ehr/session.ts';
import { conceptText, items, joined, member, text } from './fhir-text.ts';

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
  /** What a reader asks for: the rest of a long detail, and all of one that is outdated. */
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
  /** Suggestions can be accepted while it is open. */
  readonly state: ShownCard['state'];
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

/** A card as an EHR of this character shows it. */
export function cardView(
  { key, hook, card, state }: ShownCard,
  { profile, sendsFeedback }: Pick<Character, 'profile' | 'sendsFeedback'>,
): CardView {
  const indicator = INDICATORS.find((one) => one === card.indicator) ?? 'info';
  const detail = typeof card.detail === 'string' ? card.detail : '';
  const blocks = blocksOf(detail);
  const leading = state === 'outdated' ? 0 : leadingOf(detail, blocks);
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
    suggestions: items(card.suggestions).map((suggestion, index) =>
      suggestionView(suggestion, index, profile === 'epic'),
    ),
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
    state,
  };
}

/** How many blocks say what a card is about: of a long detail those up to the first list, which holds its reasons, else the first. */
function leadingOf(detail: string, blocks: readonly Block[]): number {
  if (detail.length <= SHORT_DETAIL) return blocks.length;
  const list = blocks.findIndex(({ kind }) => kind === 'list');
  return list === -1 || list >= LATEST_LEADING_LIST ? 1 : list + 1;
}

/** @param showsActions instead of the label: Epic shows what the actions are described as, and labels nowhere. */
function suggestionView(suggestion: unknown, index: number, showsActions: boolean): SuggestionView {
  const actions = items(member(suggestion, 'actions'));
  const described = showsActions ? joined(actions.map(descriptionOf), '; ') : undefined;
  const label = described ?? text(member(suggestion, 'label')) ?? `Suggestion ${index + 1}`;
  const effects = actions.map((action) => {
    const description = descriptionOf(action);
    const isSaid =
      described !== undefined || description === label || description?.toLowerCase() === `order ${label.toLowerCase()}`;
    return joined([isSaid ? undefined : description, doseOf(member(action, 'resource'))], ': ') ?? '';
  });
  return {
    index,
    label,
    isRecommended: member(suggestion, 'isRecommended') === true,
    effects: [...new Set(effects)].filter((effect) => effect !== ''),
  };
}

function descriptionOf(action: unknown): string | undefined {
  return text(member(action, 'description'));
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
