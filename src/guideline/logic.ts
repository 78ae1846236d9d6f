import type { Truth } from '../chart/fact.ts';

// Kleene's strong three-valued logic: a gap stays a gap unless the other operands settle the matter.

/** Conjunction: one *no* settles it; otherwise any *unknown* leaves it unknown. Of nothing: yes. */
export function allOf(truths: Iterable<Truth>): Truth {
  let result: Truth = 'yes';
  for (const truth of truths) {
    if (truth === 'no') return 'no';
    if (truth === 'unknown') result = 'unknown';
  }
  return result;
}

/** Disjunction: one *yes* settles it; otherwise any *unknown* leaves it unknown. Of nothing: no. */
export function anyOf(truths: Iterable<Truth>): Truth {
  let result: Truth = 'no';
  for (const truth of truths) {
    if (truth === 'yes') return 'yes';
    if (truth === 'unknown') result = 'unknown';
  }
  return result;
}

/** Negation: unknown stays unknown. */
export function not(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown';
  return truth === 'yes' ? 'no' : 'yes';
}

/** Not excluded: yes for *yes* and for *unknown*. Never itself unknown. */
export function possibly(truth: Truth): Truth {
  return truth === 'no' ? 'no' : 'yes';
}
