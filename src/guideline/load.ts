import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parseDocument } from 'yaml';
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
import { markdownTemplate, plainTemplate, type Template } from './template.ts';

/** The cards folder as text: path below it, with `/`, → content. */
export type GuidelineFiles = ReadonlyMap<string, string>;

/** The guideline does not stand: every problem found, each with its file. The service does not start with it. */
export class GuidelineError extends Error {
  override readonly name = 'GuidelineError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The guideline has ${problems.length} problem(s):\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Files of the folder's root that are not cards. */
const NOT_CARDS = new Set(['guideline.yaml', 'sources.yaml', 'drugs.yaml', 'override-reasons.yaml', 'settings.yaml']);

/**
 * Validates and compiles the whole guideline. Nothing is left to be found out during a call: schemas, ids, references
 * between files, criteria, template variables and value sets are all checked here.
 */
export function loadGuideline(files: GuidelineFiles): Guideline {
  const problems: string[] = [];
  const reader = new Reader(files, problems);

  const file = reader.one('guideline.yaml', 'guideline');
  const sources = reader.one('sources.yaml', 'sources') ?? [];
  const reasons = reader.one('override-reasons.yaml', 'override-reasons') ?? [];
  const settings = reader.one('settings.yaml', 'settings');
  const drugs = reader.one('drugs.yaml', 'drugs') ?? [];
  const valueSets = reader.valueSets('value-sets/');
  const orders = new Map<string, Order>();
  for (const [path, order] of reader.folder('orders/', 'order')) {
    attempt(path, () => orders.set(order.id, compileOrder(order)));
    if (path !== `orders/${order.id}.yaml`) problems.push(`${path}: the id is ${order.id}; file and id must agree`);
  }
  const cards: Card[] = [];
  for (const [path, card] of reader.folder('', 'card')) {
    if (path !== `${card.id}.yaml`) problems.push(`${path}: the id is ${card.id}; file and id must agree`);
    attempt(path, () => cards.push(compileCard(card)));
  }
  if (cards.length === 0) problems.push('there is no card');
  for (const [path, list] of [
    ['sources.yaml', sources.map(({ id }) => id)],
    ['override-reasons.yaml', reasons.map(({ code }) => code)],
  ] as const) {
    for (const twice of list.filter((id, at) => list.indexOf(id) !== at))
      problems.push(`${path}: ${twice} is there twice`);
  }
  for (const id of REQUIRED_VALUE_SETS) {
    if (!valueSets.some((valueSet) => valueSet['id'] === id)) problems.push(`value-sets/${id}.json: missing`);
  }
  let terminology: Terminology | undefined;
  attempt('drugs.yaml', () => {
    terminology = compileTerminology(valueSets, drugs);
  });
  if (problems.length > 0 || file === undefined || settings === undefined || terminology === undefined)
    throw new GuidelineError(problems);
  return {
    file,
    cards: cards.toSorted((a, b) => a.file.priority - b.file.priority || a.file.id.localeCompare(b.file.id)),
    terminology,
    settings,
  };

  function attempt(path: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Everything wrong with a card is named; whatever refers to nothing is left out of the card that is not used anyway. */
  function compileCard(card: CardFile): Card {
    const path = `${card.id}.yaml`;
    const find = <Item>(items: Iterable<Item>, is: (item: Item) => boolean, what: string): readonly Item[] => {
      const found = [...items].find(is);
      if (found === undefined) problems.push(`${path}: there is no ${what}`);
      return found === undefined ? [] : [found];
    };
    const hooks = new Map(card.hooks.flatMap((hook) => entriesOf<string>(hook)));
    const indicators = card.indicator.flatMap((level) =>
      entriesOf<Indicator>(level).map(([name, when]) => ({ level: name, ...(when === undefined ? {} : { when }) })),
    );
    if (indicators.at(-1)?.when !== undefined) problems.push(`${path}: the last indicator must have no condition`);
    const suggestions = (card.suggestions ?? []).map((suggestion): Suggestion => {
      const { create } = suggestion;
      const [order] =
        create === undefined ? [] : find(orders.values(), ({ file: { id } }) => id === create, `order ${create}`);
      return { file: suggestion, label: plainTemplate(suggestion.label), ...(order === undefined ? {} : { order }) };
    });
    const compiled: Card = {
      file: card,
      hooks,
      indicators,
      summary: plainTemplate(card.summary),
      consider: markdownTemplate(card.detail.consider),
      evidence: markdownTemplate(card.detail.evidence),
      regulatory: markdownTemplate(card.detail.regulatory),
      suggestions,
      overrideReasons: card.overrideReasons.flatMap((code) =>
        find(reasons, (reason) => reason.code === code, `override reason ${code}`),
      ),
      sources: card.sources.flatMap((id) => find(sources, (source) => source.id === id, `source ${id}`)),
    };
    for (const criterion of criteriaOf(compiled))
      find(CRITERIA.keys(), (id) => id === criterion, `criterion ${criterion}`);
    return compiled;
  }
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

/** What a valid file holds, by its schema. */
interface Contents {
  readonly card: CardFile;
  readonly order: OrderFile;
  readonly guideline: GuidelineFile;
  readonly settings: Settings;
  readonly sources: readonly Source[];
  readonly drugs: readonly Drug[];
  readonly 'override-reasons': readonly OverrideReason[];
}

/** Reads files of the folder against their schemas; problems are collected, not thrown. */
class Reader {
  readonly #files: GuidelineFiles;
  readonly #problems: string[];
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false });

  constructor(files: GuidelineFiles, problems: string[]) {
    this.#files = files;
    this.#problems = problems;
    addFormats.default(this.#ajv, ['date', 'uri']);
  }

  one<Schema extends keyof Contents>(path: string, schema: Schema): Contents[Schema] | undefined {
    const text = this.#files.get(path);
    if (text === undefined) {
      this.#problems.push(`${path}: missing`);
      return undefined;
    }
    const document = parseDocument(text, { prettyErrors: true, strict: true, uniqueKeys: true });
    if (document.errors.length > 0) {
      this.#problems.push(...document.errors.map((error) => `${path}: ${error.message}`));
      return undefined;
    }
    const content: unknown = document.toJS();
    const validate = this.#validator(schema);
    if (validate === undefined || validate(content)) return content as Contents[Schema];
    this.#problems.push(
      ...(validate.errors ?? []).map(
        (error) => `${path}: ${error.instancePath || '/'} ${error.message ?? error.keyword}`,
      ),
    );
    return undefined;
  }

  folder<Schema extends keyof Contents>(
    folder: string,
    schema: Schema,
  ): readonly (readonly [string, Contents[Schema]])[] {
    return this.#paths(folder, '.yaml').flatMap((path) => {
      const content = this.one(path, schema);
      return content === undefined ? [] : [[path, content] as const];
    });
  }

  valueSets(folder: string): readonly JsonObject[] {
    return this.#paths(folder, '.json', true).flatMap((path) => {
      try {
        return [checkValueSet(parseJson(this.#files.get(path) ?? ''))];
      } catch (error) {
        this.#problems.push(`${path}: ${(error as Error).message}`);
        return [];
      }
    });
  }

  #paths(folder: string, ending: string, below = false): readonly string[] {
    return [...this.#files.keys()]
      .filter((path) => path.startsWith(folder) && path.endsWith(ending))
      .filter((path) => (below || !path.slice(folder.length).includes('/')) && !NOT_CARDS.has(path))
      .toSorted();
  }

  #validator(name: string): ValidateFunction | undefined {
    const path = `schema/${name}.schema.json`;
    const compiled = this.#validators.get(path);
    if (compiled !== undefined) return compiled;
    const text = this.#files.get(path);
    if (text === undefined) {
      this.#problems.push(`${path}: missing`);
      return undefined;
    }
    try {
      const validate = this.#ajv.compile(JSON.parse(text) as AnySchema);
      this.#validators.set(path, validate);
      return validate;
    } catch (error) {
      this.#problems.push(`${path}: is no JSON Schema: ${(error as Error).message}`);
      return undefined;
    }
  }
}
