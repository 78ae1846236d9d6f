import type { Chart } from '../../chart/chart.ts';
import type { Fact, Truth } from '../../chart/fact.ts';

/** One question that cards may ask of a chart. Documented, pure, and three-valued. */
export interface Criterion {
  readonly id: string;
  /** The question in words, for the evidence page and for whoever writes a card. */
  readonly question: string;
  /** The statements, derived facts or rules of the guideline that it rests on. */
  readonly basis: readonly string[];
  /** The value sets that decide it, by id; a class of drugs stands for the value sets of its drugs. For traceability. */
  readonly valueSets?: readonly string[];
  /** The longest figure it gives texts as its value; for the check of how long a summary can get. */
  readonly longestValue?: string;
  /** What it looks for, as a noun: "No record of {label} in …". */
  readonly label: string;
  /** Answers worth a line under "Based on". */
  readonly shows: readonly Truth[];
  /** Its evidence are the orders that a card argues with: named in its texts, removed by its suggestions. */
  readonly namesOrders?: true;
  /** The criterion without which there is nothing to ask: no progression under a drug that was never had. */
  readonly presupposes?: string;
  /** It asks about draft orders alone: where a chart is looked at without any, its no says nothing. */
  readonly asksDrafts?: true;
  readonly evaluate: (chart: Chart) => Fact;
}
