import { type CodedText, readCodedText } from './coding.ts';
import { asObject, asObjects, asText } from './json.ts';
import type { JsonObject } from './reading.ts';
import { referencedId } from './resource.ts';
import type { Drug, Terminology } from './terminology.ts';

/** Medications may be made of each other, in circles too: each is read once, and no more than these. */
const MAX_MEDICATIONS = 50;
/** A Medication says no more codes, words and ingredients than these: thousands of orders may refer to one. */
const MAX_SAID = 200;
/** What an order adds in words of its own is read again for each order, so that it stands beside fewer words. */
const MAX_BESIDE_OWN = 10;

const NOTHING: CodedText = { codings: [], texts: [] };

/** Finds what Medications say that stand beside the record: entries of the same Bundle. */
export interface MedicationLookup {
  readonly find: (id: string) => JsonObject | undefined;
  /** What the Medication under this id says, with what it is made of. Read once, however many orders refer to it. */
  readonly read: (id: string) => CodedText;
}

const lookups = new WeakMap<readonly JsonObject[], MedicationLookup>();

/** The Medication entries of a Bundle, by id. One lookup serves all readers of the same list. */
export function medicationLookup(resources: readonly JsonObject[]): MedicationLookup {
  const known = lookups.get(resources) ?? makeLookup(resources);
  lookups.set(resources, known);
  return known;
}

function makeLookup(resources: readonly JsonObject[]): MedicationLookup {
  let byId: Map<string, JsonObject> | undefined;
  const said = new Map<JsonObject, CodedText>();
  const find = (id: string): JsonObject | undefined => {
    byId ??= new Map(
      resources
        .filter((resource) => resource['resourceType'] === 'Medication')
        .map((resource) => [asText(resource['id']) ?? '', resource]),
    );
    return byId.get(id);
  };
  return {
    find,
    read: (id) => {
      const medication = find(id);
      if (medication === undefined) return NOTHING;
      const concept = said.get(medication) ?? readMade(medication, (target) => find(idOf(target)));
      said.set(medication, concept);
      return concept;
    },
  };
}

/**
 * What a MedicationRequest, -Administration or -Statement is of: everything its medication says, wherever it stands –
 * in the record, contained, in a neighbouring entry, as ingredients – and else the display of the reference.
 */
export function readMedication(record: JsonObject, lookup: MedicationLookup): CodedText {
  const inline = record['medicationCodeableConcept'];
  const link = asObject(record['medicationReference']);
  if (link === undefined) return readCodedText(inline);
  const own = readCodedText(inline);
  const display = asText(link['display']);
  const beside = readReferenced(record, asText(link['reference']), lookup);
  const adds = own.codings.length > 0 || own.texts.length > 0;
  if (!adds && (display === undefined || beside.texts.includes(display))) return beside;
  return {
    codings: [...own.codings, ...beside.codings],
    texts: [...own.texts, ...beside.texts.slice(0, MAX_BESIDE_OWN), ...(display === undefined ? [] : [display])],
  };
}

/** References to Medications, each once. */
export interface MissingMedications {
  /** Of records that nothing else names. */
  readonly nameless: readonly string[];
  readonly named: readonly string[];
}

/** The references to Medications that stand neither in the record nor beside it: they are to be read by their id. */
export function missingMedications(resources: readonly JsonObject[]): MissingMedications {
  const lookup = medicationLookup(resources);
  const nameless = new Set<string>();
  const named = new Set<string>();
  for (const record of resources) {
    const reference = asText(asObject(record['medicationReference'])?.['reference']);
    if (reference === undefined || reference.startsWith('#') || record['status'] === 'entered-in-error') continue;
    if (lookup.find(idOf(reference)) !== undefined) continue;
    const { codings, texts } = readMedication(record, lookup);
    (codings.length === 0 && texts.length === 0 ? nameless : named).add(reference);
  }
  return { nameless: [...nameless], named: [...named].filter((reference) => !nameless.has(reference)) };
}

/** The drugs in each medication, looked up once for those that many orders share. */
export function drugReader({ drugsIn }: Terminology): (medication: CodedText) => readonly Drug[] {
  const known = new WeakMap<CodedText, readonly Drug[]>();
  return (medication) => {
    const drugs = known.get(medication) ?? drugsIn(medication);
    known.set(medication, drugs);
    return drugs;
  };
}

function readReferenced(record: JsonObject, target: string | undefined, lookup: MedicationLookup): CodedText {
  if (target === undefined) return NOTHING;
  if (!target.startsWith('#')) return lookup.read(idOf(target));
  const contained = asObjects(record['contained']);
  const find = (reference: string) =>
    reference.startsWith('#') ? contained.find(({ id }) => id === reference.slice(1)) : lookup.find(idOf(reference));
  const medication = find(target);
  return medication === undefined ? NOTHING : readMade(medication, find);
}

/** A Medication and those that it is made of, each once. */
function readMade(medication: JsonObject, find: (reference: string) => JsonObject | undefined): CodedText {
  const codings: CodedText['codings'][number][] = [];
  const texts: string[] = [];
  const toRead = [medication];
  const met = new Set(toRead);
  for (const one of toRead) {
    const said = ownWordsOf(one);
    codings.push(...said.concept.codings);
    texts.push(...said.concept.texts);
    if (codings.length >= MAX_SAID && texts.length >= MAX_SAID) break;
    for (const reference of said.madeOf) {
      const part = find(reference);
      if (part === undefined || met.has(part) || met.size >= MAX_MEDICATIONS) continue;
      met.add(part);
      toRead.push(part);
    }
  }
  return { codings: codings.slice(0, MAX_SAID), texts: texts.slice(0, MAX_SAID) };
}

interface OwnWords {
  readonly concept: CodedText;
  /** The Medications that it refers to as ingredients. */
  readonly madeOf: readonly string[];
}

const ownWords = new WeakMap<JsonObject, OwnWords>();

/** What a Medication says itself: its code and its ingredients, with the displays of those that it refers to. */
function ownWordsOf(medication: JsonObject): OwnWords {
  const known = ownWords.get(medication);
  if (known !== undefined) return known;
  const ingredients = asObjects(medication['ingredient']).slice(0, MAX_SAID);
  const { codings, texts } = readCodedText(
    medication['code'],
    ...ingredients.map((ingredient) => ingredient['itemCodeableConcept']),
  );
  const links = ingredients.flatMap((ingredient) => asObjects(ingredient['itemReference']).slice(0, 1));
  const displays = links.flatMap((link) => asText(link['display']) ?? []);
  const own = {
    concept: { codings: codings.slice(0, MAX_SAID), texts: [...texts, ...displays].slice(0, MAX_SAID) },
    madeOf: links.flatMap((link) => asText(link['reference']) ?? []).slice(0, MAX_MEDICATIONS),
  };
  ownWords.set(medication, own);
  return own;
}

function idOf(reference: string): string {
  return reference.startsWith('urn:uuid:') ? reference.slice('urn:uuid:'.length) : referencedId(reference);
}
