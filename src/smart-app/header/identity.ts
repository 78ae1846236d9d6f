import { type DateInterval, type Day, dayOf, readDate, yearsSince } from '../../chart/calendar.ts';
import { inMonths, monthsUntil } from '../../chart/duration.ts';
import type { Evidence } from '../../chart/fact.ts';
import { asObjects, asText } from '../../chart/json.ts';
import type { JsonObject, Readings } from '../../chart/reading.ts';
import { evidence, resourcesOf } from '../../chart/resource.ts';
import { plainText } from '../../guideline/escape.ts';

/** By which name somebody goes, best first (FHIR R4, NameUse). */
const USES = ['usual', 'official'];
/** Under this many years an age is told in months. */
const MONTHS_BELOW = 2;

/** Who the patient is, in the words of the record; `undefined` is not recorded. */
export interface Identity {
  readonly name: string | undefined;
  /** As recorded, be it a year alone. */
  readonly born: string | undefined;
  /** Today, or at death. */
  readonly age: string | undefined;
  /** The administrative gender. */
  readonly sex: string | undefined;
  /** "2026-03-01", or that the day is not recorded; `undefined` where nothing says that the patient has died. */
  readonly died: string | undefined;
  readonly evidence: readonly Evidence[];
}

/** `undefined` as long as the patient record was not read. */
export function identityOf(readings: Readings, now: Date): Identity | undefined {
  const [patient] = resourcesOf(readings, 'patient', 'Patient');
  if (patient === undefined) return undefined;
  const name = nameOf(patient);
  const birth = readDate(patient['birthDate']);
  const death = readDate(patient['deceasedDateTime']);
  const hasDied = patient['deceasedBoolean'] === true || asText(patient['deceasedDateTime']) !== undefined;
  return {
    name,
    born: birth?.text,
    age: hasDied ? ageOn(birth, death?.end) : ageOn(birth, dayOf(now)),
    sex: textOf(patient['gender']),
    died: hasDied ? (death?.text ?? 'date not recorded') : undefined,
    evidence: [evidence(patient, 'patient', undefined, name)],
  };
}

function ageOn(birth: DateInterval | undefined, day: Day | undefined): string | undefined {
  if (birth === undefined || day === undefined || birth.start > day) return undefined;
  const { least, most } = yearsSince(birth, day);
  if (most < MONTHS_BELOW) return inMonths(monthsUntil(birth, day));
  const youngest = Math.max(least, 0);
  return youngest === most ? `${most} years` : `${youngest} to ${most} years`;
}

function nameOf(patient: JsonObject): string | undefined {
  const names = asObjects(patient['name']);
  const current = names.filter(({ use }) => use !== 'old');
  const best = USES.map((use) => current.find((name) => name['use'] === use)).find((name) => name !== undefined);
  const name = best ?? current[0] ?? names[0];
  if (name === undefined) return undefined;
  const parts = ['prefix', 'given', 'family', 'suffix'].flatMap((member) => textsOf(name[member]));
  return textOf(name['text']) ?? textOf(parts.join(' '));
}

function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => asText(one) ?? []);
}

function textOf(value: unknown): string | undefined {
  return asText(plainText(asText(value) ?? ''));
}
