import { type Day, readDate, readPeriod, yearsSince } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { coverage, type Evidence, type Fact, no, notFound, unknown, yes } from './fact.ts';
import { asObject, asText } from './json.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Settings } from './settings.ts';
import type { Terminology } from './terminology.ts';

/**
 * A weight between half and twice what is expected at the age is taken; outside of it the number or its unit is more
 * likely wrong: pounds entered as kilograms are 2.2 times the weight. Expected is 3 × age + 7 kg (Emerg Med J
 * 2011;28:590, 93,827 children, PMID 20659877). No clinical limit: the card asks for a weight instead.
 */
const PLAUSIBLE = { least: 0.5, most: 2 };
const GROWN_UP = 18;
/** Two weights of one day that differ by more than this share cannot both be right. */
const SAME_DAY_TOLERANCE = 0.1;
/** Weights that are not the patient's of today. */
const OTHER_WEIGHT = /\b(?:ideal|birth|target|goal|dry|adjusted|estimated|stated)\b/i;
const KG_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['kg', 1],
  ['g', 0.001],
  ['[lb_av]', 0.453_592_37],
  ['lb', 0.453_592_37],
  ['lbs', 0.453_592_37],
  ['pounds', 0.453_592_37],
  ['kilograms', 1],
  ['kilogram', 1],
  ['grams', 0.001],
]);

/** Whole years, as the least and the most they can be by a partial birth date. */
export interface Age {
  readonly least: number;
  readonly most: number;
  readonly evidence: Evidence;
}

export interface Weight {
  readonly kg: number;
  readonly evidence: Evidence;
}

export function readAge(readings: Readings, today: Day): Age | undefined {
  const [patient] = resourcesOf(readings, 'patient', 'Patient');
  const birth = readDate(patient?.['birthDate']);
  if (patient === undefined || birth === undefined || birth.start > today) return undefined;
  const { least, most } = yearsSince(birth, today);
  const youngest = Math.max(least, 0);
  const years = youngest === most ? `${most} years` : `${youngest} to ${most} years`;
  return { least: youngest, most, evidence: evidence(patient, 'patient', undefined, years) };
}

/** Is the age between these whole years, both included? */
export function ageBetween(age: Age | undefined, from: number, to: number, readings: Readings): Fact {
  if (age === undefined) return unknown([], coverage(readings, ['patient']), 'not-recorded');
  if (age.least >= from && age.most <= to) return yes([age.evidence]);
  if (age.most < from || age.least > to) return no([age.evidence]);
  return unknown([age.evidence], undefined, 'date-not-comparable');
}

/** The latest body weight, if it is recent and plausible at this age. */
export function readWeight(
  readings: Readings,
  age: Age | undefined,
  terminology: Terminology,
  today: Day,
  { bodyWeightMaxAgeDays }: Settings,
): { readonly weight?: Weight; readonly fact: Fact } {
  const weights = resourcesOf(readings, 'observationsBodyWeight', 'Observation')
    .filter((observation) => isBodyWeight(observation, terminology))
    .flatMap((observation) => {
      const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
      return date === undefined || date.start > today ? [] : [{ observation, date }];
    })
    .toSorted((a, b) => b.date.end - a.date.end);
  const [latest] = weights;
  if (latest === undefined) return { fact: notFound(readings, ['observationsBodyWeight']) };

  const { observation, date } = latest;
  const quantity = asObject(observation['valueQuantity']);
  const value = typeof quantity?.['value'] === 'number' ? String(quantity['value']) : 'without a number';
  const words = `weight ${value} ${asText(quantity?.['unit']) ?? asText(quantity?.['code']) ?? ''}`.trim();
  const said = evidence(observation, 'observation', date, words);
  const sources = coverage(readings, ['observationsBodyWeight']);
  if (date.start < today - bodyWeightMaxAgeDays) return { fact: unknown([said], sources, 'stale') };
  const sameDay = weights
    .filter((weight) => weight.date.end === date.end)
    .map((weight) => inKilograms(asObject(weight.observation['valueQuantity'])));
  const [kg] = sameDay;
  if (kg === undefined || !isPlausible(kg, age) || !sameDay.every((other) => isAbout(other, kg))) {
    return { fact: unknown([said], sources, 'implausible') };
  }
  return { weight: { kg, evidence: said }, fact: yes([said], sources) };
}

function isPlausible(kg: number, age: Age | undefined): boolean {
  if (age === undefined) return false;
  return kg >= PLAUSIBLE.least * expectedKg(age.least) && kg <= PLAUSIBLE.most * expectedKg(age.most);
}

function expectedKg(years: number): number {
  return 3 * Math.min(years, GROWN_UP) + 7;
}

function isAbout(other: number | undefined, kg: number): boolean {
  return other !== undefined && Math.abs(other - kg) <= SAME_DAY_TOLERANCE * kg;
}

function isBodyWeight(observation: JsonObject, terminology: Terminology): boolean {
  if (observation['status'] === 'cancelled') return false;
  const code = readCodedText(observation['code']);
  if (code.texts.some((text) => OTHER_WEIGHT.test(text))) return false;
  return (
    terminology.isIn(code, 'body-weight') || code.texts.some((text) => /^\W{0,3}(?:body )?weight\W{0,3}$/i.test(text))
  );
}

/** Undefined for a number that is none, bounds ("< 20"), and units that are unknown or contradict each other. */
function inKilograms(quantity: JsonObject | undefined): number | undefined {
  const value = quantity?.['value'];
  if (typeof value !== 'number' || !Number.isFinite(value) || quantity?.['comparator'] !== undefined) return undefined;
  const factors = ['code', 'unit'].flatMap((member) => {
    const unit = asText(quantity?.[member]);
    return unit === undefined ? [] : [KG_PER_UNIT.get(unit.trim().toLowerCase())];
  });
  const [factor] = factors;
  return factor !== undefined && factors.every((other) => other === factor) ? value * factor : undefined;
}

/** Is the patient recorded as having died? Only what is there counts; its absence is no doubt. */
export function isDeceased(readings: Readings): boolean {
  const [patient] = resourcesOf(readings, 'patient', 'Patient');
  return patient?.['deceasedBoolean'] === true || asText(patient?.['deceasedDateTime']) !== undefined;
}
