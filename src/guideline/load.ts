import type { JsonObject } from '../chart/reading.ts';
import type { Settings } from '../chart/settings.ts';
import {
  checkValueSet,
  compileTerminology,
  type Drug,
  REQUIRED_VALUE_SETS,
  type Terminology,
} from '../chart/terminology.ts';
import type { CardFile, GuidelineFile, OrderFile, OverrideReason, Source } from './card.ts';
import { compileCards, type Fault, guidelineOf } from './compile.ts';
import { type Contact, contactProblems } from './contacts.ts';
import type { Guideline } from './guideline.ts';
import { type LayeredCard, type Layers, layOver, type Overlay } from './overlay.ts';
import { NOT_CARDS, Reader, Schemas } from './reader.ts';
import { type GuidelineFiles, type Located, type Path } from './source-file.ts';
import { longestWording, parseText } from './template.ts';

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
  if (layers.settings !== undefined) checkSettings(layers.settings);
  if (layers.contacts !== undefined) problems.push(...contactProblems(layers.contacts, sources));
  for (const { card, because } of layers.cards.values()) checkCard(card, because.length > 0);

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

  const parts = {
    cards: [...layers.cards.values()].map(({ card, ...rest }) => ({ file: card.content, ...rest })),
    orders: [...layers.orders.values()].map(({ content }) => content),
    sources: sources ?? [],
    overrideReasons: reasons ?? [],
    contacts: layers.contacts?.content ?? [],
    drugs,
    valueSets: layers.valueSets,
    overlays: layers.overlays,
  };
  const { cards, faults } = compileCards(parts, parseText);
  const places = new Map<object, Located<unknown>>(
    [...[...layers.cards.values()].map(({ card }) => card), ...layers.orders.values()].map((one) => [one.content, one]),
  );
  for (const fault of faults) {
    const place = isNamedOtherwise(fault) ? undefined : places.get(fault.in)?.problem(fault.at, fault.problem);
    if (place !== undefined) problems.push(place);
  }
  const settings = layers.settings?.content;
  if (problems.length > 0 || file === undefined || settings === undefined || terminology === undefined)
    throw new GuidelineError(problems);
  return guidelineOf({ ...parts, file, settings }, cards, terminology);

  function checkSettings({ content, problem }: Located<Settings>): void {
    const { intervalCtDays, transitionAge } = content;
    if (intervalCtDays.least > intervalCtDays.most)
      problems.push(problem(['intervalCtDays'], 'must have a least that is not above its most'));
    if (transitionAge.from > transitionAge.to)
      problems.push(problem(['transitionAge'], 'must have a from that is not above its to'));
  }

  function checkCard({ content, problem }: Located<CardFile>, isChanged: boolean): void {
    const report = (path: Path, what: string) => problems.push(problem(path, what));
    const [latest] = content.history ?? [];
    if (latest !== undefined && latest.version !== content.version)
      report(['history', 0, 'version'], `the version is ${content.version}; history must begin with it`);
    // The guideline's own texts are tried on the synthetic patients; a site's are not.
    if (isChanged) checkLengths(content, report);
  }

  /** Where a file itself is missing or wrong, that is the problem, and not everything that refers to what is in it. */
  function isNamedOtherwise({ in: where, at: [part, index, member] }: Fault): boolean {
    if (part === 'sources') return sources === undefined;
    if (part === 'overrideReasons') return reasons === undefined;
    if (part !== 'suggestions' || (member !== 'create' && member !== 'to') || !('suggestions' in where)) return false;
    const id = where.suggestions?.[Number(index)]?.[member];
    return id !== undefined && !layers.orders.has(id) && files.has(`orders/${id}.yaml`);
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
  const contacts = reader.optional<readonly Contact[]>('contacts.yaml', 'contacts');
  return { cards, orders, settings, contacts, valueSets, overlays: [] };
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('is not JSON');
  }
}
