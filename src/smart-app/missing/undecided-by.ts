import type { Assessment } from '../../guideline/assess.ts';
import { inTheWay } from '../../guideline/assess-condition.ts';

/** Titles of the cards that each unknown criterion keeps undecided, by the criterion's id. */
export function undecidedBy(assessments: readonly Assessment[]): ReadonlyMap<string, readonly string[]> {
  const titles = new Map<string, string[]>();
  for (const { card, outcome, condition } of assessments) {
    if (outcome !== 'undecided') continue;
    for (const { criterion } of inTheWay(condition)) {
      titles.set(criterion.id, [...(titles.get(criterion.id) ?? []), card.file.title]);
    }
  }
  return titles;
}
