import { trendTableId } from '../feedback/insights/card-tables.ts';
import type { InsightsQuery, InsightsReport } from '../feedback/insights/insights.ts';
import { type InsightsTable, insightsTables } from '../feedback/insights/tables.ts';
import { insightsPlots, trendFigure } from './insights-plots.ts';
import { queryString, WINDOWS, windowOf } from './insights-query.ts';
import { tableView } from './insights-table-view.ts';

export interface InsightsViewOptions {
  /** How many days the window has. */
  readonly days: number;
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
  /** Can one sign out? Not where nobody had to sign in. */
  readonly canSignOut: boolean;
}

/** The parts of the page, and the tables in each. What is of no part is health. */
const OUTCOMES = ['cards'];
const REASONS = ['reasons'];
const GROUPS = ['hooks', 'clients'];
const SHADOW = ['shadow'];
const COMMENTS = ['comments'];
const NOT_HEALTH = new Set([...OUTCOMES, ...REASONS, ...GROUPS, ...SHADOW, ...COMMENTS]);

/** Everything that the page shows, from the same tables as the CSV files. */
export function insightsView(report: InsightsReport, { days, today, canSignOut }: InsightsViewOptions): object {
  const { query, readAt, ofUnknownCards, choices } = report;
  const address = queryString(query);
  const plots = insightsPlots(report);
  const tables = insightsTables(report);
  const viewOf = (table: InsightsTable) => ({
    ...tableView(table, `/insights/${encodeURIComponent(table.id)}.csv?${address}`),
    plot: plots.get(table.id) ?? false,
  });
  const trends = new Map(report.trends.map((trend) => [trendTableId(trend.cardId), trend]));
  const named = (ids: readonly string[]) => tables.filter(({ id }) => ids.includes(id)).map(viewOf);
  const [cards] = report.cards;
  return {
    title: 'Insights',
    query: '',
    window: query,
    days,
    today,
    readAt: readAt.slice(0, 16).replace('T', ' '),
    canSignOut,
    hasAny: cards !== undefined,
    windows: WINDOWS.map((each) => windowLink(each, query, today)),
    clients: choices.clients.map((name) => ({ name, isChosen: name === query.client })),
    services: choices.services.map((name) => ({ name, isChosen: name === query.service })),
    client: query.client ?? '',
    service: query.service ?? '',
    ofUnknownCards,
    flagged: report.cards.filter(({ isFlagged }) => isFlagged).map(({ title, version }) => ({ title, version })),
    outcomes: named(OUTCOMES),
    trends: tables.flatMap((table) => {
      const trend = trends.get(table.id);
      return trend === undefined ? [] : [{ title: trend.title, table: viewOf(table), plot: trendFigure(trend, query) }];
    }),
    reasons: named(REASONS),
    groups: named(GROUPS),
    shadow: named(SHADOW),
    comments: named(COMMENTS),
    health: tables.filter(({ id }) => !NOT_HEALTH.has(id) && !trends.has(id)).map(viewOf),
  };
}

function windowLink(days: number, query: InsightsQuery, today: string): object {
  const window = windowOf(days, today);
  const { client, service } = query;
  const parameters = Object.entries({ days: String(days), client, service }).filter(([, value]) => value !== undefined);
  return {
    days,
    url: `/insights?${new URLSearchParams(parameters.map(([name, value]) => [name, value ?? '']))}`,
    isCurrent: window.from === query.from && window.to === query.to,
  };
}
