import { asText } from './json.ts';
import type { JsonObject } from './reading.ts';

/** The primary cancers on file, by the ids of their Conditions. */
export interface Primaries {
  readonly asps: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
  /** Is one of the others active? */
  readonly anotherActive: boolean;
}

/** Whose a finding is: the ASPS's, another cancer's, or – another is active and nothing says – open (rule 5). */
export type Attribution = 'asps' | 'other' | 'open';

/** By the Condition that the finding names, if it names one. */
export function attribute(conditionId: string | undefined, { asps, others, anotherActive }: Primaries): Attribution {
  if (conditionId !== undefined && asps.has(conditionId)) return 'asps';
  if (conditionId !== undefined && others.has(conditionId)) return 'other';
  return anotherActive ? 'open' : 'asps';
}

export function idsOf(conditions: readonly JsonObject[]): ReadonlySet<string> {
  return new Set(conditions.flatMap((condition) => asText(condition['id']) ?? []));
}
