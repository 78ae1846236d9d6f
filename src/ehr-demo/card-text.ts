import { stripVTControlCharacters } from 'node:util';
import { plainMarkdown, wrap } from '../terminal/wrap-text.ts';
import type { Indicator } from './scenarios.ts';

/** The parts of a card that an EHR shows or acts on. */
export type Card = {
  /** What feedback names it by; CDS Hooks 1.0 has none. */
  readonly uuid?: string;
  readonly summary: string;
  readonly indicator: Indicator;
  readonly source: {
    readonly label: string;
    readonly url?: string;
    /** What the card is about; CDS Hooks 1.0 has none. */
    readonly topic?: { readonly system?: string; readonly code: string };
  };
  readonly detail?: string;
  readonly suggestions?: readonly Suggestion[];
  readonly selectionBehavior?: string;
  readonly overrideReasons?: readonly { readonly display?: string; readonly code: string; readonly system?: string }[];
  readonly links?: readonly Link[];
};

export type Link = {
  readonly label: string;
  readonly url: string;
  readonly type: string;
  /** For the app of a SMART link, unchanged. */
  readonly appContext?: string;
};

export type Suggestion = {
  readonly label: string;
  readonly uuid?: string;
  readonly isRecommended?: boolean;
  readonly actions?: readonly Action[];
};

export type Action = {
  readonly type: string;
  readonly description: string;
  readonly resource?: unknown;
  readonly resourceId?: string;
};

/** The answer of a service to a hook call. */
export type CdsAnswer = { readonly cards: readonly Card[] };

/** How a text is coloured; a terminal without colours is the identity. */
export type Paint = (style: 'bold' | 'dim' | 'cyan' | 'yellow' | 'red', text: string) => string;

/** Severity is told by word and symbol; the colour only repeats it. */
const BADGES = {
  info: { symbol: 'i', word: 'INFO', style: 'cyan' },
  warning: { symbol: '▲', word: 'WARNING', style: 'yellow' },
  critical: { symbol: '■', word: 'CRITICAL', style: 'red' },
} as const;

/** All cards of an answer in the order of the service, or a sentence that there are none. */
export function answerText(answer: CdsAnswer, width: number, paint: Paint): string {
  if (answer.cards.length === 0) return 'No cards: the guideline has nothing to say here.\n';
  return answer.cards.map((card) => cardText(card, width, paint)).join('\n');
}

/** One card, every line at most `width` characters unless a single word is longer. */
export function cardText(card: Card, width: number, paint: Paint): string {
  const { symbol, word, style } = BADGES[card.indicator];
  const indented = (text: string, indent: string) => wrap(safe(text), width, indent);
  const paragraphs = [
    [paint(style, `${symbol} ${word}`), ...indented(card.summary, '  ').map((line) => paint('bold', line))],
    card.detail === undefined ? [] : wrap(plainMarkdown(safe(card.detail)), width, '  '),
    (card.suggestions ?? []).flatMap((suggestion) => suggestionLines(suggestion, indented)),
    overrideLines(card, indented),
    (card.links ?? []).flatMap(({ label, type, url }) => [
      ...indented(`Link (${type === 'smart' ? 'SMART app' : 'web page'}): ${label}`, '  '),
      `    ${safe(url)}`,
    ]),
    indented(`Source: ${card.source.label}`, '  ').map((line) => paint('dim', line)),
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

type Indent = (text: string, indent: string) => readonly string[];

function suggestionLines({ label, isRecommended, actions = [] }: Suggestion, indented: Indent): readonly string[] {
  return [
    ...indented(`→ ${label}${isRecommended === true ? ' (recommended)' : ''}`, '  '),
    ...actions.flatMap((action) => [
      ...indented(`${action.type}: ${action.description}`, '    '),
      ...orderDetails(action.resource).flatMap((detail) => indented(detail, '      ')),
      ...(action.resourceId === undefined ? [] : indented(action.resourceId, '      ')),
    ]),
  ];
}

function overrideLines({ overrideReasons = [] }: Card, indented: Indent): readonly string[] {
  if (overrideReasons.length === 0) return [];
  return indented(`Override: ${overrideReasons.map(({ display, code }) => display ?? code).join(' | ')}`, '  ');
}

/** What is ordered, and each dose in words. */
function orderDetails(resource: unknown): readonly string[] {
  const order = resource as
    | { medicationCodeableConcept?: Concept; code?: Concept; dosageInstruction?: readonly { text?: string }[] }
    | undefined;
  const ordered = conceptText(order?.medicationCodeableConcept) ?? conceptText(order?.code);
  const doses = (order?.dosageInstruction ?? []).flatMap(({ text }) => (text === undefined ? [] : [`dose: ${text}`]));
  return [...(ordered === undefined ? [] : [ordered]), ...doses];
}

type Concept = { readonly text?: string; readonly coding?: readonly { readonly display?: string }[] };

function conceptText(concept: Concept | undefined): string | undefined {
  return concept?.text ?? concept?.coding?.find(({ display }) => display !== undefined)?.display;
}

/** A card may quote the chart: nothing in it may steer the terminal. */
function safe(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\n]/gu, ' ');
}
