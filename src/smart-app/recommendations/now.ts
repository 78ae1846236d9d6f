import type { Outcome } from '../../guideline/assess.ts';

/** What a card comes to now, after a dash. */
export const NOW: Readonly<Record<Outcome, string>> = {
  applies: 'it applies',
  undecided: 'undecided as the chart stands',
  'not-met': 'it does not apply as the chart stands',
  'with-an-order': 'it is about an order',
  'in-shadow': 'tried out here',
  'switched-off': 'switched off here',
};
