import { compileTerminology, type Terminology } from '../chart/terminology.ts';
import type { CardFile, Indicator, OrderFile } from './card.ts';
import type { BrowserContent, CardContent, GuidelineContent } from './content.ts';
import { CRITERIA } from './criteria/registry.ts';
import { escapeMarkdown, plainText } from './escape.ts';
import { criteriaIn, type Expression } from './expression.ts';
import type { Card, Guideline, Suggestion } from './guideline.ts';
import { compileOrder, type Order } from './order.ts';
import { type ParsedText, type Template, templateOf } from './parsed-text.ts';

/** Keeps what a chart or a call puts into a text from being anything but text. */
type Escape = (text: string) => string;

/** A step or more into a document: members by name, items by place. */
type Path = readonly (string | number)[];

/** Something wrong with a text or a reference of a card or an order, and where in its file it stands. */
export interface Fault {
  readonly in: CardFile | OrderFile;
  readonly at: Path;
  readonly problem: string;
}

/** What parses a text; throws an Error that names what is wrong with it. */
export type ParseText = (text: string) => ParsedText;

/**
 * The guideline of a content that was checked, and its texts parsed, when it was loaded.
 *
 * @throws {Error} at the first thing that is wrong with it after all.
 */
export function compileGuideline(content: BrowserContent): Guideline {
  const { cards, faults } = compileCards(content, (text) => {
    const parsed = content.texts[text];
    if (parsed === undefined && text.includes('{')) throw new Error('a text that was not parsed');
    return parsed ?? [text];
  });
  const [fault] = faults;
  if (fault !== undefined) throw new Error(`${fault.in.id}: ${fault.at.join('.')}: ${fault.problem}`);
  return guidelineOf(content, cards, compileTerminology(content.valueSets, content.drugs));
}

export function guidelineOf(content: GuidelineContent, compiled: readonly Card[], terminology: Terminology): Guideline {
  const { file, sources, valueSets, settings, overlays } = content;
  const cards = compiled.toSorted((a, b) => a.file.priority - b.file.priority || a.file.id.localeCompare(b.file.id));
  return {
    content,
    file,
    cards: cards.filter(({ state }) => state !== 'off'),
    off: cards.filter(({ state }) => state === 'off'),
    sources,
    terminology,
    valueSets,
    settings,
    overlays,
  };
}

/**
 * Parses the texts of the cards and of the orders that they create, and resolves what they refer to. Everything wrong is
 * named; whatever refers to nothing is left out of its card.
 */
export function compileCards(
  content: Pick<GuidelineContent, 'cards' | 'orders' | 'sources' | 'overrideReasons'>,
  parse: ParseText,
): {
  readonly cards: readonly Card[];
  readonly faults: readonly Fault[];
} {
  const faults: Fault[] = [];
  const orders = new Map(content.orders.map((order) => [order.id, soundOrder(order)]));
  return { cards: content.cards.map(compileCard), faults };

  function checkCriteria(criteria: readonly string[], at: Path, where: CardFile | OrderFile): void {
    for (const id of new Set(criteria)) {
      if (!CRITERIA.has(id)) faults.push({ in: where, at, problem: `there is no criterion ${id}` });
    }
  }

  /** A text that does not parse is named and left empty, so that the others are looked at too. */
  function template(escape: Escape, text: string, at: Path, where: CardFile | OrderFile): Template {
    try {
      const parsed = templateOf(parse(text), escape);
      checkCriteria(parsed.criteria, at, where);
      return parsed;
    } catch (error) {
      faults.push({ in: where, at, problem: error instanceof Error ? error.message : String(error) });
      return templateOf([''], escape);
    }
  }

  function soundOrder(order: OrderFile): Order | undefined {
    const before = faults.length;
    for (const [path, text] of textsIn(order, [])) {
      if (text.includes('{')) template(plainText, text, path, order);
    }
    return faults.length > before ? undefined : compileOrder(order, parse);
  }

  function compileCard({ file: card, state, because }: CardContent): Card {
    const fault = (at: Path, problem: string) => faults.push({ in: card, at, problem });
    const find = <Item>(
      items: readonly Item[],
      is: (item: Item) => boolean,
      at: Path,
      what: string,
    ): readonly Item[] => {
      const found = items.find(is);
      if (found === undefined) fault(at, `there is no ${what}`);
      return found === undefined ? [] : [found];
    };
    for (const [path, expression] of conditionsOf(card)) {
      for (const [place, id] of criteriaAt(expression, path)) checkCriteria([id], place, card);
    }
    for (const [at, id] of (card.alsoShow ?? []).entries()) checkCriteria([id], ['alsoShow', at], card);

    const hooks = new Map(card.hooks.flatMap((hook) => entriesOf<string>(hook)));
    const indicators = card.indicator.flatMap((level) =>
      entriesOf<Indicator>(level).map(([name, when]) => ({ level: name, ...(when === undefined ? {} : { when }) })),
    );
    if (indicators.at(-1)?.when !== undefined)
      fault(['indicator', indicators.length - 1], 'the last indicator must have no condition');
    const suggestions = (card.suggestions ?? []).map((suggestion, at): Suggestion => {
      const { create, to } = suggestion;
      const path = ['suggestions', at];
      const id = create ?? to;
      const order = id === undefined ? undefined : orders.get(id);
      const named = [...path, create === undefined ? 'to' : 'create'];
      if (id !== undefined && !orders.has(id)) fault(named, `there is no order ${id}`);
      if (to !== undefined && order !== undefined && order.file.resource.resourceType !== 'MedicationRequest')
        fault(named, `the order ${to} has no dosage to take over`);
      const label = template(plainText, suggestion.label, [...path, 'label'], card);
      return { file: suggestion, label, ...(order === undefined ? {} : { order }) };
    });
    const part = (name: keyof CardFile['detail']) =>
      template(escapeMarkdown, card.detail[name], ['detail', name], card);
    return {
      file: card,
      state,
      because,
      hooks,
      indicators,
      summary: template(plainText, card.summary, ['summary'], card),
      consider: part('consider'),
      evidence: part('evidence'),
      regulatory: part('regulatory'),
      suggestions,
      overrideReasons: card.overrideReasons.flatMap((code, at) =>
        find(
          content.overrideReasons,
          (reason) => reason.code === code,
          ['overrideReasons', at],
          `override reason ${code}`,
        ),
      ),
      sources: card.sources.flatMap((id, at) =>
        find(content.sources, (source) => source.id === id, ['sources', at], `source ${id}`),
      ),
    };
  }
}

/** The conditions of a card, each with its place. */
function conditionsOf(card: CardFile): readonly (readonly [Path, Expression])[] {
  const inList = (name: string, list: readonly (string | Readonly<Record<string, Expression>>)[]) =>
    list.flatMap((item, at) =>
      entriesOf<string>(item).flatMap(([key, condition]) =>
        condition === undefined ? [] : [[[name, at, key], condition] as const],
      ),
    );
  return [
    [['when'], card.when],
    ...inList('hooks', card.hooks),
    ...inList('indicator', card.indicator),
    ...(card.suggestions ?? []).flatMap(({ when, recommended }, at) => [
      ...(when === undefined ? [] : [[['suggestions', at, 'when'], when] as const]),
      ...(recommended === undefined || typeof recommended === 'boolean'
        ? []
        : [[['suggestions', at, 'recommended'], recommended] as const]),
    ]),
  ];
}

/** The criteria that an expression names, each with its place. */
function criteriaAt(expression: Expression, path: Path): readonly (readonly [Path, string])[] {
  if (typeof expression === 'string') return [[path, expression]];
  return Object.entries(expression).flatMap(([operator, operands]: [string, Expression | readonly Expression[]]) =>
    Array.isArray(operands)
      ? operands.flatMap((operand: Expression, at) => criteriaAt(operand, [...path, operator, at]))
      : criteriaAt(operands as Expression, [...path, operator]),
  );
}

/** Every text in a value, with its place. */
export function textsIn(value: unknown, path: Path): readonly (readonly [Path, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsIn(item, [...path, name]));
}

/** `name`, or `{ name: condition }`: the two ways hooks and indicators are written. */
function entriesOf<Name extends string>(
  item: string | Readonly<Partial<Record<Name, Expression>>>,
): readonly (readonly [Name, Expression | undefined])[] {
  return typeof item === 'string' ? [[item as Name, undefined]] : (Object.entries(item) as [Name, Expression][]);
}

/** Every criterion that a card names, in its conditions or its texts. */
export function criteriaOf(card: Card): readonly string[] {
  const expressions = [
    card.file.when,
    ...card.hooks.values(),
    ...card.indicators.map(({ when }) => when),
    ...card.suggestions.flatMap(({ file }) => [
      file.when,
      typeof file.recommended === 'boolean' ? undefined : file.recommended,
    ]),
  ].filter((expression) => expression !== undefined);
  const texts: readonly Template[] = [
    card.summary,
    card.consider,
    card.evidence,
    card.regulatory,
    ...card.suggestions.flatMap(({ label, order }) => [
      label,
      ...(order === undefined ? [] : [order.description, ...order.texts.values()]),
    ]),
  ];
  return [
    ...new Set([
      ...expressions.flatMap(criteriaIn),
      ...(card.file.alsoShow ?? []),
      ...texts.flatMap(({ criteria }) => criteria),
    ]),
  ];
}
