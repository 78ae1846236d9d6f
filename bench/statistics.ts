/** One round of one server on one body. */
export type Round = {
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
};

/** A round of the service and the round of the bare app next to it in time. */
export type Pair = { readonly service: Round; readonly bare: Round };

/** Median, least and greatest of some measurements. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number };

/** The spread of at least one value. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new RangeError('nothing was measured');
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return { median: middle.reduce((sum, value) => sum + value, 0) / middle.length, min, max };
}

/** CPU time per request of the service over that of the bare app, pair by pair, so that a slow moment hits both. */
export function cpuRatios(pairs: readonly Pair[]): Spread {
  return spread(pairs.map(({ service, bare }) => service.cpuMicroseconds / bare.cpuMicroseconds));
}

/** The medians of all rounds of one server. */
export function typicalRound(rounds: readonly Round[]): Round {
  const median = (member: keyof Round) => spread(rounds.map((round) => round[member])).median;
  return {
    cpuMicroseconds: median('cpuMicroseconds'),
    requestsPerSecond: median('requestsPerSecond'),
    p50: median('p50'),
    p99: median('p99'),
  };
}

/** Columns as wide as their longest cell, numbers to the right; reads as Markdown too. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? `:${'-'.repeat(width + 1)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [head = [], ...body] = rows;
  return [line(head), rule, ...body.map(line)].join('\n');
}
