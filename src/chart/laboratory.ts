import { type DateInterval, type Day, readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import { type Evidence, type Fact, newestFirst, no, notFound, unknown, withValue, yes } from './fact.ts';
import { asObject, asObjects, asText } from './json.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Settings } from './settings.ts';
import type { Terminology } from './terminology.ts';
import { assertionOf } from './text.ts';

/** Not results: asked for, called off or withdrawn. */
const NO_RESULT = new Set(['registered', 'cancelled', 'entered-in-error']);
const MAX_NAME = 200;

/** A test, by a value set, else by what a laboratory calls it, and nothing else in the name. */
interface Test {
  readonly valueSet: string;
  readonly names: RegExp;
}

const LIVER: Test = {
  valueSet: 'liver-test',
  names:
    /^\W{0,3}(?:ast|alt|sgot|sgpt|aspartate (?:amino)?transferase|alanine (?:amino)?transferase|(?:total )?bilirubin(?:,? total)?)\b(?!.{0,40}\b(?:urine|direct|fluid|csf)\b)/i,
};
const CREATININE: Test = {
  valueSet: 'creatinine',
  names: /^\W{0,3}(?:serum |plasma )?creatinine\b(?!.{0,40}\b(?:urine|clearance|ratio|kinase|fluid)\b)/i,
};
const EGFR: Test = {
  valueSet: 'egfr',
  names: /^\W{0,3}(?:e-?gfr|estimated (?:gfr|glomerular filtration rate))\b/i,
};
const CALCIUM: Test = {
  valueSet: 'calcium',
  names:
    /^\W{0,3}(?:serum |plasma |total )?calcium\b(?!.{0,40}\b(?:urine|ioni[sz]ed|score|oxalate|fluid|free|ratio)\b)/i,
};
const PREGNANCY: Test = {
  valueSet: 'pregnancy-test',
  names: /^\W{0,3}(?:(?:urine |serum )?(?:pregnancy test|hcg)|(?:beta[- ]?)?hcg)\b/i,
};

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
    liverTestsRecent: recent(liver),
    renalFunctionRecent: withFigures([
      ['eGFR', egfr, FILTRATION],
      ['creatinine', creatinine, MASS],
    ]),
    calciumRecent: withFigures([['calcium', calcium, CALCIUM_UNITS]]),
  };

  function resultsOf(test: Test): readonly Result[] {
    return testResults(readings, test, terminology, today);
  }

  function recent(results: readonly Result[]): Fact {
    const none = notFound(readings, ['observationsLaboratory']);
    const fresh = results.filter(({ date }) => isFresh(date));
    if (fresh.length > 0) return yes(newestFirst(fresh));
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
      const dates = results.flatMap(({ date }) => (date !== undefined && isFresh(date) ? [date.end] : []));
      const latest = Math.max(...dates);
      const readable = results
        .filter(({ date }) => date?.end === latest)
        .flatMap(({ observation, date }) => {
          const figure = figureOf(asObject(observation['valueQuantity']), units);
          return figure === undefined ? [] : [`${name} ${figure} of ${date?.text ?? ''}`];
        });
      // Two of one day that differ are both shown, whatever their order.
      return [...new Set(readable)].toSorted();
    });
    return figures.length === 0 ? unknown(fact.evidence, fact, 'implausible') : withValue(fact, figures.join(', '));
  }
}

/** A pregnancy test that is positive, or one that is not; a result that says neither is left out. */
export interface PregnancyTest {
  readonly positive: boolean;
  readonly date: DateInterval | undefined;
  readonly evidence: Evidence;
}

export function readPregnancyTests(readings: Readings, terminology: Terminology, today: Day): readonly PregnancyTest[] {
  return testResults(readings, PREGNANCY, terminology, today).flatMap(({ observation, date, evidence: said }) => {
    const positive = saysPositive(observation);
    return positive === undefined ? [] : [{ positive, date, evidence: said }];
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
    if (!isOf(code, test, terminology)) return [];
    const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
    if (date !== undefined && date.start > today) return [];
    const quantity = asObject(observation['valueQuantity']);
    const words = readCodedText(observation['valueCodeableConcept'], { text: observation['valueString'] }).texts[0];
    const shown = [quantity?.['value'], quantity?.['unit'], words].filter(
      (part) => typeof part === 'number' || typeof part === 'string',
    );
    const text = [code.texts[0] ?? test.valueSet, ...shown].join(' ');
    return [{ observation, date, evidence: evidence(observation, 'observation', date, text) }];
  });
}

function isOf(code: CodedText, { valueSet, names }: Test, terminology: Terminology): boolean {
  return terminology.isIn(code, valueSet) || code.texts.some((text) => names.test(text.slice(0, MAX_NAME)));
}

function hasValue(observation: JsonObject): boolean {
  const quantity = asObject(observation['valueQuantity'])?.['value'];
  if (typeof quantity === 'number') return Number.isFinite(quantity);
  return (
    asText(observation['valueString']) !== undefined ||
    typeof observation['valueBoolean'] === 'boolean' ||
    readCodedText(observation['valueCodeableConcept']).texts.length > 0 ||
    asObjects(observation['valueCodeableConcept']).length > 0
  );
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
