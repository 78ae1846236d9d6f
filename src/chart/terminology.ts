import type { CodedText } from './coding.ts';
import { canonicalSystem } from './coding.ts';
import { asObject, asObjects, asText } from './json.ts';
import type { JsonObject } from './reading.ts';
import { MAX_TEXT, words } from './text.ts';

/** What a drug is, for the guideline (facts: "Systemic therapy"). A bone agent protects bone and treats no cancer. */
export type DrugClass =
  | 'pd-1-pd-l1-inhibitor'
  | 'anti-angiogenic-tki'
  | 'anthracycline'
  | 'other-cytotoxic'
  | 'bone-agent';

/** The value sets that the readers ask for by name; a guideline without one of them does not stand. */
export const REQUIRED_VALUE_SETS: readonly string[] = [
  'asps',
  'asps-metastatic',
  'asps-localised',
  'asps-unresectable',
  'soft-tissue-sarcoma',
  'asps-site-malignancy',
  'malignant-neoplasm',
  'metastasis-lung',
  'metastasis-pleura-mediastinum',
  'metastasis-cns',
  'metastasis-bone',
  'metastasis-liver',
  'metastasis-lymph-node',
  'metastasis-other',
  'tnm-stage-group',
  'tnm-m-category',
  'stage-iv',
  'stage-below-iv',
  'm1',
  'm0',
  'disease-status',
  'disease-worsened',
  'disease-stable',
  'disease-improved',
  'no-response-to-treatment',
  'treatment-not-tolerated',
  'mri-brain',
  'ct-head',
  'ct-chest',
  'pet-ct',
  'body-weight',
  'neurological-symptoms',
  'pregnancy',
  'pregnancy-test',
  'organ-transplant',
  'stem-cell-transplant',
  'autoimmune-disease',
  'interstitial-lung-disease',
  'immune-related-event',
  'hepatic-impairment',
  'qt-prolongation',
  'laboratory-test',
  'liver-test',
  'creatinine',
  'egfr',
  'calcium',
  'biomarker',
  'tfe3-rearrangement',
  'tfe3-test',
  'gene-studied',
  'gene-tfe3',
  'variant-present',
  'tumour-mutation-burden',
  'pd-l1-test',
  'performance-status',
  'ecog',
  'karnofsky',
  'tumour-resection',
  'limb-amputation',
  'lung-resection',
  'brain-resection',
  'biopsy',
  'pathology-report',
  'radiotherapy',
  'surgical-referral',
  'radiotherapy-referral',
  'surgical-margin',
  'margin-positive',
  'margin-negative',
  'metastatic-history',
  'palliative-care',
  'mri-primary-site',
  'side-left',
  'side-right',
  'site-thigh',
  'site-buttock',
  'site-hip',
  'site-lower-leg',
  'site-lower-limb',
  'site-shoulder',
  'site-upper-arm',
  'site-forearm',
  'site-upper-limb',
  'site-chest-wall',
  'site-abdomen',
  'site-retroperitoneum',
  'site-cervix',
  'site-vulva',
  'site-bladder',
  'site-pelvis',
  'site-trunk',
  'site-orbit',
  'site-tongue',
  'site-neck',
  'site-head-and-neck',
];

/** One line of `cards/drugs.yaml`. */
export interface Drug {
  readonly drug: string;
  readonly class: DrugClass;
  /** Id of the ValueSet with its codes; an agent without codes is matched by name alone. */
  readonly valueSet?: string;
  readonly names: readonly string[];
}

/** Is it a systemic treatment of cancer? What only protects bone is none. */
export function treatsCancer(drug: Drug): boolean {
  return drug.class !== 'bone-agent';
}

/** The value sets and drug names, compiled once at start for lookups that cost the same whatever their size. */
export interface Terminology {
  /** The value sets that one of the codings belongs to. */
  readonly valueSetsOf: (concept: CodedText) => readonly string[];
  /** Does one of the codings belong to the value set? Throws if there is no such value set. */
  readonly isIn: (concept: CodedText, valueSet: string) => boolean;
  /** The drugs that the concept names: by code, else by name in its texts. */
  readonly drugsIn: (concept: CodedText) => readonly Drug[];
  /** The `system|code` of a value set's enumerated concepts, in file order: what a FHIR search by code is built from. */
  readonly tokens: (valueSet: string) => readonly string[];
}

interface CompiledValueSet {
  readonly codes: Map<string, Set<string>>;
  readonly patterns: Map<string, RegExp[]>;
  /** Codes that belong to it no more, whatever the patterns say. */
  readonly excluded: Map<string, Set<string>>;
}

/** The suffix of a value set that adds its CPT codes, kept apart because CPT needs a licence. */
const CPT_SUFFIX = '-cpt';
const NO_SETS: readonly string[] = [];
const NO_DRUGS: readonly Drug[] = [];
const NO_CODES: ReadonlySet<string> = new Set();

/**
 * Compiles FHIR R4 ValueSets – enumerated concepts and regex filters on `code` – and drug names. Of ValueSets with the same id
 * each adds to those before it, and takes away what it excludes.
 * Throws an Error that names a value set a drug refers to and that does not exist.
 */
export function compileTerminology(valueSets: readonly JsonObject[], drugs: readonly Drug[]): Terminology {
  const compiled = new Map<string, CompiledValueSet>();
  for (const valueSet of valueSets) compileValueSet(compiled, valueSet);
  for (const { drug, valueSet } of drugs) {
    if (valueSet !== undefined && !compiled.has(valueSet))
      throw new Error(`${drug}: there is no value set ${valueSet}`);
  }
  const membership = indexMembership(compiled);
  const drugsByValueSet = Map.groupBy(drugs, ({ valueSet }) => valueSet);
  const drugNames = indexDrugNames(drugs);

  function valueSetsOf({ codings }: CodedText): readonly string[] {
    let found: Set<string> | undefined;
    for (const { system, code } of codings) {
      for (const valueSet of membership(system, code)) {
        found ??= new Set();
        found.add(valueSet);
      }
    }
    return found === undefined ? NO_SETS : [...found];
  }

  return {
    valueSetsOf,
    isIn: (concept, valueSet) => {
      const set = compiled.get(valueSet);
      if (set === undefined) throw new Error(`There is no value set ${valueSet}`);
      return concept.codings.some(({ system, code }) => contains(set, system, code));
    },
    drugsIn: (concept) => {
      const sets = valueSetsOf(concept);
      const byCode =
        sets.length === 0 ? NO_DRUGS : sets.flatMap((valueSet) => drugsByValueSet.get(valueSet) ?? NO_DRUGS);
      const found = byCode.length > 0 ? byCode : concept.texts.flatMap(drugNames);
      return found.length < 2 ? found : [...new Set(found)];
    },
    tokens: (valueSet) => {
      const set = compiled.get(valueSet);
      if (set === undefined) throw new Error(`There is no value set ${valueSet}`);
      return [...set.codes].flatMap(([system, codes]) => [...codes].map((code) => `${system}|${code}`));
    },
  };
}

/** A ValueSet that can be compiled; throws an Error that says what is wrong with it. */
export function checkValueSet(content: unknown): JsonObject {
  const valueSet = asObject(content);
  if (valueSet?.['resourceType'] !== 'ValueSet') throw new Error('is no ValueSet');
  if (asText(valueSet['id']) === undefined) throw new Error('has no id');
  for (const include of includesOf(valueSet)) {
    for (const { op, property, value } of asObjects(include['filter'])) {
      if (op !== 'regex' || property !== 'code') throw new Error('has a filter other than a regex on code');
      new RegExp(asText(value) ?? '').test('');
    }
  }
  return valueSet;
}

function includesOf(valueSet: JsonObject): readonly JsonObject[] {
  return asObjects(valueSet['compose']).flatMap((compose) => asObjects(compose['include']));
}

function excludesOf(valueSet: JsonObject): readonly JsonObject[] {
  return asObjects(valueSet['compose']).flatMap((compose) => asObjects(compose['exclude']));
}

function compileValueSet(compiled: Map<string, CompiledValueSet>, valueSet: JsonObject): void {
  const id = asText(valueSet['id']) ?? '';
  const key = id.endsWith(CPT_SUFFIX) ? id.slice(0, -CPT_SUFFIX.length) : id;
  const set = compiled.get(key) ?? { codes: new Map(), patterns: new Map(), excluded: new Map() };
  compiled.set(key, set);
  for (const include of includesOf(valueSet)) {
    const system = canonicalSystem(asText(include['system']) ?? '');
    const codes = set.codes.get(system) ?? new Set<string>();
    for (const concept of asObjects(include['concept'])) {
      const code = asText(concept['code']) ?? '';
      codes.add(code);
      set.excluded.get(system)?.delete(code);
    }
    if (codes.size > 0) set.codes.set(system, codes);
    for (const filter of asObjects(include['filter'])) {
      const patterns = set.patterns.get(system) ?? [];
      patterns.push(new RegExp(`^(?:${asText(filter['value']) ?? ''})$`));
      set.patterns.set(system, patterns);
    }
  }
  for (const exclude of excludesOf(valueSet)) {
    const system = canonicalSystem(asText(exclude['system']) ?? '');
    const excluded = set.excluded.get(system) ?? new Set<string>();
    set.excluded.set(system, excluded);
    for (const concept of asObjects(exclude['concept'])) {
      const code = asText(concept['code']) ?? '';
      excluded.add(code);
      set.codes.get(system)?.delete(code);
    }
  }
}

function contains({ codes, patterns, excluded }: CompiledValueSet, system: string, code: string): boolean {
  if (codes.get(system)?.has(code) === true) return true;
  if (excluded.get(system)?.has(code) === true) return false;
  return patterns.get(system)?.some((pattern) => pattern.test(code)) ?? false;
}

interface SystemIndex {
  readonly exact: Map<string, string[]>;
  readonly patterns: { readonly regex: RegExp; readonly valueSet: string; readonly excluded: ReadonlySet<string> }[];
  /** Any of the patterns: most codes match none, and one test has to do. */
  any: RegExp | undefined;
}

/** System and code → value sets. Codes of a system without any value set cost one lookup. */
function indexMembership(compiled: ReadonlyMap<string, CompiledValueSet>) {
  const bySystem = new Map<string, SystemIndex>();
  const indexOf = (system: string): SystemIndex => {
    const index = bySystem.get(system) ?? { exact: new Map(), patterns: [], any: undefined };
    bySystem.set(system, index);
    return index;
  };
  for (const [valueSet, { codes, patterns, excluded }] of compiled) {
    for (const [system, list] of codes) {
      const { exact } = indexOf(system);
      for (const code of list) exact.set(code, [...(exact.get(code) ?? []), valueSet]);
    }
    for (const [system, list] of patterns) {
      for (const regex of list) {
        indexOf(system).patterns.push({ regex, valueSet, excluded: excluded.get(system) ?? NO_CODES });
      }
    }
  }
  for (const index of bySystem.values()) {
    if (index.patterns.length > 0) index.any = new RegExp(index.patterns.map(({ regex }) => regex.source).join('|'));
  }
  return (system: string, code: string): readonly string[] => {
    const index = bySystem.get(system);
    if (index === undefined) return NO_SETS;
    const exact = index.exact.get(code) ?? NO_SETS;
    if (index.any === undefined || !index.any.test(code)) return exact;
    const matched = index.patterns
      .filter(({ regex, excluded }) => regex.test(code) && !excluded.has(code))
      .map(({ valueSet }) => valueSet);
    return [...new Set([...exact, ...matched])];
  };
}

/** So many words after it. */
const NOT_OF_REACH = 2;
const NOT_OF = new Set(
  'no not never without avoid instead before after during for allergy allergic intolerance intolerant contraindicated declined refused'.split(
    ' ',
  ),
);

/** Names by their first word, so that a text costs its own length and not the number of names. */
function indexDrugNames(drugs: readonly Drug[]) {
  const byFirstWord = new Map<string, { readonly name: readonly string[]; readonly drug: Drug }[]>();
  for (const drug of drugs) {
    for (const text of drug.names) {
      const name = words(text);
      const [first] = name;
      if (first !== undefined) byFirstWord.set(first, [...(byFirstWord.get(first) ?? []), { name, drug }]);
    }
  }

  // A colon or bracket begins anew: "Regimen for sarcoma: doxorubicin" is of doxorubicin.
  return (text: string): readonly Drug[] =>
    text
      .slice(0, MAX_TEXT)
      .split(/[:;()]/)
      .flatMap(named);

  function named(text: string): readonly Drug[] {
    const list = words(text);
    const found: { readonly drug: Drug; readonly start: number; readonly end: number }[] = [];
    for (const [start, word] of list.entries()) {
      // "No prior atezolizumab", "before doxorubicin": what follows at once is not what the record is of.
      if (list.slice(Math.max(0, start - NOT_OF_REACH), start).some((earlier) => NOT_OF.has(earlier))) continue;
      for (const { name, drug } of byFirstWord.get(word) ?? []) {
        if (name.every((part, offset) => list[start + offset] === part))
          found.push({ drug, start, end: start + name.length });
      }
    }
    // "Liposomal doxorubicin" is not doxorubicin as well.
    const within = (a: (typeof found)[number], b: (typeof found)[number]) =>
      b.start <= a.start && a.end <= b.end && b.end - b.start > a.end - a.start;
    return found.filter((one) => !found.some((other) => within(one, other))).map(({ drug }) => drug);
  }
}
