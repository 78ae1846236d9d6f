import { diagnose } from '../chart/asps.ts';
import { asObjects } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import { compileTerminology, type Terminology } from '../chart/terminology.ts';

/** Tells the Conditions that may make their patient one with ASPS. */
export interface AspsLines {
  /** Asked of the text of a line before it is parsed: true wherever `isFinding` may be. */
  readonly mayBe: (line: string) => boolean;
  /** As the service decides it, one Condition by itself: each of them counts by itself there as well. */
  readonly isFinding: (condition: JsonObject) => boolean;
}

/** A mention of the disease (`MENTION` in src/chart/asps-name.ts) has one of these in it. */
const WORDS = ['alveolar', 'asps'];
/** ASCII in JSON escapes, which may hide a word or a code. */
const ESCAPED = '\\\\u00[0-7]';
/** As it is, it stands in JSON as it is. */
const AS_IT_IS = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

/** @param valueSets those of the guideline, with what a site's overlay adds; of them the ones that name the disease are used */
export function createAspsLines(valueSets: readonly JsonObject[]): AspsLines {
  const own = valueSets.filter(({ id }) => id === 'asps' || id === 'asps-cpt');
  const terminology = compileTerminology(own, []);
  const mayBe = quickLook(own, terminology);
  return {
    mayBe,
    isFinding: (condition) => diagnose([condition], terminology).certainty !== 'absent',
  };
}

function quickLook(valueSets: readonly JsonObject[], terminology: Terminology): (line: string) => boolean {
  const codes = terminology.tokens('asps').map((token) => token.slice(token.lastIndexOf('|') + 1));
  // What a pattern takes in cannot be looked for by letters, and what is beyond ASCII may be escaped in other ways.
  if (hasPattern(valueSets) || !codes.every((code) => AS_IT_IS.test(code))) return () => true;
  const literal = codes.map((code) => code.replaceAll(SPECIAL, '\\$&').replaceAll('\\/', '\\\\?\\/'));
  const words = new RegExp([...WORDS, ...literal, ESCAPED].join('|'), 'i');
  return (line) => words.test(line);
}

function hasPattern(valueSets: readonly JsonObject[]): boolean {
  return valueSets
    .flatMap(({ compose }) => asObjects(compose))
    .flatMap(({ include }) => asObjects(include))
    .some(({ filter }) => asObjects(filter).length > 0);
}
