import { type CodedText, readCodedText } from './coding.ts';
import type { JsonObject, Readings } from './reading.ts';
import { resourcesOf } from './resource.ts';
import type { Terminology } from './terminology.ts';

/** What a concept says, and the value sets it belongs to: looked up once, asked many times. */
export interface Classified extends CodedText {
  readonly valueSets: readonly string[];
}

/** A Condition with its code read and classified. */
export interface ConditionRecord {
  readonly condition: JsonObject;
  readonly code: Classified;
}

export function classify(concept: CodedText, terminology: Terminology): Classified {
  return { codings: concept.codings, texts: concept.texts, valueSets: terminology.valueSetsOf(concept) };
}

/** Every Condition that was read, entered-in-error ones left out. */
export function readConditions(readings: Readings, terminology: Terminology): readonly ConditionRecord[] {
  return resourcesOf(readings, 'conditions', 'Condition').map((condition) => ({
    condition,
    code: classify(readCodedText(condition['code']), terminology),
  }));
}
