import {
  type ConditionRecord,
  conditionEvidence,
  counts,
  isActive,
  isCalledActive,
  isOnlySuspected,
  verificationOf,
} from './condition.ts';
import { type Evidence, type Fact, newestFirst, notFound, unknown, yes } from './fact.ts';
import type { Readings, ResourceKey } from './reading.ts';
import { type Assertion, assertionOf, FAMILY, MAX_TEXT } from './text.ts';

/** How a disease is recognised: by a value set, else by its name in words. The patterns match lower-case text. */
export interface DiseaseRule {
  readonly valueSet: string;
  readonly words: RegExp;
  /** Phrases with the same words that say nothing of the disease, such as a transplant's donor: taken out of the text. Global. */
  readonly aside?: RegExp;
  /** Beside these words the name may mean something else: a person has to look. */
  readonly unless?: RegExp;
  /** Takes the whole record out, its codes too … */
  readonly never?: RegExp;
  /** … unless this is affirmed in the same text. */
  readonly neverBut?: RegExp;
}

/** As the record has it: there now, there once, or only suspected. */
export type DiseaseStanding = 'now' | 'past' | 'suspected';

export interface DiseaseRecord {
  readonly record: ConditionRecord;
  readonly standing: DiseaseStanding;
  readonly evidence: Evidence;
}

/** The Conditions that are of the disease; negated, refuted and relatives' ones are not. */
export function diseaseRecords(records: readonly ConditionRecord[], rule: DiseaseRule): readonly DiseaseRecord[] {
  return records.flatMap((record) => {
    const standing = standingOf(record, rule);
    return standing === undefined ? [] : [{ record, standing, evidence: conditionEvidence(record.condition) }];
  });
}

function standingOf({ condition, code }: ConditionRecord, rule: DiseaseRule): DiseaseStanding | undefined {
  if (!counts(condition)) return undefined;
  const coded = code.valueSets.includes(rule.valueSet);
  const spoken = spokenIn(code.texts, rule);
  const said = readStanding(coded, spoken);
  if (said === undefined) return undefined;
  // A code that its own text contradicts: a person has to look.
  if (coded && isContradicted(spoken)) return 'suspected';
  if (isOnlySuspected(condition)) return 'suspected';
  if (said === 'suspected' && !(coded && verificationOf(condition) === 'confirmed')) return 'suspected';
  if (!isActive(condition)) return 'past';
  return spoken.has('historical') && !isCalledActive(condition) ? 'past' : 'now';
}

/** What a concept says by itself, wherever it stands: of the disease, perhaps of it, or nothing. */
export function standingInConcept(
  coded: boolean,
  texts: readonly string[],
  rule: DiseaseRule,
): 'said' | 'suspected' | undefined {
  return readStanding(coded, spokenIn(texts, rule));
}

/** As an assertion; `doubtful`: the words are there, and others that may make them mean something else. */
type Spoken = Assertion | 'doubtful' | 'never';

function readStanding(coded: boolean, spoken: ReadonlySet<Spoken>): 'said' | 'suspected' | undefined {
  if (spoken.has('never')) return undefined;
  const affirmed = spoken.has('affirmed') || spoken.has('historical');
  if (isContradicted(spoken)) return coded || affirmed ? 'suspected' : undefined;
  if (spoken.has('suspected')) return 'suspected';
  if (coded || affirmed) return 'said';
  return spoken.has('doubtful') ? 'suspected' : undefined;
}

function isContradicted(spoken: ReadonlySet<Spoken>): boolean {
  return spoken.has('negated') || spoken.has('family');
}

function spokenIn(texts: readonly string[], rule: DiseaseRule): ReadonlySet<Spoken> {
  return new Set(texts.flatMap((text) => spokenOf(text.slice(0, MAX_TEXT).toLowerCase(), rule) ?? []));
}

function spokenOf(text: string, { words, aside, unless, never, neverBut }: DiseaseRule): Spoken | undefined {
  const named = words.test(text);
  if (!named && never?.test(text) !== true) return undefined;
  const plain = aside === undefined ? text : text.replaceAll(aside, ' ').replaceAll(/ {2,}/g, ' ');
  if (never?.test(plain) === true && !isAffirmed(plain, neverBut)) return 'never';
  if (!named) return undefined;
  const assertion = assertionOf(plain, words);
  if (assertion === 'family') return isOfRelative(plain, words) ? 'family' : 'doubtful';
  const settled = assertion === undefined || assertion === 'negated';
  return !settled && unless?.test(plain) === true ? 'doubtful' : assertion;
}

function isAffirmed(text: string, name: RegExp | undefined): boolean {
  const assertion = name === undefined ? undefined : assertionOf(text, name);
  return assertion !== undefined && assertion !== 'negated';
}

const FAMILY_HISTORY = /\b(?:family (?:history|hx)|fhx?)\b/;
/** "Crohn disease in father". */
const OF_RELATIVE = new RegExp(`^[^,;.\\n]{0,20}\\b(?:in|of) (?:an? |the |his |her |patient'?s )?(?:${FAMILY.source})`);

/** Does a text that names a relative say that the disease is theirs? "Pregnant, husband present" does not. */
function isOfRelative(text: string, words: RegExp): boolean {
  const match = words.exec(text);
  if (match === null) return false;
  const before = text.slice(0, match.index);
  const near = before.split(/[,;.\n]/).at(-1) ?? '';
  return (
    FAMILY_HISTORY.test(before) || FAMILY.test(near) || OF_RELATIVE.test(text.slice(match.index + match[0].length))
  );
}

/** Is the disease there? What is over, or was only suspected, leaves it open; for what counts for good, `ever` was is enough. */
export function diseaseFact(
  found: readonly { readonly standing: DiseaseStanding; readonly evidence: Evidence }[],
  ever: boolean,
  readings: Readings,
  decisive: readonly ResourceKey[],
): Fact {
  const none = notFound(readings, decisive);
  const present = found.filter(({ standing }) => standing === 'now' || (ever && standing === 'past'));
  if (present.length > 0) return yes(newestFirst(present));
  const suspected = found.filter(({ standing }) => standing === 'suspected');
  if (suspected.length > 0) return unknown(newestFirst(suspected), none, 'only-suspected');
  return found.length > 0 ? unknown(newestFirst(found), none, 'resolved') : none;
}
