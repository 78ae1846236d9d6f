import { type CodedText, readCodedText } from './coding.ts';
import { asObject, asObjects, asText } from './json.ts';
import type { JsonObject } from './reading.ts';
import { MAX_TEXT } from './text.ts';

export type Route = 'intravenous' | 'subcutaneous' | 'oral';

/** What one dose is: so many milligrams, or so many for each kilogram. */
export type Dose = { readonly mg: number } | { readonly mgPerKg: number };

/** What an order says of its dose. A member is missing where the order is silent, contradicts itself or cannot be read. */
export interface DraftedDose {
  readonly dose?: Dose;
  readonly everyDays?: number;
  readonly route?: Route;
}

/** Said nothing, one thing, or several that cannot all be true. */
type Said<Value> = Value | 'contradictory' | undefined;

/** Beyond this a number is no dose of a drug. */
const MAX_DOSE = 100_000;
const MAX_DAYS = 366;
const NUMBER = String.raw`(\d{1,3}(?:,\d{3}){1,2}|\d{1,6}(?:\.\d{1,4})?)`;
const MG = new RegExp(String.raw`(?<![\d.,/])${NUMBER} ?(?:mg|milligrams?)\b(?! ?(?:\/|per\b))`, 'g');
const MG_PER_KG = new RegExp(
  String.raw`(?<![\d.,/])${NUMBER} ?(?:mg|milligrams?) ?(?:\/|per) ?kg\b(?! ?(?:\/|per\b))`,
  'g',
);
/** What is only said in passing: how the dose was made up, and where it ends. */
const ASIDE =
  /\([^()]{0,200}\)|\b(?:max(?:imum|\.)?|at most|up to|not to exceed|no more than)(?: of| dose| dose of|:)? ?[\d.,]{1,10} ?mg\b/g;
const COUNT_WORDS: ReadonlyMap<string, number> = new Map([
  ['one', 1],
  ['two', 2],
  ['three', 3],
  ['four', 4],
  ['six', 6],
  ['other', 2],
]);
const EVERY = /\b(?:every|each|q) ?(\d{1,3}|one|two|three|four|six|other)?[ -]?(days?|d|weeks?|wks?|w)\b/g;
const CYCLE = /\b(\d{1,2}|three|four|two)[ -](?:day|d) cycles?\b|\b(\d)[ -]weekly\b/g;
const DAILY = /\b(?:once daily|once a day|daily|qd|q\.d\.|od)\b/;
/** Twice a day, on some days, as needed: nothing that an interval could say. */
const IRREGULAR =
  /\b(?:twice|bid|b\.i\.d\.|tid|three times|two times|times (?:a|per)|as needed|prn|biweekly|bi-weekly|alternat\w{1,6}|days? \d{1,2} ?(?:,|and|&|to|-))/;
const WEEKLY = /\b(?:once )?weekly\b/;
const DAYS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['h', 1 / 24],
  ['d', 1],
  ['wk', 7],
]);
const ROUTES: readonly { readonly route: Route; readonly word: RegExp }[] = [
  { route: 'intravenous', word: /\b(?:iv|i\.v\.|ivpb|intravenous(?:ly)?|infusions?|infuse[ds]?)(?![a-z])/ },
  { route: 'subcutaneous', word: /\b(?:sc|s\.c\.|sq|subq|sub-q|subcut|subcutaneous(?:ly)?)(?![a-z])/ },
  { route: 'oral', word: /\b(?:po|p\.o\.|oral(?:ly)?|by mouth)(?![a-z])/ },
];
/** A structure and its words may differ by rounding. */
const SAME = 0.01;

/**
 * The dose, interval and route of an order: from the structure of its dosage, else from its words. Milligrams alone are
 * a dose; millilitres, ranges and other units are not read. Where structure and words disagree nothing is taken.
 */
export function readDraftedDose(order: JsonObject, medication: CodedText): DraftedDose {
  const dosages = asObjects(order['dosageInstruction']);
  // A name such as "Tecentriq 1200 mg/20 mL" is a product's strength; one with an interval is an instruction.
  const named = medication.texts.map(simplified).filter((text) => isOne(intervalInText(text)));
  const texts = dosages.flatMap((dosage) => asText(dosage['text']) ?? []).map(simplified);
  const words = texts.length > 0 ? texts : named;
  const dose = agreed<Dose>([...dosages.flatMap(dosesOf), ...words.flatMap(dosesInText)].toSorted(flatFirst), sameDose);
  const everyDays = agreed([...dosages.map(intervalOf), ...words.map(intervalInText)], isSame);
  const route = agreed(
    [
      ...dosages.map((dosage) => routeIn(readCodedText(dosage['route']).texts)),
      ...words.map((text) => routeIn([text])),
    ],
    isSame,
  );
  return {
    ...(isOne(dose) ? { dose } : {}),
    ...(isOne(everyDays) ? { everyDays } : {}),
    ...(isOne(route) ? { route } : {}),
  };
}

/** "1200 mg IV every 3 weeks", as far as it is known: in our own words. */
export function doseInWords({ dose, everyDays, route }: DraftedDose): string {
  const ways: Readonly<Record<Route, string>> = { intravenous: 'IV', subcutaneous: 'SC', oral: 'by mouth' };
  return [
    ...(dose === undefined ? [] : ['mg' in dose ? `${dose.mg} mg` : `${dose.mgPerKg} mg/kg`]),
    ...(route === undefined ? [] : [ways[route]]),
    ...(everyDays === undefined ? [] : [intervalInWords(everyDays)]),
  ].join(' ');
}

function intervalInWords(days: number): string {
  if (days === 1) return 'daily';
  if (days === 7) return 'every week';
  return days % 7 === 0 ? `every ${days / 7} weeks` : `every ${days} days`;
}

function isOne<Value>(said: Said<Value>): said is Value {
  return said !== undefined && said !== 'contradictory';
}

/** What was said, if it is one thing. */
function agreed<Value>(all: readonly Said<Value>[], same: (a: Value, b: Value) => boolean): Said<Value> {
  if (all.includes('contradictory')) return 'contradictory';
  const [first, ...others] = all.filter(isOne<Value>);
  return first === undefined || others.every((other) => same(first, other)) ? first : 'contradictory';
}

function isSame<Value>(a: Value, b: Value): boolean {
  return a === b;
}

/** A dose for each kilogram says how the other one was made up. */
function sameDose(a: Dose, b: Dose): boolean {
  if ('mg' in a && 'mg' in b) return Math.abs(a.mg - b.mg) <= SAME;
  return !('mgPerKg' in a && 'mgPerKg' in b) || Math.abs(a.mgPerKg - b.mgPerKg) <= SAME;
}

function flatFirst(a: Said<Dose>, b: Said<Dose>): number {
  return Number(isFlat(b)) - Number(isFlat(a));
}

function isFlat(said: Said<Dose>): boolean {
  return isOne(said) && 'mg' in said;
}

function dosesOf(dosage: JsonObject): readonly Said<Dose>[] {
  return asObjects(dosage['doseAndRate']).map((part) => {
    if (part['doseRange'] !== undefined) return 'contradictory';
    const quantity = asObject(part['doseQuantity']);
    return quantity === undefined ? undefined : (doseOfQuantity(quantity) ?? 'contradictory');
  });
}

/** Undefined for a unit other than milligrams, for bounds, and for what is no number. */
function doseOfQuantity(quantity: JsonObject): Dose | undefined {
  const value = quantity['value'];
  if (typeof value !== 'number' || !(value > 0 && value < MAX_DOSE) || quantity['comparator'] !== undefined)
    return undefined;
  const units = new Set(
    ['code', 'unit'].flatMap((member) => asText(quantity[member])?.trim().toLowerCase().replaceAll(' ', '') ?? []),
  );
  const [unit] = units;
  if (units.size !== 1) return undefined;
  if (unit === 'mg') return { mg: value };
  return unit === 'mg/kg' ? { mgPerKg: value } : undefined;
}

function dosesInText(text: string): readonly Said<Dose>[] {
  const plain = text.replaceAll(ASIDE, ' ');
  const perKg = [...plain.matchAll(MG_PER_KG)].map((match) => ({ mgPerKg: numberOf(match[1]) }));
  const flat = [...plain.matchAll(MG)].map((match) => ({ mg: numberOf(match[1]) }));
  return [...flat, ...perKg].map((dose) => {
    const value = 'mg' in dose ? dose.mg : dose.mgPerKg;
    return value > 0 && value < MAX_DOSE ? dose : 'contradictory';
  });
}

/** A comma groups thousands here; a full stop before three digits may as well, so that such a number is none. */
function numberOf(digits: string | undefined): number {
  if (digits === undefined || /\.\d{3}$/.test(digits)) return Number.NaN;
  return Number(digits.replaceAll(',', ''));
}

function intervalOf(dosage: JsonObject): Said<number> {
  const timing = asObject(dosage['timing']);
  const repeat = asObject(timing?.['repeat']);
  const coded = readCodedText(timing?.['code']);
  const said = [...coded.texts, ...coded.codings.map(({ code }) => code)].map((text) =>
    intervalInText(simplified(text)),
  );
  return agreed([intervalOfRepeat(repeat), ...said], isSame);
}

function intervalOfRepeat(repeat: JsonObject | undefined): Said<number> {
  if (repeat === undefined || repeat['period'] === undefined) return undefined;
  const { period, periodUnit, frequency = 1 } = repeat;
  const perUnit = DAYS_PER_UNIT.get(asText(periodUnit) ?? '');
  const isRange = repeat['periodMax'] !== undefined || repeat['frequencyMax'] !== undefined;
  const isPartial = isList(repeat['dayOfWeek']) || isList(repeat['timeOfDay']);
  if (typeof period !== 'number' || typeof frequency !== 'number' || perUnit === undefined || isRange || isPartial)
    return 'contradictory';
  const days = (period * perUnit) / frequency;
  const whole = Math.round(days * 1000) / 1000;
  return frequency >= 1 && days > 0 && days <= MAX_DAYS ? whole : 'contradictory';
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 1;
}

function intervalInText(text: string): Said<number> {
  if (IRREGULAR.test(text)) return 'contradictory';
  const days = new Set<number>();
  for (const [, count, unit = ''] of text.matchAll(EVERY)) {
    const times = count === undefined ? 1 : (COUNT_WORDS.get(count) ?? Number(count));
    days.add(unit.startsWith('w') ? times * 7 : times);
  }
  for (const [, ofDays, ofWeeks] of text.matchAll(CYCLE)) {
    if (ofWeeks !== undefined) days.add(Number(ofWeeks) * 7);
    else days.add(COUNT_WORDS.get(ofDays ?? '') ?? Number(ofDays));
  }
  if (days.size === 0 && DAILY.test(text)) days.add(1);
  if (days.size === 0 && WEEKLY.test(text)) days.add(7);
  const [first] = days;
  if (first === undefined) return undefined;
  return days.size === 1 && first > 0 && first <= MAX_DAYS ? first : 'contradictory';
}

function routeIn(texts: readonly string[]): Said<Route> {
  const lower = texts.map((text) => text.slice(0, MAX_TEXT).toLowerCase());
  const found = ROUTES.filter(({ word }) => lower.some((text) => word.test(text)));
  if (found.length > 1) return 'contradictory';
  return found[0]?.route;
}

/** Lower case, one space between words, and no longer than a text is read. */
function simplified(text: string): string {
  return text.slice(0, MAX_TEXT).toLowerCase().replaceAll(/\s+/g, ' ');
}
