/** What a cell holds, as it is shown: a count, or text such as `30` percent, `<1`, or `–` where there is nothing to divide by. */
export type Cell = string | number;

export interface InsightsColumn {
  readonly id: string;
  readonly label: string;
  /** A heading that it shares with its neighbours, as `Accepted, of those answered` over `n`, `%`, `from`, `to`. */
  readonly group: string | undefined;
  readonly isNumeric: boolean;
}

/** A table as it stands on the page and in its CSV file: the same cells in both, by construction. */
export interface InsightsTable {
  /** One word of letters, digits, dots and hyphens: the name of its CSV file. */
  readonly id: string;
  readonly caption: string;
  /** What is counted, and of what, in words. */
  readonly denominators: string;
  readonly columns: readonly InsightsColumn[];
  readonly rows: readonly (readonly Cell[])[];
}
