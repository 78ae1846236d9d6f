import { setImmediate } from 'node:timers/promises';
import { trendTableId } from '../feedback/insights/card-tables.ts';
import type { InsightsQuery, InsightsReport } from '../feedback/insights/insights.ts';
import { insightsTables } from '../feedback/insights/tables.ts';
import { FEWEST_ANSWERS, insightsPlots, trendFigure } from './insights-plots.ts';
import { queryString, WINDOWS, windowOf } from './insights-query.ts';
import { tableView } from './insights-table-view.ts';
import { renderPage } from './render.ts';

export interface InsightsViewOptions {
  /** How many days the window has. */
  readonly days: number;
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
  /** Can one sign out? Not where nobody had to sign in. */
  readonly canSignOut: boolean;
}

/** The parts of the page, and the tables in each. What is of no part is health. */
const OUTCOMES = ['cards', 'burden'];
const REASONS = ['reasons'];
const GROUPS = ['hooks', 'clients'];
const SHADOW = ['shadow'];
const COMMENTS = ['comments'];
const NOT_HEALTH = new Set([...OUTCOMES, ...REASONS, ...GROUPS, ...SHADOW, ...COMMENTS]);

/**
 * Everything that the page shows, from the same tables as the CSV files. Each table is made into HTML by itself, and others have
 * their turn before the next: a year of many cards takes some tenths of a second, for which no hook call is to wait.
 */
export async function insightsView(
  report: InsightsReport,
  { days, today, canSignOut }: InsightsViewOptions,
): Promise<object> {
  const { query, readAt, recordBegins, ofUnknownCards, choices } = report;
  const address = queryString(query);
  const plots = insightsPlots(report);
  const tables = insightsTables(report);
  const html = new Map<string, string>();
  for (const table of tables) {
    const csvUrl = `/insights/${encodeURIComponent(table.id)}.csv?${address}`;
    const view = { ...tableView(table, csvUrl), plot: plots.get(table.id) ?? false };
    html.set(table.id, renderPage('insights-table', { table: view }));
    // oxlint-disable-next-line no-await-in-loop -- what the loop is for
    await setImmediate();
  }
  const trends = new Set(report.trends.map(({ cardId }) => trendTableId(cardId)));
  const named = (ids: readonly string[]) => ids.flatMap((id) => html.get(id) ?? []);
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
    recordBegins: recordBegins !== undefined && recordBegins > query.from ? recordBegins : '',
    unit: report.trends[0]?.unit ?? 'week',
    fewestAnswers: FEWEST_ANSWERS,
    ofUnknownCards,
    flagged: report.cards
      .filter(({ isFlagged }) => isFlagged)
      .map(({ title, version, followedBy }) => ({ title, version, followedBy: followedBy ?? false })),
    outcomes: named(OUTCOMES),
    trends: report.trends.map((trend) => ({
      title: trend.title,
      table: html.get(trendTableId(trend.cardId)) ?? '',
      plot: trendFigure(trend, query),
    })),
    reasons: named(REASONS),
    groups: named(GROUPS),
    shadow: named(SHADOW),
    comments: named(COMMENTS),
    health: named(tables.map(({ id }) => id).filter((id) => !NOT_HEALTH.has(id) && !trends.has(id))),
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
