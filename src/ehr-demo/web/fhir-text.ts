import { isJsonObject } from '../../cds-hooks/json.ts';
import type { PatientStore } from '../patient-store.ts';

/** Longer texts are cut: a row of a chart has to stay readable. */
const MAX_TEXT = 400;

/** A member of a JSON object; undefined of anything else. */
export function member(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The items of a list; none of anything else. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that says something, else undefined. */
export function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = value.trim();
  if (line === '') return undefined;
  // A character of two UTF-16 units is not cut in half.
  return line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What a CodeableConcept says: its text, else the first display, else the first code. */
export function conceptText(concept: unknown): string | undefined {
  const codings = items(member(concept, 'coding'));
  const first = (name: string) =>
    codings.map((coding) => text(member(coding, name))).find((found) => found !== undefined);
  return text(member(concept, 'text')) ?? first('display') ?? first('code');
}

/** The first code of a CodeableConcept, as statuses have one. */
export function conceptCode(concept: unknown): string | undefined {
  return text(member(items(member(concept, 'coding'))[0], 'code')) ?? conceptText(concept);
}

/** The texts of several CodeableConcepts, annotations or doses, in a line. */
export function joined(values: readonly (string | undefined)[], separator = ', '): string | undefined {
  const told = values.filter((value) => value !== undefined);
  return told.length > 0 ? told.join(separator) : undefined;
}

/** The day of a FHIR date, dateTime or Period, as it was written: no time zone moves it. */
export function dayOf(value: unknown): string | undefined {
  const written = text(value);
  if (written !== undefined) return /^\d{4}(?:-\d{2}(?:-\d{2})?)?(?=T|$)/.exec(written)?.[0] ?? written;
  const [start, end] = [text(member(value, 'start')), text(member(value, 'end'))];
  if (start === undefined) return end === undefined ? undefined : `until ${dayOf(end)}`;
  return end === undefined ? `since ${dayOf(start)}` : `${dayOf(start)} to ${dayOf(end)}`;
}

/** What is ordered, given or taken: by its own words, by a Medication of the chart, or by one inside of the resource. */
export function medicationText(resource: unknown, chart: PatientStore): string | undefined {
  const reference = member(resource, 'medicationReference');
  const target = text(member(reference, 'reference'));
  const inside = items(member(resource, 'contained')).find((one) => `#${text(member(one, 'id'))}` === target);
  const medication = inside ?? (target === undefined ? undefined : chart.byReference(target));
  return (
    conceptText(member(resource, 'medicationCodeableConcept')) ??
    conceptText(member(medication, 'code')) ??
    text(member(reference, 'display'))
  );
}

/** An amount with its unit, such as `28 kg`. */
export function quantityText(quantity: unknown): string | undefined {
  const value = member(quantity, 'value');
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  return joined([text(String(value)), text(member(quantity, 'unit')) ?? text(member(quantity, 'code'))], ' ');
}
