import type { ExportSummary } from './export-summary.ts';
import type { CardFindings, CardsByDate } from './findings.ts';

/** What the cards would have said. Counts alone, but for `ids`; this is what `--json` writes, and all that a page shows. */
export interface BacktestReport {
  readonly report: 'asps-cds-backtest';
  /** Of this form: a number is taken away or changes its meaning only with the next one. */
  readonly formatVersion: 1;
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly guideline: { readonly name: string; readonly version: string; readonly overlays: number };
  readonly hook: 'patient-view';
  readonly maxCards: number;
  readonly export: ExportReport;
  /** Whose Conditions say ASPS, or that it is suspected, on any day. */
  readonly patients: number;
  readonly undatedResources: number;
  /** Oldest first. */
  readonly dates: readonly DateReport[];
  /** Null: no Encounter of the export has begun by today. */
  readonly calls: CallsReport | null;
  /** What the numbers do not say, a sentence each. */
  readonly limits: readonly string[];
  /** Only where ids were asked for: the cards shown to each patient on each date. */
  readonly ids?: Readonly<Record<string, CardsByDate>>;
}

export interface ExportReport extends Omit<ExportSummary, 'encountersByDay'> {
  /**
   * Types that the cards ask about and of which there is no line: not read, which is not the same as empty. Medication only if the
   * patients' orders, doses or statements refer to any.
   */
  readonly notExported: readonly string[];
  readonly conditionsWithoutPatient: number;
}

export interface DateReport {
  readonly date: string;
  readonly established: number;
  readonly suspected: number;
  readonly absent: number;
  readonly unanswered: number;
  readonly failed: number;
  readonly deceased: number;
  /** Established or suspected, and alive: whom a card could be shown for. The denominator of what follows. */
  readonly evaluated: number;
  readonly withCard: number;
  readonly skippedResources: number;
  /** Every card of this hook, most often shown first, those never shown included. */
  readonly cards: readonly CardReport[];
  /** Parts of the chart that could not be read in full, and of how many patients; `medications` as in `DateFindings`. */
  readonly unread: readonly { readonly key: string; readonly patients: number }[];
}

export interface CardReport extends CardFindings {
  readonly card: string;
  readonly version: string;
  readonly title: string;
}

/** Calls of patient-view a day, if every Encounter opened the chart once. */
export interface CallsReport {
  readonly from: string;
  readonly to: string;
  /** Both included: 364, or from the first Encounter on if the export begins later. */
  readonly days: number;
  readonly total: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  /** On all of these days: calls for patients with ASPS, and for those with a card shown on the latest date. */
  readonly ofPatients: number;
  readonly withCard: number;
}
