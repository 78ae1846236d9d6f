import { asObject, asObjects, asText } from '../../chart/json.ts';
import type { JsonObject } from '../../chart/reading.ts';
import { plainText } from '../../guideline/escape.ts';

/** Longer texts are cut by whoever shows them; no more than this is looked through. */
const MAX_TEXT = 2000;

/** What people call the code systems of FHIR; of others the last part of the address. */
const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['http://snomed.info/sct', 'SNOMED CT'],
  ['http://loinc.org', 'LOINC'],
  ['http://www.nlm.nih.gov/research/umls/rxnorm', 'RxNorm'],
  ['http://hl7.org/fhir/sid/icd-10-cm', 'ICD-10-CM'],
  ['http://hl7.org/fhir/sid/icd-10', 'ICD-10'],
  ['http://terminology.hl7.org/CodeSystem/icd-o-3', 'ICD-O-3'],
]);

/**
 * What a value says in a line or a few: a primitive, or one of FHIR's small datatypes. Undefined: it has members that stand for
 * themselves.
 */
export function valueLines(value: unknown): readonly string[] | undefined {
  const lines = linesOf(value)
    ?.map((line) => plainText(line.slice(0, MAX_TEXT)))
    .filter((line) => line !== '');
  return lines?.length === 0 ? ['empty'] : lines;
}

function linesOf(value: unknown): readonly string[] | undefined {
  if (value === null || value === undefined) return ['null'];
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (Array.isArray(value)) return value.length === 0 ? [] : undefined;
  const object = asObject(value) ?? {};
  if (Object.keys(object).length === 0) return [];
  return Array.isArray(object['coding']) ? conceptLines(object) : smallType(object);
}

/** CodeableConcept. */
function conceptLines(concept: JsonObject): readonly string[] {
  const text = asText(concept['text']);
  return [...(text === undefined ? [] : [text]), ...asObjects(concept['coding']).map(codingLine)];
}

function codingLine({ display, code, system }: JsonObject): string {
  const words = asText(display);
  const address = asText(system)?.slice(0, MAX_TEXT);
  const name = address === undefined ? undefined : (SYSTEMS.get(address) ?? address.split('/').at(-1));
  const coded = asText(code);
  if (words === undefined) return name === undefined ? (coded ?? '') : `${coded ?? 'no code'} (${name})`;
  const behind = [name, coded].filter((part) => part !== undefined).join(' ');
  return behind === '' ? words : `${words} (${behind})`;
}

/** Reference, Period, Quantity, Coding, and what is a text alone. */
function smallType(object: JsonObject): readonly string[] | undefined {
  const of = (name: string) => said(object[name]);
  if (isOnly(object, ['text'])) return [of('text')];
  if (isOnly(object, ['reference', 'display', 'type']))
    return [[of('display'), of('reference')].filter((part) => part !== '').join(' – ')];
  if (isOnly(object, ['start', 'end'])) return [`${of('start') || 'not said'} to ${of('end') || 'not said'}`];
  if (typeof object['value'] === 'number' && isOnly(object, ['value', 'unit', 'system', 'code', 'comparator']))
    return [`${of('comparator')}${of('value')} ${of('unit') || of('code')}`];
  if (isOnly(object, ['system', 'code', 'display', 'version', 'userSelected'])) return [codingLine(object)];
  return undefined;
}

function isOnly(object: JsonObject, names: readonly string[]): boolean {
  return Object.keys(object).every((name) => names.includes(name) && typeof object[name] !== 'object');
}

function said(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
