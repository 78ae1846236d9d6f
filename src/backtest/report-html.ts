import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { templateEngine } from '../pages/template-engine.ts';
import { barPlot } from '../plots/bar-plot.ts';
import type { BacktestReport, CallsReport, DateReport, ExportReport } from './report-form.ts';
import { lossesOf } from './report-limits.ts';
import {
  cardsTable,
  counted,
  nothingUnread,
  number,
  patientsTable,
  problemsOf,
  type ReportTable,
  share,
  silentCards,
  unreadTable,
} from './report-words.ts';

const FOLDER = fileURLToPath(new URL('templates/', import.meta.url));
const STYLE = readFileSync(`${FOLDER}report.css`, 'utf8');
const engine = templateEngine(FOLDER);

/** The report as one file that needs nothing else: no script, no other address. All of it is counts unless it has ids. */
export function reportHtml(report: BacktestReport): string {
  const { export: exported, calls, ids } = report;
  return String(
    engine.renderFileSync('report', {
      report: { ...report, ids: ids ?? null },
      style: STYLE,
      styleHash: `sha256-${createHash('sha256').update(STYLE).digest('base64')}`,
      lines: number(exported.lines),
      patients: number(report.patients),
      patientsTable: patientsTable(report.dates),
      dates: report.dates.toReversed().map((date) => dateView(date, exported)),
      callsDays: calls === null ? null : counted(calls.days, 'day'),
      callsTable: calls === null ? null : callsTable(calls),
      callsPlot: calls === null ? null : callsPlot(calls),
      typesTable: typesTable(exported.resourcesByType),
      losses: lossesOf(exported),
      idsTable: idsTable(ids ?? {}),
    }),
  );
}

function dateView(date: DateReport, exported: ExportReport): object {
  const unread = unreadTable(date);
  return {
    date: date.date,
    evaluated: date.evaluated,
    plot: cardsPlot(date),
    cardsTable: cardsTable(date),
    cardsCaption: `Cards as of ${date.date}, by patients`,
    silent: silentCards(date).join(', '),
    hasUnread: unread.rows.length > 0,
    nothingUnread: nothingUnread(date, exported),
    unreadTable: unread,
    unreadCaption: `Parts of the chart as of ${date.date} that could not be read in full`,
    problems: problemsOf(date),
  };
}

function cardsPlot({ date, cards, evaluated }: DateReport): string | null {
  const bars = cards
    .filter(({ shown }) => shown > 0)
    .map(({ title, shown }) => ({
      label: title,
      value: shown,
      note: `${number(shown)} of ${number(evaluated)} (${share(shown, evaluated)})`,
    }));
  if (bars.length === 0) return null;
  return barPlot({
    title: `Patients with each card shown, as of ${date}`,
    description: `Of ${number(evaluated)} evaluated patients; the card shown most often comes first. The same numbers are in the table below.`,
    unit: 'patients',
    bars,
  });
}

function callsTable(calls: CallsReport): ReportTable {
  return {
    heads: ['Calls', 'number'],
    rows: [
      ['On half of the days at most', number(calls.median)],
      ['On 95 of 100 days at most', number(calls.p95)],
      ['On the busiest day', number(calls.max)],
      [`On all ${counted(calls.days, 'day')} together`, number(calls.total)],
      ['– for patients with ASPS', number(calls.ofPatients)],
      ['– for patients with a card on the latest date', number(calls.withCard)],
    ],
  };
}

function callsPlot({ median, p95, max, from, to }: CallsReport): string {
  return barPlot({
    title: `Calls of patient-view a day, ${from} to ${to}`,
    description: `Half of the days have at most ${number(median)} calls, 95 of 100 at most ${number(p95)}, the busiest ${number(max)}.`,
    unit: 'calls a day',
    bars: [
      { label: 'Half of the days, at most', value: median },
      { label: '95 of 100 days, at most', value: p95 },
      { label: 'The busiest day', value: max },
    ].map((bar) => ({ ...bar, note: number(bar.value) })),
  });
}

function typesTable(byType: BacktestReport['export']['resourcesByType']): ReportTable {
  return {
    heads: ['Type', 'lines'],
    rows: Object.entries(byType).map(([type, count]) => [type, number(count)]),
  };
}

function idsTable(ids: NonNullable<BacktestReport['ids']>): ReportTable {
  return {
    heads: ['Patient', 'as of', 'cards'],
    rows: Object.entries(ids).flatMap(([id, byDate]) =>
      Object.entries(byDate).map(([date, cards]) => [id, date, cards.length === 0 ? '–' : cards.join(', ')]),
    ),
  };
}
