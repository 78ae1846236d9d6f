import { canonicalSystem } from '../chart/coding.ts';
import { asObject, asObjects, asText } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';

/** The table, in the cards folder. */
export const VERIFIED_CODES = 'verified-codes.tsv';

/** Where a code and its display were found together. */
export interface VerifiedCode {
  readonly grade: 'A' | 'B' | 'C';
  readonly source: string;
  readonly display?: string;
}

const CPT = 'http://www.ama-assn.org/go/cpt';
const COMMENT = 'http://hl7.org/fhir/StructureDefinition/valueset-concept-comments';
const SECOND_SOURCE = /^Second source: .*\S/;

/** The table by `system|code`. Throws an Error that names the first line that is none. */
export function parseVerifiedCodes(text: string): ReadonlyMap<string, VerifiedCode> {
  const codes = new Map<string, VerifiedCode>();
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [system = '', code = '', grade, source = '', display, ...more] = line.split('\t');
    const fault = (what: string) => new Error(`${VERIFIED_CODES}:${at + 1}: ${what}`);
    if (grade !== 'A' && grade !== 'B' && grade !== 'C') throw fault('there is no such grade');
    if (!URL.canParse(system) || code === '' || source === '' || more.length > 0) throw fault('a column is missing');
    if (system === CPT && display !== undefined) throw fault('CPT stands without descriptors');
    const key = `${canonicalSystem(system)}|${code}`;
    if (codes.has(key)) throw fault(`${key} is there twice`);
    codes.set(key, { grade, source, ...(display === undefined ? {} : { display }) });
  }
  return codes;
}

/** The codes of a ValueSet that stand neither in the table nor name a second source. */
export function unverifiedCodes(valueSet: JsonObject, verified: ReadonlyMap<string, VerifiedCode>): readonly string[] {
  const includes = asObjects(valueSet['compose']).flatMap((compose) => asObjects(compose['include']));
  return includes.flatMap((include) => {
    const system = canonicalSystem(asText(include['system']) ?? '');
    return asObjects(include['concept']).flatMap((concept) => {
      const key = `${system}|${asText(concept['code']) ?? ''}`;
      return verified.has(key) || namesSecondSource(concept) ? [] : [key];
    });
  });
}

/** A pattern is no code that could be looked up: what it is for stands in the description. */
export function hasPatternWithoutDescription(valueSet: JsonObject): boolean {
  const includes = asObjects(valueSet['compose']).flatMap((compose) => asObjects(compose['include']));
  const patterns = includes.some((include) => asObjects(include['filter']).length > 0);
  return patterns && (asText(valueSet['description']) ?? '').trim() === '';
}

/** Every coding of a resource, wherever it stands in it, as `system|code`. */
export function codingsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(codingsOf);
  const object = asObject(value);
  if (object === undefined) return [];
  const own = asObjects(object['coding']).map(
    (coding) => `${canonicalSystem(asText(coding['system']) ?? '')}|${asText(coding['code']) ?? ''}`,
  );
  return [...own, ...Object.values(object).flatMap(codingsOf)];
}

/** The codes of a ValueSet whose comment names a second source. */
export function secondSourceCodes(valueSet: JsonObject): readonly string[] {
  const includes = asObjects(valueSet['compose']).flatMap((compose) => asObjects(compose['include']));
  return includes.flatMap((include) =>
    asObjects(include['concept'])
      .filter(namesSecondSource)
      .map((concept) => `${canonicalSystem(asText(include['system']) ?? '')}|${asText(concept['code']) ?? ''}`),
  );
}

function namesSecondSource(concept: JsonObject): boolean {
  const comments = asObjects(concept['extension']).filter(({ url }) => url === COMMENT);
  return comments.some((comment) => SECOND_SOURCE.test(asText(comment['valueString']) ?? ''));
}
