import type { Outcomes, Proportion } from './insights.ts';
import { wilsonInterval } from './wilson.ts';

/** Showings and what became of them. */
export interface OutcomeCounts {
  readonly showings: number;
  readonly accepted: number;
  readonly overridden: number;
}

export function proportion(count: number, of: number): Proportion {
  return { count, of, rate: of === 0 ? undefined : count / of, interval: wilsonInterval(count, of) };
}

/** Showings, and those of them that offered a suggestion. */
export interface ShowingCounts extends OutcomeCounts {
  readonly withSuggestion: OutcomeCounts;
}

/** Accepted and overridden are of those answered; no response is of all. */
export function outcomesOf(counts: readonly ShowingCounts[]): Outcomes {
  const shown = sum(counts.map(({ showings }) => showings));
  const accepted = sum(counts.map((count) => count.accepted));
  const overridden = sum(counts.map((count) => count.overridden));
  const answered = accepted + overridden;
  const suggested = counts.map(({ withSuggestion }) => withSuggestion);
  const suggestedOverridden = sum(suggested.map((count) => count.overridden));
  return {
    shown,
    accepted: proportion(accepted, answered),
    overridden: proportion(overridden, answered),
    noResponse: proportion(shown - answered, shown),
    withSuggestion: {
      shown: sum(suggested.map(({ showings }) => showings)),
      overridden: proportion(suggestedOverridden, suggestedOverridden + sum(suggested.map((count) => count.accepted))),
    },
  };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
