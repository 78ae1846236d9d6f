import type { SearchParameter } from './definitions.ts';

/** A search as the repository takes it: names and values, and which part of what is found is asked for. */
export interface SearchQuery {
  /** What is searched by, and how the result is wanted; without the page. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** How many at a time. */
  readonly count: number;
  /** How many were told before. */
  readonly offset: number;
}

/** Reads what the client asks, or says why it is not answered. */
export type SearchReading =
  | { readonly kind: 'query'; readonly query: SearchQuery }
  | { readonly kind: 'refused'; readonly why: string };

/** What is understood of how the result is wanted. */
const RESULT_PARAMETERS: ReadonlySet<string> = new Set(['_sort', '_include', '_revinclude']);
/** May stand in any search (FHIR R4, 3.1.1.5) and change nothing here: all resources are JSON, whole, and counted. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['_format', '_pretty', '_elements', '_total']);
const MODIFIERS: Readonly<Record<'parameter' | 'include', readonly string[]>> = {
  parameter: ['not', 'missing'],
  include: ['iterate'],
};
const DEFAULT_COUNT = 20;
const MAX_COUNT = 1000;

/**
 * Reads the parameters of a search. Unknown ones are left out, as most servers do, unless the client asks for strictness
 * (`Prefer: handling=strict`); modifiers that are not known are refused in any case (FHIR R4, 3.1.1.4.5).
 */
export function readSearchQuery(
  asked: URLSearchParams,
  known: ReadonlyMap<string, SearchParameter>,
  { baseUrl, strict }: { readonly baseUrl: string; readonly strict: boolean },
): SearchReading {
  const parameters: [string, string][] = [];
  const unknown: string[] = [];
  let count = DEFAULT_COUNT;
  let offset = 0;
  for (const [name, value] of asked) {
    const [code = '', modifier] = name.split(/:(.*)/s, 2);
    const parameter = known.get(code.split('.', 1)[0] ?? '');
    if (code === '_count' || code === '_offset' || name === '_summary') {
      const number = name === '_summary' ? summaryCount(value, count) : wholeNumber(value);
      if (number === undefined) return { kind: 'refused', why: `${name} is not understood: ${value}` };
      if (code === '_offset') offset = number;
      else count = Math.min(number, MAX_COUNT);
    } else if (name === '_sort:desc') {
      // As before R4; the SMART launcher still writes it.
      parameters.push(['_sort', `-${value}`]);
    } else if (RESULT_PARAMETERS.has(code)) {
      if (!isUnderstood(modifier, 'include')) return unknownModifier(name);
      parameters.push([name, value]);
    } else if (parameter !== undefined) {
      const ofPatient = modifier === 'Patient' && parameter.type === 'reference';
      if (!ofPatient && !isUnderstood(modifier, 'parameter')) return unknownModifier(name);
      const isValue = parameter.type === 'reference' && modifier !== 'missing' && !code.includes('.');
      parameters.push([ofPatient ? code : name, isValue ? localReferences(value, baseUrl) : value]);
    } else if (!WITHOUT_EFFECT.has(code)) {
      unknown.push(name);
    }
  }
  if (strict && unknown.length > 0) {
    return { kind: 'refused', why: `Unknown search parameters: ${unknown.join(', ')}` };
  }
  return { kind: 'query', query: { parameters, count, offset } };
}

function isUnderstood(modifier: string | undefined, kind: keyof typeof MODIFIERS): boolean {
  return modifier === undefined || MODIFIERS[kind].includes(modifier);
}

function unknownModifier(name: string): SearchReading {
  return { kind: 'refused', why: `The modifier of ${name} is not supported` };
}

function wholeNumber(value: string): number | undefined {
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** `_summary=count` is the total alone; other summaries may be answered with whole resources (FHIR R4, 3.1.1.5.7). */
function summaryCount(value: string, count: number): number | undefined {
  if (value === 'count') return 0;
  return ['true', 'false', 'text', 'data'].includes(value) ? count : undefined;
}

/** References to this server's own resources, as they are stored. */
function localReferences(value: string, baseUrl: string): string {
  return value
    .split(',')
    .map((reference) => (reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference))
    .join(',');
}
