import { textTable } from '../terminal/text-table.ts';
import { wrap } from '../terminal/wrap-text.ts';
import { plainText } from './plain-text.ts';
import type { BacktestReport, DateReport, ExportReport } from './report-form.ts';
import { lossesOf } from './report-limits.ts';
import {
  counted,
  nothingUnread,
  number,
  patientsTable,
  problemsOf,
  type ReportTable,
  saysSomething,
  share,
  silentCards,
  unreadTable,
} from './report-words.ts';

const WIDTH = 100;

/** The report for a terminal: the numbers of the latest date, and what they do not say. */
export function reportText(report: BacktestReport, width = WIDTH): string {
  const { export: exported, calls } = report;
  const latest = report.dates.at(-1);
  const patients = patientsTable(report.dates);
  const losses = lossesOf(exported).flatMap((loss) => wrap(loss, width, ''));
  const parts = [
    ...(losses.length === 0 ? [] : [losses]),
    [
      `${number(exported.lines)} lines read, ${number(exported.unreadableLines)} unreadable.`,
      `${number(report.patients)} patients with ASPS, or suspected of it, on any day.`,
    ],
    textTable([patients.heads, ...patients.rows], width),
    ...(latest === undefined ? [] : dateParts(latest, exported, width)),
    calls === null
      ? ['Calls a day: the export has no Encounters to count.']
      : [
          `Calls a day, if every Encounter opened the chart once (${calls.from} to ${calls.to}, ${counted(calls.days, 'day')}):`,
          `  median ${number(calls.median)}, 95th percentile ${number(calls.p95)}, most ${number(calls.max)}`,
          `  in all ${number(calls.total)}, of which ${number(calls.ofPatients)} for patients with ASPS and ${number(calls.withCard)} with a card`,
        ],
    ['What these numbers do not say', ...report.limits.flatMap((limit) => bullet(limit, width))],
    ...(report.ids === undefined ? [] : [idLines(report.ids)]),
  ];
  return plainText(`${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

function dateParts(date: DateReport, exported: ExportReport, width: number): readonly (readonly string[])[] {
  const problems = problemsOf(date);
  const noted = problems.length === 0 ? [] : [problems];
  if (date.evaluated === 0) return [[`As of ${date.date} nobody was evaluated.`], ...noted];
  const silent = silentCards(date);
  const unread = unreadTable(date);
  return [
    [`Cards as of ${date.date}, of ${number(date.evaluated)} evaluated patients`, ...columns(briefTable(date), width)],
    ...(silent.length === 0 ? [] : [wrap(`For nobody: ${silent.join(', ')}.`, width, '')]),
    unread.rows.length === 0
      ? wrap(nothingUnread(date, exported), width, '')
      : ['What could not be read', ...columns(unread, width)],
    ...noted,
  ];
}

/** Cards by id: a terminal has no room for their titles and indicators, which the other forms of the report have. */
function briefTable({ cards, evaluated }: DateReport): ReportTable {
  return {
    heads: ['card', 'shown', 'of evaluated', 'beyond the limit', 'in shadow', 'not known'],
    rows: cards
      .filter(saysSomething)
      .map(({ card, version, shown, cut, shadow, undecided }) => [
        `${card} ${version}`,
        number(shown),
        share(shown, evaluated),
        ...[cut, shadow, undecided].map(number),
      ]),
  };
}

/** The name of a row is the longest: it comes last, where it is wrapped. */
function columns({ heads, rows }: ReportTable, width: number): readonly string[] {
  const nameLast = ([name = '', ...cells]: readonly string[]) => [...cells, name];
  return textTable([heads, ...rows].map(nameLast), width);
}

function bullet(text: string, width: number): readonly string[] {
  return wrap(`- ${text}`, width, '');
}

function idLines(ids: NonNullable<BacktestReport['ids']>): readonly string[] {
  return [
    'Patients, with the cards shown to them',
    ...Object.entries(ids).flatMap(([id, byDate]) =>
      Object.entries(byDate).map(([date, cards]) => `${id}  ${date}  ${cards.length === 0 ? '–' : cards.join(', ')}`),
    ),
  ];
}
