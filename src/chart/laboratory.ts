import { type DateInterval, type Day, readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import { type Evidence, type Fact, newestFirst, no, notFound, unknown, withValue, yes } from './fact.ts';
import { asObject, asObjects, asText } from './json.ts';
import { isAfter, latestOf } from './latest.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Settings } from './settings.ts';
import type { Terminology } from './terminology.ts';
import { assertionOf } from './text.ts';

/** Not results: asked for, called off or withdrawn. */
const NO_RESULT = new Set(['registered', 'cancelled', 'entered-in-error']);
const MAX_NAME = 200;

/** A test, by a value set, else by what a laboratory calls it. */
interface Test {
  readonly valueSet: string;
  readonly names: RegExp;
  /** What makes it another test, wherever it stands in its names. */
  readonly unless?: RegExp;
}

/** Of the urine – "Creatinine, Ur", "UA", 24 hours, random – or another fluid: not the test of the blood. */
const NOT_BLOOD =
  /\b(?:urine|urinary|ur|ua|urinalysis|dip-?stick|test strip|random|spot|timed|24[- ]?h(?:r|rs|ours?)?|twenty[- ]four hours?|excretion|fluid|csf|cerebrospinal|pleural|peritoneal|ascit\w{1,4}|synovial|amniotic|drain(?:age)?|dialysate|sweat|stool|saliva)\b|,\s?u\s{0,3}$/i;
/** Its words tell why there is no result. */
const VOID_WORDS =
  /\b(?:cancel\w{0,6}|ha?emoly[sz]\w{1,3}|lipa?emic|icteric|clotted|contaminated|mislabel\w{0,4}|insufficient|qns|tnp|rejected|pending|see (?:note|comment|report|below)|unable|not (?:done|performed|collected|received|reported|available|calculated|applicable|tested|measured)|no (?:result|specimen|sample)|duplicate|error|deleted|discontinued|n\/a)\b/i;
/** "24", "<5", "0.8 mg/dL", "31 H": a figure, its unit, its flag, and no words. */
const FIGURE =
  /^\s{0,3}(?:[<>]=?\s?)?\d{1,3}(?:[\d,]{0,8})(?:\.\d{1,4})?\s{0,3}(?:m?i?u\/m?l|[munpkµμ]?(?:g|mol|kat)\/(?:[dm]?l)|units?\/l|ml\/min\S{0,12}|%)?\s{0,3}\(?[hln]?\)?\s{0,3}$/i;

const LIVER: Test = {
  valueSet: 'liver-test',
  names:
    /^\W{0,3}(?:ast|alt|sgot|sgpt|aspartate (?:amino)?transferase|alanine (?:amino)?transferase|(?:total )?bilirubin(?:,? total)?)\b/i,
  unless: /\b(?:direct|conjugated|ratio)\b/i,
};
const CREATININE: Test = {
  valueSet: 'creatinine',
  names: /^\W{0,3}(?:serum |plasma )?creatinine\b/i,
  unless: /\b(?:clearance|ratio|kinase)\b/i,
};
const EGFR: Test = {
  valueSet: 'egfr',
  names: /^\W{0,3}(?:e-?gfr|estimated (?:gfr|glomerular filtration rate))\b/i,
  // The receptor of the same letters.
  unless:
    /\b(?:mutat\w{1,5}|genes?|genetic\w?|genomic\w?|exons?|amplif\w{1,8}|ihc|immuno\w{1,16}|expression|fish|t790m|l858r|del(?:etion)?|variants?|sequenc\w{1,4}|receptor|rearrange\w{1,5}|inhibitor|copy|protein|molecular|pcr|ngs|tumou?r|tissue|plasma dna|ctdna|status)\b/i,
};
const CALCIUM: Test = {
  valueSet: 'calcium',
  names: /^\W{0,3}(?:serum |plasma |total )?calcium\b/i,
  unless: /\b(?:ioni[sz]ed|score|oxalate|free|ratio)\b/i,
};
const PREGNANCY: Test = {
  valueSet: 'pregnancy-test',
  names:
    /^\W{0,3}(?:(?:urine|serum|plasma|blood|quantitative|qualitative|total|intact)\W{1,3}){0,3}(?:pregnancy test|(?:beta|β|b)?[- ]?hcg|(?:human )?chorionic gonadotropin|choriogonadotropin)\b/i,
};
const BLOOD_TESTS: ReadonlySet<Test> = new Set([LIVER, CREATININE, EGFR, CALCIUM]);

/** Units as charts write them, in lower case and without blanks → as the cards write them. */
const MASS: ReadonlyMap<string, string> = new Map([
  ['mg/dl', 'mg/dL'],
  ['umol/l', 'µmol/L'],
  ['µmol/l', 'µmol/L'],
  ['μmol/l', 'µmol/L'],
]);
const CALCIUM_UNITS: ReadonlyMap<string, string> = new Map([
  ['mg/dl', 'mg/dL'],
  ['mmol/l', 'mmol/L'],
]);
const FILTRATION: ReadonlyMap<string, string> = new Map(
  [
    'ml/min/{1.73_m2}',
    'ml/min/1.73m2',
    'ml/min/1.73m²',
    'ml/min/1.73m^2',
    'ml/min/1.73sqm',
    'ml/min/1.73',
    'ml/min',
  ].map((unit) => [unit, unit === 'ml/min' ? 'mL/min' : 'mL/min/1.73 m²']),
);
const COMPARATORS = new Set(['<', '<=', '>=', '>']);

export interface Laboratory {
  readonly liverTestsRecent: Fact;
  readonly renalFunctionRecent: Fact;
  readonly calciumRecent: Fact;
}

/** A result of a test, with its day. */
interface Result {
  readonly observation: JsonObject;
  readonly date: DateInterval | undefined;
  readonly evidence: Evidence;
}

/** Are there recent results, and what do they say (facts: "Safety, laboratory and biomarkers")? */
export function readLaboratory(
  readings: Readings,
  terminology: Terminology,
  { laboratoryMaxAgeDays }: Settings,
  today: Day,
): Laboratory {
  const liver = resultsOf(LIVER);
  const creatinine = resultsOf(CREATININE);
  const egfr = resultsOf(EGFR);
  const calcium = resultsOf(CALCIUM);
  return {
    liverTestsRecent: recent(liver, isMeasured),
    renalFunctionRecent: withFigures([
      ['eGFR', egfr, FILTRATION],
      ['creatinine', creatinine, MASS],
    ]),
    calciumRecent: withFigures([['calcium', calcium, CALCIUM_UNITS]]),
  };

  function resultsOf(test: Test): readonly Result[] {
    return testResults(readings, test, terminology, today);
  }

  /** A recent result that `counts`; one that does not – "normal" instead of a figure – decides nothing. */
  function recent(results: readonly Result[], counts: (result: Result) => boolean = () => true): Fact {
    const none = notFound(readings, ['observationsLaboratory']);
    const recently = results.filter(({ date }) => isFresh(date));
    const fresh = recently.filter(counts);
    if (fresh.length > 0) return yes(newestFirst(fresh));
    if (recently.length > 0) return unknown(newestFirst(recently), none, 'implausible');
    const open = results.filter(({ date }) => date === undefined || date.end >= today - laboratoryMaxAgeDays);
    if (open.length > 0) return unknown(newestFirst(open), none, 'date-not-comparable');
    // The latest old one is named: it is the reason why something seems to be there already.
    return none.state === 'no' ? no(newestFirst(results).slice(0, 1), none) : none;
  }

  function isFresh(date: DateInterval | undefined): boolean {
    return date !== undefined && date.start >= today - laboratoryMaxAgeDays;
  }

  /** Recent results whose figures can be shown; one in an unknown unit is none. */
  function withFigures(
    groups: readonly (readonly [name: string, results: readonly Result[], units: ReadonlyMap<string, string>])[],
  ): Fact {
    const fact = recent(groups.flatMap(([, results]) => results));
    if (fact.state !== 'yes') return fact;
    const figures = groups.flatMap(([name, results, units]) => {
      const fresh = results
        .filter(({ date }) => isFresh(date))
        .map((result) => {
          const figure = figureOf(asObject(result.observation['valueQuantity']), units);
          return { date: result.date, figure };
        });
      const latest = latestOf(fresh, (one, other) => one.figure === other.figure);
      const shown = latest === undefined || latest.last === 'undecided' ? latest?.candidates : [latest.last];
      const readable = (shown ?? []).flatMap(({ date, figure }) =>
        figure === undefined ? [] : [`${name} ${figure} of ${date?.text ?? ''}`],
      );
      // Two that differ, where the dates do not tell which is the last, are both shown.
      return [...new Set(readable)].toSorted();
    });
    return figures.length === 0 ? unknown(fact.evidence, fact, 'implausible') : withValue(fact, figures.join(', '));
  }
}

/** A pregnancy test that is positive or may be, or one that is not. */
export interface PregnancyTest {
  readonly positive: boolean;
  /** When it was so. One that nobody called positive – hCG as a figure – has no known first day and decides nothing. */
  readonly date: DateInterval | undefined;
  readonly evidence: Evidence;
}

export function readPregnancyTests(readings: Readings, terminology: Terminology, today: Day): readonly PregnancyTest[] {
  return testResults(readings, PREGNANCY, terminology, today).flatMap(({ observation, date, evidence: said }) => {
    const positive = saysPositive(observation);
    if (positive !== undefined) return [{ positive, date, evidence: said }];
    // Nothing is concluded from the height of hCG, so it may be positive; and it must not read as "not pregnant".
    return [{ positive: true, date: date === undefined ? undefined : { ...date, start: -Infinity }, evidence: said }];
  });
}

const POSITIVE = /\b(?:positive|detected|present|reactive|pos)\b/;
const NEGATIVE =
  /\b(?:negative|neg|not (?:detected|present|reactive|identified|found|seen)|undetected|non-?reactive|absent|none detected)\b/;
/** HL7 v3 ObservationInterpretation. */
const INTERPRETED: ReadonlyMap<string, boolean> = new Map([
  ['POS', true],
  ['DET', true],
  ['NEG', false],
  ['ND', false],
]);

/** Positive, negative, or undefined when the result says neither, or both. */
export function saysPositive(observation: JsonObject): boolean | undefined {
  const value = readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] });
  const interpretation = readCodedText(observation['interpretation']);
  const said = new Set<boolean>();
  if (typeof observation['valueBoolean'] === 'boolean') said.add(observation['valueBoolean']);
  for (const { code } of [...value.codings, ...interpretation.codings]) {
    const meaning = INTERPRETED.get(code.toUpperCase());
    if (meaning !== undefined) said.add(meaning);
  }
  for (const text of [...value.texts, ...interpretation.texts]) {
    const short = text.slice(0, MAX_NAME).toLowerCase();
    if (NEGATIVE.test(short)) said.add(false);
    else if (assertionOf(short, POSITIVE) === 'affirmed') said.add(true);
  }
  return said.size === 1 ? said.has(true) : undefined;
}

function testResults(readings: Readings, test: Test, terminology: Terminology, today: Day): readonly Result[] {
  return resourcesOf(readings, 'observationsLaboratory', 'Observation').flatMap((observation) => {
    if (NO_RESULT.has(asText(observation['status']) ?? '') || !hasValue(observation)) return [];
    const code = readCodedText(observation['code']);
    if (!isOf(observation, code, test, terminology)) return [];
    const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
    if (isAfter(date, today)) return [];
    const quantity = asObject(observation['valueQuantity']);
    const words = readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] }).texts[0];
    const shown = [quantity?.['value'], quantity?.['unit'], words].filter(
      (part) => typeof part === 'number' || typeof part === 'string',
    );
    const text = [code.texts[0] ?? test.valueSet, ...shown].join(' ');
    return [{ observation, date, evidence: evidence(observation, 'observation', date, text) }];
  });
}

function isOf(observation: JsonObject, code: CodedText, test: Test, terminology: Terminology): boolean {
  const names = code.texts.map((text) => text.slice(0, MAX_NAME));
  if (!terminology.isIn(code, test.valueSet) && !names.some((name) => test.names.test(name))) return false;
  if (names.some((name) => test.unless?.test(name))) return false;
  if (!BLOOD_TESTS.has(test)) return true;
  const specimens = asObjects(observation['specimen']).flatMap(({ display }) => asText(display) ?? []);
  return ![...names, ...specimens].some((name) => NOT_BLOOD.test(name.slice(0, MAX_NAME)));
}

function hasValue(observation: JsonObject): boolean {
  const quantity = asObject(observation['valueQuantity'])?.['value'];
  if (typeof quantity === 'number') return Number.isFinite(quantity);
  if (typeof observation['valueBoolean'] === 'boolean' || typeof observation['valueInteger'] === 'number') return true;
  const concepts = asObjects(observation['valueCodeableConcept']);
  const texts = readCodedText(concepts, { text: observation['valueString'] }).texts;
  return (texts.length > 0 || concepts.length > 0) && !texts.some((text) => VOID_WORDS.test(text.slice(0, MAX_NAME)));
}

/** Has it a figure, be it written as a word? */
function isMeasured({ observation }: Result): boolean {
  if (typeof asObject(observation['valueQuantity'])?.['value'] === 'number') return true;
  if (typeof observation['valueInteger'] === 'number') return true;
  return FIGURE.test((asText(observation['valueString']) ?? '').slice(0, MAX_NAME));
}

/** "0.8 mg/dL"; undefined without a number that can be one, or in a unit that is none of these. */
function figureOf(quantity: JsonObject | undefined, units: ReadonlyMap<string, string>): string | undefined {
  const value = quantity?.['value'];
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return undefined;
  const comparator = quantity?.['comparator'];
  if (comparator !== undefined && !(typeof comparator === 'string' && COMPARATORS.has(comparator))) return undefined;
  const named = ['code', 'unit'].flatMap((member) => {
    const unit = asText(quantity?.[member]);
    return unit === undefined ? [] : [units.get(unit.toLowerCase().replaceAll(/\s/g, ''))];
  });
  const [unit] = named;
  if (unit === undefined || named.some((other) => other !== unit)) return undefined;
  return `${typeof comparator === 'string' ? comparator : ''}${Math.round(value * 100) / 100} ${unit}`;
}
