/** Bars that lie, one a row. */
export interface BarPlot {
  readonly title: string;
  /** What it shows, in a sentence, for those who do not see it. */
  readonly description: string;
  /** What the axis counts, as `patients` or `% of answered showings`. */
  readonly unit: string;
  readonly bars: readonly {
    readonly label: string;
    readonly value: number;
    /** A confidence interval, in the unit of the value. */
    readonly interval?: readonly [low: number, high: number] | undefined;
    /** Beside the bar, as `12 of 40`. */
    readonly note?: string;
  }[];
}

/** Rates over weeks or days. */
export interface TrendPlot {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  /** `YYYY-MM-DD`, UTC, both included. */
  readonly from: string;
  readonly to: string;
  /** The top of the axis; the largest value if undefined. */
  readonly max?: number;
  readonly series: readonly {
    readonly name: string;
    /** Undefined: nothing to show on that day. The line has a gap there. */
    readonly points: readonly { readonly day: string; readonly value: number | undefined }[];
  }[];
  /** Upright lines, such as the first day of a new version. */
  readonly marks: readonly { readonly day: string; readonly label: string }[];
}
