import type { Guideline } from '../guideline/guideline.ts';
import { dayText, readDay } from './as-of.ts';
import { callsByDay, callsYear, percentile } from './calls-year.ts';
import { CHART_TYPES } from './chart-types.ts';
import type { ExportSummary } from './export-summary.ts';
import { type CardFindings, EMPTY_CARD, EMPTY_DATE, type Findings } from './findings.ts';
import type { BacktestReport, CallsReport, CardReport, DateReport } from './report-form.ts';
import { reportLimits } from './report-limits.ts';

export interface ReportOptions {
  readonly guideline: Guideline;
  /** The dates that the charts were looked at, `YYYY-MM-DD`. */
  readonly asOf: readonly string[];
  /** The day of the run, `YYYY-MM-DD`, UTC. */
  readonly today: string;
  /** Shown at once at most; 0 is no limit. */
  readonly maxCards: number;
  /** Conditions that say ASPS and name no patient of the export. */
  readonly conditionsWithoutPatient?: number;
  /** Orders, doses or statements of the patients refer to Medications. */
  readonly refersToMedications?: boolean;
}

/** The report of a whole run. */
export function reportOf(summary: ExportSummary, findings: Findings, options: ReportOptions): BacktestReport {
  const { guideline, today, maxCards, conditionsWithoutPatient = 0, refersToMedications = false } = options;
  const askedAbout = [...CHART_TYPES, ...(refersToMedications ? ['Medication'] : [])];
  const { encountersByDay, ...exported } = summary;
  const report = {
    report: 'asps-cds-backtest',
    formatVersion: 1,
    day: today,
    guideline: {
      name: guideline.file.name,
      version: guideline.file.version,
      overlays: guideline.overlays.length,
    },
    hook: 'patient-view',
    maxCards,
    export: {
      ...exported,
      resourcesByType: Object.fromEntries(Object.entries(exported.resourcesByType).toSorted(byName)),
      notExported: askedAbout.filter((type) => !Object.hasOwn(exported.resourcesByType, type)).toSorted(),
      conditionsWithoutPatient,
    },
    patients: findings.patients,
    undatedResources: findings.undatedResources,
    dates: [...new Set(options.asOf)].toSorted().map((date) => dateReport(date, findings, guideline)),
    calls: callsReport(encountersByDay, findings, today),
    ...(Object.keys(findings.ids).length === 0
      ? {}
      : { ids: Object.fromEntries(Object.entries(findings.ids).toSorted(byName)) }),
  } as const;
  return { ...report, limits: reportLimits(report) };
}

function dateReport(date: string, { byDate }: Findings, guideline: Guideline): DateReport {
  const { cards, unreadKeys, ...counts } = byDate[date] ?? EMPTY_DATE;
  return {
    date,
    ...counts,
    evaluated: counts.established + counts.suspected - counts.deceased,
    cards: cardReports(cards, guideline),
    unread: Object.entries(unreadKeys)
      .map(([key, patients]) => ({ key, patients }))
      .toSorted((a, b) => b.patients - a.patients || (a.key < b.key ? -1 : 1)),
  };
}

function cardReports(found: Readonly<Record<string, CardFindings>>, guideline: Guideline): readonly CardReport[] {
  const files = guideline.cards.filter(({ hooks }) => hooks.has('patient-view')).map(({ file }) => file);
  const titles = new Map(files.map(({ id, title }) => [id, title]));
  const known = files.map(({ id, version }) => `${id}@${version}`);
  return [...new Set([...known, ...Object.keys(found)])]
    .map((name) => {
      const [card = '', version = ''] = name.split('@');
      return { card, version, title: titles.get(card) ?? card, ...(found[name] ?? EMPTY_CARD) };
    })
    .toSorted((a, b) => b.shown - a.shown || b.shadow - a.shadow || b.cut - a.cut || b.undecided - a.undecided);
}

function callsReport(
  encountersByDay: ExportSummary['encountersByDay'],
  { encounters }: Findings,
  today: string,
): CallsReport | null {
  const year = callsYear(encountersByDay, readDay(today) ?? Infinity);
  if (year === undefined) return null;
  const calls = callsByDay(encountersByDay, year);
  return {
    from: dayText(year.from),
    to: dayText(year.to),
    days: calls.length,
    total: calls.reduce((sum, count) => sum + count, 0),
    median: percentile(calls, 50),
    p95: percentile(calls, 95),
    max: percentile(calls, 100),
    ...encounters,
  };
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
