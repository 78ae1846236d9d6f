import type { Guideline } from '../guideline/guideline.ts';
import { PRIORITY_GROUPS, priorityGroup } from './words.ts';

/** The cards as lists show them: in their groups, and in the order in which clinicians see them. */
export function cardGroups({ cards, off }: Guideline, today: string): readonly object[] {
  return PRIORITY_GROUPS.map(({ name, about }) => ({
    name,
    about,
    cards: [...cards, ...off]
      .filter(({ file }) => priorityGroup(file.priority) === name)
      .map(({ file, state, hooks, indicators }) => ({
        id: file.id,
        title: file.title,
        hooks: [...hooks.keys()],
        indicators: [...new Set(indicators.map(({ level }) => level))],
        evidenceLevel: file.evidenceLevel,
        reviewed: file.reviewed,
        reviewDue: file.reviewDue,
        state,
        isOverdue: today > file.reviewDue,
      })),
  })).filter((group) => group.cards.length > 0);
}
