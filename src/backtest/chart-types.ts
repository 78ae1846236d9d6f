import { chartQueries } from '../chart/queries.ts';

const NO_CODES = { tokens: () => [] };

/** The resource types that a chart is made of, as the service asks for them. */
export const CHART_TYPES: ReadonlySet<string> = new Set(
  Object.values(chartQueries(NO_CODES)).map((query) => query.split(/[/?]/)[0] ?? ''),
);
