import type { Chart } from '../chart/chart.ts';
import type { Readings, ResourceKey } from '../chart/reading.ts';
import type { Guideline } from '../guideline/guideline.ts';

/** What the panels show: one patient with ASPS, or suspected of it, as far as the chart has been read. Made anew with each part read. */
export interface Situation {
  readonly guideline: Guideline;
  /** Of what has been read so far: a part that is pending counts as unread, so that its facts are unknown. */
  readonly chart: Chart;
  readonly readings: Readings;
  /** Still being read: what rests on them may yet change. Empty once all has been read or given up. */
  readonly pending: ReadonlySet<ResourceKey>;
  /** What the server said where a part could not be read, or not to its end. */
  readonly answers: ReadonlyMap<ResourceKey, ServerAnswer>;
  /** How many records were left out: another patient's, of another type than was asked for, or no records at all. */
  readonly skipped: number;
  /** Id of the card that the app was launched from, if the EHR said so and the guideline has it. */
  readonly openedFrom: string | undefined;
  /** The moment that the chart was opened at. */
  readonly now: Date;
}

/** Why a part of the chart is missing, in the server's own terms. */
export interface ServerAnswer {
  /** The HTTP status; undefined if nothing came. */
  readonly status: number | undefined;
  /** What the OperationOutcome or the status line said, one line of chart text; or our words for silence. */
  readonly says: string;
}
