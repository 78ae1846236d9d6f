import { createHash } from 'node:crypto';
import type { EvaluationSetting } from './worker-pool.ts';

/** Tells evaluations apart that ask for something else: twelve hexadecimal digits, for the name of a folder. */
export function evaluationDigest({ asOf, maxCards, ids }: EvaluationSetting): string {
  return createHash('sha256').update(JSON.stringify({ asOf, maxCards, ids })).digest('hex').slice(0, 12);
}
