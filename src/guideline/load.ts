import type { JsonObject } from '../chart/reading.ts';
import type { Settings } from '../chart/settings.ts';
import {
  checkValueSet,
  compileTerminology,
  type Drug,
  REQUIRED_VALUE_SETS,
  type Terminology,
} from '../chart/terminology.ts';
import type { CardFile, GuidelineFile, Indicator, OrderFile, OverrideReason, Source } from './card.ts';
import { CRITERIA } from './criteria/registry.ts';
import { criteriaIn, type Expression } from './expression.ts';
import type { Card, Guideline, Suggestion } from './guideline.ts';
import { compileOrder, type Order } from './order.ts';
import { type LayeredCard, type Layers, layOver, type Overlay } from './overlay.ts';
import { NOT_CARDS, Reader, Schemas } from './reader.ts';
import { type GuidelineFiles, type Located, type Path } from './source-file.ts';
import { longestWording, markdownTemplate, plainTemplate, type Template } from './template.ts';

/** The guideline does not stand: every problem found, each with its file, line and field. The service does not start with it. */
export class GuidelineError extends Error {
  override readonly name = 'GuidelineError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], what = 'The guideline has') {
    super(`${what} ${problems.length} problem(s):\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** What problems call the folder of the guideline itself. */
const CARDS = 'cards/';
const SUMMARY_LIMIT = 139; // CH-92: what is longer would be cut
const DETAIL_LIMIT = 1000; // with what the service adds: about 1,350

/**
 * Validates and compiles the whole guideline, with the overlays laid over it in this order. Nothing is left to be found out
 * during a call: schemas, ids, references between files, criteria, template variables and value sets are all checked here.
 *
 * @throws {GuidelineError} that names all problems. Nothing is ever loaded in part.
 */
export function loadGuideline(files: GuidelineFiles, overlays: readonly Overlay[] = []): Guideline {
  const problems: string[] = [];
  const schemas = new Schemas(files, CARDS);
  const reader = new Reader(CARDS, files, schemas, problems);

  const file = reader.required<GuidelineFile>('guideline.yaml', 'guideline')?.content;
  const sources = reader.required<readonly Source[]>('sources.yaml', 'sources')?.content;
  const reasons = reader.required<readonly OverrideReason[]>('override-reasons.yaml', 'override-reasons')?.content;
  const drugs = reader.required<readonly Drug[]>('drugs.yaml', 'drugs')?.content ?? [];

  const own = readLayers(reader);
  if (own.cards.size === 0) problems.push('there is no card');
  const layers = overlays.reduce<Layers>(
    (below, overlay) => layOver(below, new Reader(overlay.folder, overlay.files, schemas, problems), files),
    own,
  );
  const settings = layers.settings?.content;
  if (layers.settings !== undefined) checkSettings(layers.settings);
  const orders = new Map([...layers.orders].map(([id, order]) => [id, checkedOrder(order)]));
  const compiled = [...layers.cards.values()].map(compileCard);

  for (const [path, list] of [
    ['sources.yaml', sources?.map(({ id }) => id) ?? []],
    ['override-reasons.yaml', reasons?.map(({ code }) => code) ?? []],
  ] as const) {
    for (const twice of list.filter((id, at) => list.indexOf(id) !== at)) reader.fault(path, `${twice} is there twice`);
  }
  for (const id of REQUIRED_VALUE_SETS) {
    if (!own.valueSets.some((valueSet) => valueSet['id'] === id)) reader.fault(`value-sets/${id}.json`, 'missing');
  }
  let terminology: Terminology | undefined;
  try {
    terminology = compileTerminology(layers.valueSets, drugs);
  } catch (error) {
    reader.fault('drugs.yaml', messageOf(error));
  }
  if (
    problems.length > 0 ||
    file === undefined ||
    settings === undefined ||
    sources === undefined ||
    terminology === undefined
  )
    throw new GuidelineError(problems);
  const cards = compiled.toSorted((a, b) => a.file.priority - b.file.priority || a.file.id.localeCompare(b.file.id));
  return {
    file,
    cards: cards.filter(({ state }) => state !== 'off'),
    off: cards.filter(({ state }) => state === 'off'),
    sources,
    terminology,
    valueSets: layers.valueSets,
    settings,
    overlays: layers.overlays,
  };

  function checkSettings({ content, problem }: Located<Settings>): void {
    const { intervalCtDays, transitionAge } = content;
    if (intervalCtDays.least > intervalCtDays.most)
      problems.push(problem(['intervalCtDays'], 'must have a least that is not above its most'));
    if (transitionAge.from > transitionAge.to)
      problems.push(problem(['transitionAge'], 'must have a from that is not above its to'));
  }

  function checkCriteria(criteria: readonly string[], path: Path, { problem }: Located<unknown>): void {
    for (const id of new Set(criteria)) {
      if (!CRITERIA.has(id)) problems.push(problem(path, `there is no criterion ${id}`));
    }
  }

  /** A text that does not parse is named and left empty, so that the others are looked at too. */
  function template(parse: (text: string) => Template, text: string, path: Path, where: Located<unknown>): Template {
    try {
      const parsed = parse(text);
      checkCriteria(parsed.criteria, path, where);
      return parsed;
    } catch (error) {
      problems.push(where.problem(path, messageOf(error)));
      return parse('');
    }
  }

  function checkedOrder(order: Located<OrderFile>): Order | undefined {
    const before = problems.length;
    for (const [path, text] of textsIn(order.content, [])) {
      if (text.includes('{')) template(plainTemplate, text, path, order);
    }
    return problems.length > before ? undefined : compileOrder(order.content);
  }

  /** Everything wrong with a card is named; whatever refers to nothing is left out of the card that is not used anyway. */
  function compileCard({ card, state, because }: LayeredCard): Card {
    const { content, problem } = card;
    const report = (path: Path, what: string) => problems.push(problem(path, what));
    // Where the list itself is missing, that is the problem, and not every card that refers to it.
    const find = <Item>(
      items: readonly Item[] | undefined,
      is: (item: Item) => boolean,
      path: Path,
      what: string,
    ): readonly Item[] => {
      const found = items?.find(is);
      if (items !== undefined && found === undefined) report(path, `there is no ${what}`);
      return found === undefined ? [] : [found];
    };
    for (const [path, expression] of conditionsOf(content)) {
      for (const [place, id] of criteriaAt(expression, path)) checkCriteria([id], place, card);
    }
    for (const [at, id] of (content.alsoShow ?? []).entries()) checkCriteria([id], ['alsoShow', at], card);

    const hooks = new Map(content.hooks.flatMap((hook) => entriesOf<string>(hook)));
    const indicators = content.indicator.flatMap((level) =>
      entriesOf<Indicator>(level).map(([name, when]) => ({ level: name, ...(when === undefined ? {} : { when }) })),
    );
    if (indicators.at(-1)?.when !== undefined)
      report(['indicator', indicators.length - 1], 'the last indicator must have no condition');
    const [latest] = content.history ?? [];
    if (latest !== undefined && latest.version !== content.version)
      report(['history', 0, 'version'], `the version is ${content.version}; history must begin with it`);
    const suggestions = (content.suggestions ?? []).map((suggestion, at): Suggestion => {
      const { create, to } = suggestion;
      const path = ['suggestions', at];
      const id = create ?? to;
      const order = id === undefined ? undefined : orders.get(id);
      const named = [...path, create === undefined ? 'to' : 'create'];
      if (id !== undefined && order === undefined && !files.has(`orders/${id}.yaml`))
        report(named, `there is no order ${id}`);
      if (to !== undefined && order !== undefined && order.file.resource.resourceType !== 'MedicationRequest')
        report(named, `the order ${to} has no dosage to take over`);
      const label = template(plainTemplate, suggestion.label, [...path, 'label'], card);
      return { file: suggestion, label, ...(order === undefined ? {} : { order }) };
    });
    // The guideline's own texts are tried on the synthetic patients; a site's are not.
    if (because.length > 0) checkLengths(content, report);
    const part = (name: keyof CardFile['detail']) =>
      template(markdownTemplate, content.detail[name], ['detail', name], card);
    return {
      file: content,
      state,
      because,
      hooks,
      indicators,
      summary: template(plainTemplate, content.summary, ['summary'], card),
      consider: part('consider'),
      evidence: part('evidence'),
      regulatory: part('regulatory'),
      suggestions,
      overrideReasons: content.overrideReasons.flatMap((code, at) =>
        find(reasons, (reason) => reason.code === code, ['overrideReasons', at], `override reason ${code}`),
      ),
      sources: content.sources.flatMap((id, at) =>
        find(sources, (source) => source.id === id, ['sources', at], `source ${id}`),
      ),
    };
  }
}

/** The guideline's own files, before anything is laid over them. */
function readLayers(reader: Reader): Layers {
  const cards = new Map<string, LayeredCard>();
  for (const [path, card] of reader.folder<CardFile>('', '.yaml', 'card', NOT_CARDS)) {
    const { id } = card.content;
    if (path !== `${id}.yaml`) reader.report(card.problem(['id'], `the id is ${id}; file and id must agree`));
    cards.set(id, { card, state: 'on', because: [] });
  }
  const orders = new Map<string, Located<OrderFile>>();
  for (const [path, order] of reader.folder<OrderFile>('orders/', '.yaml', 'order')) {
    const { id } = order.content;
    if (path !== `orders/${id}.yaml`) reader.report(order.problem(['id'], `the id is ${id}; file and id must agree`));
    orders.set(id, order);
  }
  const valueSets = reader.paths('value-sets/', '.json').flatMap((path): readonly JsonObject[] => {
    try {
      return [checkValueSet(parseJson(reader.files.get(path) ?? ''))];
    } catch (error) {
      reader.fault(path, messageOf(error));
      return [];
    }
  });
  const settings = reader.required<Settings>('settings.yaml', 'settings');
  return { cards, orders, settings, valueSets, overlays: [] };
}

function checkLengths({ summary, detail }: CardFile, report: (path: Path, what: string) => void): void {
  try {
    const longest = longestWording(summary);
    if (longest.length > SUMMARY_LIMIT)
      report(['summary'], `can be ${longest.length} characters long; at most ${SUMMARY_LIMIT} are shown: ${longest}`);
    const parts = [detail.consider, detail.evidence, detail.regulatory].map((text) => longestWording(text).length);
    const together = parts.reduce((sum, length) => sum + length, 0);
    if (together > DETAIL_LIMIT)
      report(
        ['detail'],
        `can be ${together} characters long in all its parts; at most ${DETAIL_LIMIT} can be read at a glance`,
      );
  } catch {
    // A text that does not parse is named where it is compiled.
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
function textsIn(value: unknown, path: Path): readonly (readonly [Path, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsIn(item, [...path, name]));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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

/** `name`, or `{ name: condition }`: the two ways hooks and indicators are written. */
function entriesOf<Name extends string>(
  item: string | Readonly<Partial<Record<Name, Expression>>>,
): readonly (readonly [Name, Expression | undefined])[] {
  return typeof item === 'string' ? [[item as Name, undefined]] : (Object.entries(item) as [Name, Expression][]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('is not JSON');
  }
}
