/** Chart text is read no further than this: a problem's name is short, and hostile text must not cost time. */
export const MAX_TEXT = 1000;

/** The words of a text in lower case: runs of Latin letters and digits, as drug names and codes are written. */
export function words(text: string): readonly string[] {
  return text.slice(0, MAX_TEXT).toLowerCase().match(WORD) ?? [];
}
const WORD = /[a-z0-9]+/g;

/** How a text speaks of something: as a fact, as past, as a suspicion, as absent, or about a relative. */
export type Assertion = 'affirmed' | 'historical' | 'suspected' | 'negated' | 'family';

/** A relative, or the family's history. A "sibling donor" and a "twin pregnancy" are the patient's own. */
export const FAMILY =
  /\b(?:family (?:history|hx)|fhx?|mother|father|parents?|sister|brother|siblings?|twin(?!-to-|,? (?:pregnan|gestation|birth|deliver))|son|daughter|wife|husband|spouse|partner|aunt|uncle|niece|nephew|grand(?:mother|father|parents?)|cousin|maternal|paternal|relatives?)\b(?![- ](?:[a-z]{1,12}[- ])?donor\b)/;
const NEGATED_BEFORE =
  /\b(?:no|not(?! (?:ruled out|excluded))|without|w\/o|unlikely|neg(?:ative)?\.?(?: for)?|denies|excludes?|excluded|absence of|free of|never had)\b/;
const NEGATED_AFTER =
  /^(?:\s+(?:of|in)\s+[\w\s]{1,40}?)?\W*(?:(?:was|is|has|have|been|now|since|biopsy|pathology|histology|cytology)\W+){0,5}(?:ruled out|excluded|unlikely|not (?:seen|found|confirmed|identified|present)|absent|negative)\b/;
const SUSPECTED =
  /\b(?:r\/o|rule out|rule-out|not (?:yet )?(?:ruled out|excluded)|(?:cannot|could not) be (?:ruled out|excluded)|poss(?:ibl[ey]|ibility)?|probabl[ey]|suspected|suspicious|suspicion|suspect|questionable|question of|presumed|presumptive|likely|vs|versus|differential|ddx?|concern(?:ing)?(?: for)?|cannot exclude|query|evaluate for|evaluation for|consistent with|suggestive of|screening for|risk of|fear of|anxiety about)\b|\?/;
const HISTORICAL = /\b(?:history of|hx of|h\/o|status post|s\/p|previous|prior)\b/;
/** Words that look like a negation and are part of the name. */
const NOT_A_NEGATION = /\bnon[\s-]?(?:metastatic|resectable)\b|\bnot resectable\b/g;
/** A full stop ends a clause unless it belongs to an abbreviation. */
const CLAUSE_END = /(?<!\b(?:vs|poss|prob|susp|neg|hx|fhx))\.|[;\n]| but | however /;
/** Most names are one clause, and splitting them is what costs. */
const MAY_END = /[.;\n]| but | however /;

/**
 * How the text speaks of what `name` matches in it; `undefined` if it does not name it. Only the clause with the name
 * counts. Cautious by intent: family and negation win over suspicion, suspicion over history, history over fact.
 */
export function assertionOf(text: string, name: RegExp): Assertion | undefined {
  const lower = text.slice(0, MAX_TEXT).toLowerCase();
  for (const clause of MAY_END.test(lower) ? lower.split(CLAUSE_END) : [lower]) {
    const match = name.exec(clause);
    if (match === null) continue;
    const before = clause.slice(0, match.index).replaceAll(NOT_A_NEGATION, '');
    // "No fever, X": a negation ends at the comma.
    const near = before.slice(before.lastIndexOf(',') + 1);
    const after = clause.slice(match.index + match[0].length);
    if (FAMILY.test(clause)) return 'family';
    // "rule out X" asks; "X ruled out" and "no X" answer.
    const asked = SUSPECTED.test(before) || SUSPECTED.test(after);
    if (NEGATED_AFTER.test(after)) return 'negated';
    if (!asked && NEGATED_BEFORE.test(near)) return 'negated';
    if (asked) return /\bno evidence\b|\bnegative for\b/.test(near) ? 'negated' : 'suspected';
    return HISTORICAL.test(before) ? 'historical' : 'affirmed';
  }
  return undefined;
}
