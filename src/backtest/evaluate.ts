import type { Day } from '../chart/calendar.ts';
import { buildChart, diagnoseFrom } from '../chart/chart.ts';
import { chartQueries } from '../chart/queries.ts';
import { type JsonObject, RESOURCE_KEYS, type Reading, type Readings, type ResourceKey } from '../chart/reading.ts';
import { openChartSource } from '../fhir/chart-source.ts';
import { answersOf } from '../guideline/answers.ts';
import { truthOn } from '../guideline/condition.ts';
import type { Guideline } from '../guideline/guideline.ts';
import { recommend } from '../guideline/recommend.ts';
import type { Recommendation } from '../guideline/recommendation.ts';
import { dayText, isUndated, knownOn, readDay } from './as-of.ts';
import { type CallsYear, callsYear } from './calls-year.ts';
import { encounterDay } from './encounter-day.ts';
import { prefetchOf } from './evaluate-prefetch.ts';
import type { ExportSummary } from './export-summary.ts';
import { type CardFindings, type DateFindings, EMPTY_CARD, EMPTY_DATE, type Findings } from './findings.ts';
import { MEDICATIONS, missesMedications } from './missing-medications.ts';
import type { PatientRecord } from './patient-record.ts';

const HOOK = 'patient-view';
/** As FHIR has its days: the first instant of one. */
const MS_PER_DAY = 86_400_000;

export interface EvaluationOptions {
  readonly guideline: Guideline;
  /** `YYYY-MM-DD`, UTC, as the dates on which the charts are looked at. */
  readonly asOf: readonly string[];
  /** `YYYY-MM-DD`, UTC: the day of the run, one for all of it. */
  readonly today: string;
  /** At most so many cards at once, as MAX_CARDS; 0 is no limit. */
  readonly maxCards: number;
  /** Of the whole export: it says what was exported at all. */
  readonly summary: ExportSummary;
  /** Name the patients in the findings. */
  readonly withIds: boolean;
}

/** What the service, called with all that the export holds of a patient, answers on patient-view, in counts. */
export type PatientEvaluator = (record: PatientRecord) => Promise<Findings>;

/**
 * The evaluator for a run. It never rejects on account of what stands in a record: what breaks off is counted.
 *
 * @throws {Error} if a date is none.
 */
export function patientEvaluator(options: EvaluationOptions): PatientEvaluator {
  const { guideline, summary, withIds } = options;
  const today = dayOf(options.today);
  const dates = [...new Set(options.asOf)].toSorted().map(dayOf);
  const exportedTypes = new Set(Object.keys(summary.resourcesByType));
  const queries = chartQueries(guideline.terminology);
  const year = callsYear(summary.encountersByDay, today);
  const run: Run = { ...options, exportedTypes, queries };

  return async ({ id, resources: record }) => {
    const looked: (readonly [string, Look])[] = [];
    for (const day of dates) {
      // oxlint-disable-next-line no-await-in-loop -- one chart at a time: memory stays that of one
      looked.push([dayText(day), await lookOn(day, id, knownOn(record, day, today), run)]);
    }
    const encounters = encountersIn(year, record);
    return {
      patients: 1,
      undatedResources: record.filter(isUndated).length,
      encounters: { ofPatients: encounters, withCard: looked.at(-1)?.[1].findings.withCard === 1 ? encounters : 0 },
      byDate: Object.fromEntries(looked.map(([date, { findings }]) => [date, findings])),
      ids: withIds
        ? Object.fromEntries([[id, Object.fromEntries(looked.map(([date, { shown }]) => [date, shown]))]])
        : {},
    };
  };
}

interface Run extends EvaluationOptions {
  readonly exportedTypes: ReadonlySet<string>;
  readonly queries: Readonly<Record<ResourceKey, string>>;
}

/** One chart on one day. */
interface Look {
  readonly findings: DateFindings;
  /** Card and version. */
  readonly shown: readonly string[];
}

async function lookOn(day: Day, patientId: string, resources: readonly JsonObject[], run: Run): Promise<Look> {
  try {
    return await look(day, patientId, resources, run);
  } catch {
    // What it was would tell of the record. The count tells that there is something to be looked into.
    return { findings: { ...EMPTY_DATE, failed: 1 }, shown: [] };
  }
}

/** As a hook call is answered (src/answer.ts), step by step, with all as prefetch and no FHIR server to ask. */
async function look(day: Day, patientId: string, resources: readonly JsonObject[], run: Run): Promise<Look> {
  const { guideline, queries, exportedTypes } = run;
  const prefetch = prefetchOf(resources, queries, exportedTypes);
  const source = openChartSource({ patientId, prefetch }, { queries });
  const readings = await source.read(RESOURCE_KEYS);
  const seen = { ...EMPTY_DATE, skippedResources: source.skipped() };
  const diagnosis = diagnoseFrom(readings, guideline.terminology);
  const needed = diagnosis.certainty === 'absent' ? 'conditions' : 'patient';
  if (!isAnswerable(readings.get(needed))) return { findings: { ...seen, unanswered: 1 }, shown: [] };
  if (diagnosis.certainty === 'absent') return { findings: { ...seen, absent: 1 }, shown: [] };

  const chart = buildChart(patientId, diagnosis, readings, {}, guideline, new Date(day * MS_PER_DAY));
  const applying = recommend(guideline, chart, { hook: HOOK, today: dayText(day), maxCards: 0 });
  const limit = run.maxCards === 0 ? applying.shown.length : run.maxCards;
  const shown = applying.shown.slice(0, limit);
  const answers = answersOf(chart);
  const undecided = chart.deceased
    ? []
    : guideline.cards.filter((card) => card.hooks.has(HOOK) && truthOn(card, HOOK, answers) === 'unknown');
  return {
    findings: {
      ...seen,
      [diagnosis.certainty]: 1,
      deceased: chart.deceased ? 1 : 0,
      withCard: shown.length > 0 ? 1 : 0,
      cards: Object.fromEntries([
        ...shown.map((card) => [nameOf(card), shownOnce(card)] as const),
        ...applying.shown.slice(limit).map((card) => [nameOf(card), counted({ cut: 1 })] as const),
        ...applying.shadow.map((card) => [nameOf(card), counted({ shadow: 1 })] as const),
        ...undecided.map(({ file }) => [nameOf(file), counted({ undecided: 1 })] as const),
      ]),
      unreadKeys: Object.fromEntries(unreadKeys(readings, guideline).map((key) => [key, 1])),
    },
    shown: shown.map(nameOf),
  };
}

/** CH-64: without the part the service answers 412; a bad entry in it is skipped. */
function isAnswerable(reading: Reading | undefined): boolean {
  return reading?.state === 'complete' || (reading?.state === 'incomplete' && reading.reason === 'malformed');
}

function counted(some: Partial<CardFindings>): CardFindings {
  return { ...EMPTY_CARD, ...some };
}

function shownOnce({ indicator }: Recommendation): CardFindings {
  return counted({ shown: 1, byIndicator: { [indicator]: 1 } });
}

function nameOf({ id, version }: { readonly id: string; readonly version: string }): string {
  return `${id}@${version}`;
}

function unreadKeys(readings: Readings, { terminology }: Guideline): readonly string[] {
  const parts = [...readings].flatMap(([key, { state }]) => (state === 'complete' ? [] : [key]));
  return missesMedications(readings, terminology) ? [...parts, MEDICATIONS] : parts;
}

/** How often the chart was opened in these days, if every Encounter opened it once. */
function encountersIn(year: CallsYear | undefined, record: readonly JsonObject[]): number {
  if (year === undefined) return 0;
  return record.filter((resource) => {
    if (resource['resourceType'] !== 'Encounter') return false;
    const day = readDay(encounterDay(resource) ?? '');
    return day !== undefined && day >= year.from && day <= year.to;
  }).length;
}

function dayOf(date: string): Day {
  const day = readDay(date);
  if (day === undefined) throw new Error(`${date} is no date`);
  return day;
}
