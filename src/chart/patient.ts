import { type Day, readDate, readPeriod, yearsSince } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { coverage, type Evidence, type Fact, no, notFound, unknown, yes } from './fact.ts';
import { asObject, asText } from './json.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Terminology } from './terminology.ts';

/** A dose by weight needs a weight no older than this (cards: atezolizumab-first-line). */
const WEIGHT_MAX_AGE_DAYS = 30;
/** Outside of this the number or its unit is a mistake; it is no clinical limit. */
const PLAUSIBLE_KG = { least: 8, most: 200 };
const KG_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['kg', 1],
  ['g', 0.001],
  ['[lb_av]', 0.453_592_37],
  ['lb', 0.453_592_37],
  ['lbs', 0.453_592_37],
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
  const years = least === most ? `${most} years` : `${Math.max(least, 0)} to ${most} years`;
  return { least: Math.max(least, 0), most, evidence: evidence(patient, 'patient', undefined, years) };
}

/** Is the age between these whole years, both included? */
export function ageBetween(age: Age | undefined, from: number, to: number, readings: Readings): Fact {
  if (age === undefined) return unknown([], coverage(readings, ['patient']), 'not-recorded');
  if (age.least >= from && age.most <= to) return yes([age.evidence]);
  if (age.most < from || age.least > to) return no([age.evidence]);
  return unknown([age.evidence], undefined, 'date-not-comparable');
}

/** The latest body weight, if it is recent and plausible. */
export function readWeight(
  readings: Readings,
  terminology: Terminology,
  today: Day,
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
  if (date.start < today - WEIGHT_MAX_AGE_DAYS) return { fact: unknown([said], sources, 'stale') };
  const kg = inKilograms(quantity);
  if (kg === undefined || kg < PLAUSIBLE_KG.least || kg > PLAUSIBLE_KG.most) {
    return { fact: unknown([said], sources, 'implausible') };
  }
  return { weight: { kg, evidence: said }, fact: yes([said], sources) };
}

function isBodyWeight(observation: JsonObject, terminology: Terminology): boolean {
  if (observation['status'] === 'cancelled') return false;
  const code = readCodedText(observation['code']);
  return (
    terminology.isIn(code, 'body-weight') ||
    (code.codings.length === 0 && code.texts.some((text) => /^\W*(?:body )?weight\W*$/i.test(text)))
  );
}

function inKilograms(quantity: JsonObject | undefined): number | undefined {
  const value = quantity?.['value'];
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const unit = asText(quantity?.['code']) ?? asText(quantity?.['unit']);
  const factor = unit === undefined ? undefined : KG_PER_UNIT.get(unit.trim().toLowerCase());
  return factor === undefined ? undefined : value * factor;
}
