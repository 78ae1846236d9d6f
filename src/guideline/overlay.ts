import { canonicalSystem } from '../chart/coding.ts';
import { asObjects, asText } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import type { Settings } from '../chart/settings.ts';
import { checkValueSet } from '../chart/terminology.ts';
import type { CardDetail, CardFile, OrderFile } from './card.ts';
import type { Contact } from './contacts.ts';
import { NOT_CARDS, type Reader } from './reader.ts';
import type { GuidelineFiles, Located, Path } from './source-file.ts';

/** A site's folder, laid over the guideline. */
export interface Overlay {
  /** What problems call it. */
  readonly folder: string;
  readonly files: GuidelineFiles;
}

/** `overlay.yaml`: what an overlay says of itself. */
export interface OverlayFile {
  readonly name: string;
  readonly version: string;
  readonly maintainer: string;
  readonly date: string;
}

/** Shown; evaluated and logged, but not shown; not even evaluated. */
export type CardState = 'on' | 'shadow' | 'off';

/** What an overlay changes of a card; all that is not here is the guideline's own. */
type CardChanges = Partial<
  Pick<
    CardFile,
    | 'title'
    | 'summary'
    | 'indicator'
    | 'priority'
    | 'suggestions'
    | 'links'
    | 'overrideReasons'
    | 'reviewed'
    | 'reviewDue'
  >
> & {
  readonly because: string;
  readonly state?: CardState;
  readonly hooks?: readonly string[];
  readonly detail?: Partial<CardDetail>;
};

/** A card as the layers so far have it. */
export interface LayeredCard {
  readonly card: Located<CardFile>;
  readonly state: CardState;
  /** The reasons that overlays give for their changes, first first. */
  readonly because: readonly string[];
}

/** The folder as read: valid file by file, and not compiled yet. An overlay makes another of it. */
export interface Layers {
  readonly cards: ReadonlyMap<string, LayeredCard>;
  readonly orders: ReadonlyMap<string, Located<OrderFile>>;
  readonly settings: Located<Settings> | undefined;
  readonly contacts: Located<readonly Contact[]> | undefined;
  /** Of those with the same id each adds to those before it. */
  readonly valueSets: readonly JsonObject[];
  readonly overlays: readonly OverlayFile[];
}

const KEBAB = '[a-z0-9]+(?:-[a-z0-9]+)*';
const PARTS = [
  new RegExp(`^${KEBAB}\\.yaml$`),
  new RegExp(`^orders/${KEBAB}\\.yaml$`),
  new RegExp(`^value-sets/${KEBAB}\\.json$`),
];
const OVERLAY_FILE = 'overlay.yaml';
const SETTINGS_FILE = 'settings.yaml';
const CONTACTS_FILE = 'contacts.yaml';
/** Files of the guideline that are no cards, and that an overlay may have too. */
const OF_BOTH = new Set([SETTINGS_FILE, CONTACTS_FILE]);
const NO_CHANGES = new Set([OVERLAY_FILE, ...NOT_CARDS]);

/**
 * Lays one overlay over what is below it. Whatever it names has to be there below: a name that is not is a slip, and would
 * otherwise change nothing without a word. `guideline` are the files of the cards folder itself.
 */
export function layOver(below: Layers, overlay: Reader, guideline: GuidelineFiles): Layers {
  const paths = [...overlay.files.keys()].toSorted();
  if (paths.length === 0) overlay.fault('', 'holds no overlay: neither a .yaml nor a .json file');
  for (const path of paths) {
    if (NOT_CARDS.has(path) && !OF_BOTH.has(path)) overlay.fault(path, 'cannot be changed by an overlay');
    else if (!PARTS.some((part) => part.test(path))) overlay.fault(path, 'is no part of an overlay');
    else if (!path.includes('/') && !NO_CHANGES.has(path) && !guideline.has(path))
      overlay.fault(path, `there is no card ${idOf(path)}`);
  }

  const about = overlay.optional<OverlayFile>(OVERLAY_FILE, 'overlay');
  const changes = overlay.optional<Partial<Settings>>(SETTINGS_FILE, 'overlay-settings');
  const cards = new Map(below.cards);
  for (const [path, change] of overlay.folder<CardChanges>('', '.yaml', 'overlay-card', NO_CHANGES)) {
    const id = idOf(path);
    const card = below.cards.get(id);
    if (card !== undefined) cards.set(id, changedCard(card, change, overlay));
  }
  return {
    cards,
    orders: withOrders(below, cards, overlay),
    settings:
      changes === undefined || below.settings === undefined
        ? below.settings
        : layered({ ...below.settings.content, ...changes.content }, below.settings, changes, ([name]) =>
            Object.hasOwn(changes.content, name ?? ''),
          ),
    // Replaced whole: whom to call in one place is no addition to whom to call in another.
    contacts: overlay.optional<readonly Contact[]>(CONTACTS_FILE, 'contacts') ?? below.contacts,
    valueSets: [...below.valueSets, ...valueSetsOf(below, overlay)],
    overlays: [...below.overlays, ...(about === undefined ? [] : [about.content])],
  };
}

function idOf(path: string): string {
  return path.slice(0, -'.yaml'.length);
}

/** What lies above, with each problem put into the file that the part was written in. */
function layered<Content>(
  content: Content,
  below: Located<unknown>,
  above: Located<unknown>,
  isAbove: (path: Path) => boolean,
): Located<Content> {
  return { content, problem: (path, ...rest) => (isAbove(path) ? above : below).problem(path, ...rest) };
}

function changedCard(
  { card: below, state: stateBelow, because: reasons }: LayeredCard,
  above: Located<CardChanges>,
  overlay: Reader,
): LayeredCard {
  const { because, state = stateBelow, hooks, detail = {}, ...whole } = above.content;
  const nameOf = (hook: CardFile['hooks'][number]) => (typeof hook === 'string' ? hook : Object.keys(hook)[0]);
  for (const [at, hook] of (hooks ?? []).entries()) {
    if (!below.content.hooks.some((one) => nameOf(one) === hook))
      overlay.report(above.problem(['hooks', at], `the card is not for ${hook}: an overlay can only take hooks away`));
  }
  const content: CardFile = {
    ...below.content,
    ...whole,
    // What the guideline asks for besides on a hook stays.
    hooks: below.content.hooks.filter((hook) => hooks === undefined || hooks.includes(nameOf(hook) ?? '')),
    detail: { ...below.content.detail, ...detail },
  };
  const isAbove = ([member = '', part = '']: Path) =>
    member === 'detail'
      ? Object.hasOwn(part === '' ? above.content : detail, part === '' ? 'detail' : part)
      : member !== 'hooks' && Object.hasOwn(whole, member);
  return { card: layered(content, below, above, isAbove), state, because: [...reasons, because] };
}

function withOrders(
  { orders: below }: Layers,
  cards: ReadonlyMap<string, LayeredCard>,
  overlay: Reader,
): ReadonlyMap<string, Located<OrderFile>> {
  const created = new Set(
    [...cards.values()].flatMap(({ card }) =>
      (card.content.suggestions ?? []).flatMap((suggestion) => orderNamedBy(suggestion)),
    ),
  );
  const orders = new Map(below);
  for (const [path, order] of overlay.folder<OrderFile>('orders/', '.yaml', 'overlay-order')) {
    const { id, resource } = order.content;
    const replaced = below.get(id);
    const type = replaced?.content.resource.resourceType;
    if (path !== `orders/${id}.yaml`) overlay.report(order.problem(['id'], `is ${id}; file and id must agree`));
    else if (replaced === undefined && !created.has(id))
      overlay.report(order.problem(['id'], `there is no order ${id} to replace, and no card creates one`));
    if (type !== undefined && type !== resource.resourceType)
      overlay.report(order.problem(['resource', 'resourceType'], `must be ${type}, as in the order it replaces`));
    orders.set(id, order);
  }
  return orders;
}

function orderNamedBy(suggestion: object): readonly string[] {
  return Object.entries(suggestion).flatMap(([name, value]) =>
    (name === 'create' || name === 'to') && typeof value === 'string' ? [value] : [],
  );
}

function valueSetsOf({ valueSets: below }: Layers, overlay: Reader): readonly JsonObject[] {
  return overlay.folder<JsonObject>('value-sets/', '.json', 'overlay-value-set').flatMap(([path, file]) => {
    const id = asText(file.content['id']) ?? '';
    // The CPT codes of a value set stand in one of their own.
    const changed = below.filter((valueSet) => valueSet['id'] === id || valueSet['id'] === `${id}-cpt`);
    if (path !== `value-sets/${id}.json`) overlay.report(file.problem(['id'], `is ${id}; file and id must agree`));
    else if (changed.length === 0) overlay.report(file.problem(['id'], `there is no value set ${id}`));
    try {
      checkValueSet(file.content);
    } catch (error) {
      overlay.report(file.problem(['compose', 'include'], (error as Error).message));
      return [];
    }
    for (const [place, token] of conceptsOf(file.content, 'exclude')) {
      if (changed.length > 0 && !changed.some((valueSet) => holds(valueSet, token)))
        overlay.report(file.problem(place, `the value set has no code ${token.code} of ${token.system}`));
    }
    const left = [...changed, file.content];
    const out = conceptsOf(file.content, 'exclude').map(([, token]) => token);
    if (out.length > 0 && !left.some((valueSet) => patternsOf(valueSet).length > 0 || namesOther(valueSet, out)))
      overlay.report(file.problem(['compose', 'exclude'], 'leaves the value set without a code'));
    return [file.content];
  });
}

interface Token {
  readonly system: string;
  readonly code: string;
}

/** The codes that a ValueSet names, each with its place. */
function conceptsOf(valueSet: JsonObject, list: 'include' | 'exclude'): readonly (readonly [Path, Token])[] {
  return asObjects(valueSet['compose'])
    .flatMap((compose) => asObjects(compose[list]))
    .flatMap((part, at) =>
      asObjects(part['concept']).map(
        (concept, index) =>
          [
            ['compose', list, at, 'concept', index, 'code'],
            { system: canonicalSystem(asText(part['system']) ?? ''), code: asText(concept['code']) ?? '' },
          ] as const,
      ),
    );
}

function isOneOf(tokens: readonly Token[], { system, code }: Token): boolean {
  return tokens.some((token) => token.system === system && token.code === code);
}

function namesOther(valueSet: JsonObject, tokens: readonly Token[]): boolean {
  return conceptsOf(valueSet, 'include').some(([, token]) => !isOneOf(tokens, token));
}

/** The filters of a ValueSet. */
function patternsOf(valueSet: JsonObject): readonly { readonly system: string; readonly pattern: string }[] {
  return asObjects(valueSet['compose'])
    .flatMap((compose) => asObjects(compose['include']))
    .flatMap((include) =>
      asObjects(include['filter']).map(({ value }) => ({
        system: canonicalSystem(asText(include['system']) ?? ''),
        pattern: `^(?:${asText(value) ?? ''})$`,
      })),
    );
}

function holds(valueSet: JsonObject, token: Token): boolean {
  const named = conceptsOf(valueSet, 'include').map(([, one]) => one);
  return (
    isOneOf(named, token) ||
    patternsOf(valueSet).some(({ system, pattern }) => system === token.system && new RegExp(pattern).test(token.code))
  );
}
