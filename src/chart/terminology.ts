import type { CodedText } from './coding.ts';
import { canonicalSystem } from './coding.ts';
import { asObjects, asText } from './json.ts';
import type { JsonObject } from './reading.ts';
import { words } from './text.ts';

/** What a systemic drug is, for the guideline (facts: "Systemic therapy"). */
export type DrugClass = 'pd-1-pd-l1-inhibitor' | 'anti-angiogenic-tki' | 'anthracycline' | 'other-cytotoxic';

/** One line of `cards/drugs.yaml`. */
export interface Drug {
  readonly drug: string;
  readonly class: DrugClass;
  /** Id of the ValueSet with its codes; an agent without codes is matched by name alone. */
  readonly valueSet?: string;
  readonly names: readonly string[];
}

/** The value sets and drug names, compiled once at start for lookups that cost the same whatever their size. */
export interface Terminology {
  /** Does one of the codings belong to the value set? */
  readonly isIn: (concept: CodedText, valueSet: string) => boolean;
  /** The drugs that the concept names: by code, else by name in its texts. */
  readonly drugsIn: (concept: CodedText) => readonly Drug[];
  /** The `system|code` of a value set's enumerated concepts, in file order: what a FHIR search by code is built from. */
  readonly tokens: (valueSet: string) => readonly string[];
}

interface CompiledValueSet {
  readonly codes: Map<string, Set<string>>;
  readonly patterns: Map<string, RegExp[]>;
}

/** The suffix of a value set that adds its CPT codes, kept apart because CPT needs a licence. */
const CPT_SUFFIX = '-cpt';

/**
 * Compiles FHIR R4 ValueSets – enumerated concepts and regex filters on `code` – and drug names.
 * Throws an Error that names a value set a drug refers to and that does not exist.
 */
export function compileTerminology(valueSets: readonly JsonObject[], drugs: readonly Drug[]): Terminology {
  const compiled = new Map<string, CompiledValueSet>();
  for (const valueSet of valueSets) compileValueSet(compiled, valueSet);
  for (const { drug, valueSet } of drugs) {
    if (valueSet !== undefined && !compiled.has(valueSet))
      throw new Error(`${drug}: there is no value set ${valueSet}`);
  }
  const drugCodes = indexDrugCodes(compiled, drugs);
  const drugNames = indexDrugNames(drugs);

  return {
    isIn: (concept, valueSet) => {
      const set = compiled.get(valueSet);
      if (set === undefined) throw new Error(`There is no value set ${valueSet}`);
      return concept.codings.some(({ system, code }) => contains(set, system, code));
    },
    drugsIn: (concept) => {
      const byCode = concept.codings.flatMap(({ system, code }) => drugCodes(system, code));
      const found = byCode.length > 0 ? byCode : concept.texts.flatMap((text) => drugNames(text));
      return found.length < 2 ? found : [...new Set(found)];
    },
    tokens: (valueSet) => {
      const set = compiled.get(valueSet);
      if (set === undefined) throw new Error(`There is no value set ${valueSet}`);
      return [...set.codes].flatMap(([system, codes]) => [...codes].map((code) => `${system}|${code}`));
    },
  };
}

function compileValueSet(compiled: Map<string, CompiledValueSet>, valueSet: JsonObject): void {
  const id = asText(valueSet['id']);
  if (id === undefined) throw new Error('A ValueSet has no id');
  const key = id.endsWith(CPT_SUFFIX) ? id.slice(0, -CPT_SUFFIX.length) : id;
  const set = compiled.get(key) ?? { codes: new Map(), patterns: new Map() };
  compiled.set(key, set);
  for (const compose of asObjects(valueSet['compose'])) {
    for (const include of asObjects(compose['include'])) {
      const system = canonicalSystem(asText(include['system']) ?? '');
      const codes = set.codes.get(system) ?? new Set<string>();
      for (const concept of asObjects(include['concept'])) codes.add(asText(concept['code']) ?? '');
      if (codes.size > 0) set.codes.set(system, codes);
      for (const filter of asObjects(include['filter'])) {
        if (filter['op'] !== 'regex' || filter['property'] !== 'code')
          throw new Error(`${id}: only regex filters on code`);
        const patterns = set.patterns.get(system) ?? [];
        patterns.push(new RegExp(`^(?:${asText(filter['value']) ?? ''})$`));
        set.patterns.set(system, patterns);
      }
    }
  }
}

function contains(set: CompiledValueSet, system: string, code: string): boolean {
  if (set.codes.get(system)?.has(code) === true) return true;
  return set.patterns.get(system)?.some((pattern) => pattern.test(code)) ?? false;
}

function indexDrugCodes(compiled: ReadonlyMap<string, CompiledValueSet>, drugs: readonly Drug[]) {
  const exact = new Map<string, Drug[]>();
  const patterns: { readonly system: string; readonly pattern: RegExp; readonly drug: Drug }[] = [];
  for (const drug of drugs) {
    const set = drug.valueSet === undefined ? undefined : compiled.get(drug.valueSet);
    for (const [system, codes] of set?.codes ?? []) {
      for (const code of codes) {
        const token = `${system}|${code}`;
        exact.set(token, [...(exact.get(token) ?? []), drug]);
      }
    }
    for (const [system, list] of set?.patterns ?? []) {
      for (const pattern of list) patterns.push({ system, pattern, drug });
    }
  }
  return (system: string, code: string): readonly Drug[] => {
    const found = exact.get(`${system}|${code}`);
    if (found !== undefined) return found;
    return patterns.filter((entry) => entry.system === system && entry.pattern.test(code)).map(({ drug }) => drug);
  };
}

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
  return (text: string): readonly Drug[] => {
    const found: Drug[] = [];
    const list = words(text);
    for (const [at, word] of list.entries()) {
      for (const { name, drug } of byFirstWord.get(word) ?? []) {
        if (name.every((part, offset) => list[at + offset] === part)) found.push(drug);
      }
    }
    return found;
  };
}
