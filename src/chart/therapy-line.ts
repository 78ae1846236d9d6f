import type { Diagnosis } from './asps.ts';
import type { DateInterval, Day } from './calendar.ts';
import { type Evidence, newestFirst, type Truth } from './fact.ts';
import type { Settings } from './settings.ts';
import type { Exposure, StopReason } from './systemic-therapy.ts';
import { type Drug, treatsCancer } from './terminology.ts';

/** A dose at most so old shows that the drug goes on: the longest interval of the drugs at hand is four weeks, and a cycle may slip. */
const RECENT_DAYS = 60;
/** So long without a record of the drug and without an order in force, and it was begun anew. */
const GAP_DAYS = 183;

const REASONS: readonly StopReason[] = ['no-response', 'not-tolerated', 'other'];

/** One drug from its start to its end, as far as the chart shows them (facts: "Lines of therapy"). */
export interface TherapyLine {
  readonly drug: Drug;
  /** The days in which its first record lies; open to the past if one has no date, `undefined` if none has. */
  readonly start: DateInterval | undefined;
  /** The last day that a record shows; infinite while it goes on. */
  readonly reach: Day;
  /** When it ended: between its last record and today. `undefined` while it goes on or may. */
  readonly end: DateInterval | undefined;
  readonly ongoing: Truth;
  /** An order is on hold, and none has taken its place. */
  readonly onHold: boolean;
  /** Why it was stopped; of several reasons the one that decides what comes next. */
  readonly stopReason: StopReason | undefined;
  /** The records that were stopped, each with its reason; newest first. */
  readonly stops: readonly Stop[];
  /** The drug was given before, and begun anew. */
  readonly again: boolean;
  /** Newest first. */
  readonly evidence: readonly Evidence[];
}

interface Stop {
  readonly reason: StopReason;
  readonly evidence: Evidence;
}

/** A record of a drug that is no part of a line. */
export interface Uncounted extends Exposure {
  readonly why: 'for-another-condition' | 'only-planned' | 'before-the-diagnosis';
}

/** What decides which records count. */
interface Counted {
  readonly exposures: readonly Exposure[];
  readonly diagnosis: Diagnosis;
  readonly settings: Pick<Settings, 'workUpDays'>;
}

interface Dated extends Exposure {
  readonly date: DateInterval;
}

/**
 * The lines of systemic therapy for the ASPS, by their start. Drugs for another cancer, those given before the ASPS was
 * there, and plans are none.
 */
export function therapyLines(
  exposures: readonly Exposure[],
  diagnosis: Diagnosis,
  settings: Pick<Settings, 'workUpDays'>,
  today: Day,
): readonly TherapyLine[] {
  const counted = exposures.filter(
    (exposure) => treatsCancer(exposure.drug) && whyNotCounted(exposure, diagnosis, settings) === undefined,
  );
  return [...Map.groupBy(counted, ({ drug }) => drug)]
    .flatMap(([drug, records]) => inRuns(records, today).map((run, at) => lineOf(drug, run, at > 0, today)))
    .toSorted(byStart);
}

/** The records of drugs that are of no line, and why. */
export function uncountedOf({ exposures, diagnosis, settings }: Counted): readonly Uncounted[] {
  return exposures.flatMap((exposure): readonly Uncounted[] => {
    const why = whyNotCounted(exposure, diagnosis, settings);
    return why === undefined ? [] : [{ ...exposure, why }];
  });
}

function whyNotCounted(
  { onlyPlanned, indication, date }: Exposure,
  diagnosis: Diagnosis,
  { workUpDays }: Pick<Settings, 'workUpDays'>,
): Uncounted['why'] | undefined {
  if (indication === 'other') return 'for-another-condition';
  if (onlyPlanned) return 'only-planned';
  // What was given before the ASPS was there was given for something else.
  return date !== undefined && date.end < diagnosis.date.start - workUpDays ? 'before-the-diagnosis' : undefined;
}

/** Does its first record with a date tell no more than that it was given by then? An order or a statement says when it began. */
export function beginsWithDose({ start, evidence }: TherapyLine): boolean {
  const first = evidence.filter(({ date }) => date?.text === start?.text);
  return first.length > 0 && first.every(({ kind }) => kind === 'administration');
}

function byStart(a: TherapyLine, b: TherapyLine): number {
  const [first, second] = [a.start?.end ?? -Infinity, b.start?.end ?? -Infinity];
  return (first === second ? 0 : first - second) || a.drug.drug.localeCompare(b.drug.drug);
}

/** Records of one drug, cut where it was begun anew. Those without a date belong to the last run. */
function inRuns(records: readonly Exposure[], today: Day): readonly (readonly Exposure[])[] {
  const dated = records
    .filter((record): record is Dated => record.date !== undefined)
    .toSorted((a, b) => a.date.start - b.date.start || a.date.end - b.date.end);
  const undated = records.filter(({ date }) => date === undefined);
  const runs: Exposure[][] = [];
  let reach = -Infinity;
  for (const record of dated) {
    const run = runs.at(-1);
    if (run === undefined || record.date.start - reach > GAP_DAYS) runs.push([record]);
    else run.push(record);
    reach = Math.max(reach, isOnHold(record, today) ? Infinity : reachOf(record, today));
  }
  const last = runs.pop() ?? [];
  return [...runs, [...last, ...undated]];
}

/** The last day that a record shows the drug: an order in force goes on. */
function reachOf(record: Exposure, today: Day): Day {
  if (record.standing === 'in-force' && !hasEnded(record, today)) return Infinity;
  return Math.max(record.end?.end ?? -Infinity, record.date?.end ?? -Infinity);
}

function hasEnded({ end }: Exposure, today: Day): boolean {
  return end !== undefined && end.end < today;
}

function lineOf(drug: Drug, run: readonly Exposure[], again: boolean, today: Day): TherapyLine {
  const ongoing = goesOn(run, today);
  const reach = run.reduce((latest, record) => Math.max(latest, reachOf(record, today)), -Infinity);
  // Of several stops, the one for lack of response decides what comes next.
  const stopReason = REASONS.find((reason) => run.some((record) => record.stopReason === reason));
  const evidence = newestFirst(run);
  const last = evidence[0]?.date;
  return {
    drug,
    start: startOf(run),
    reach: ongoing === 'yes' ? Infinity : reach,
    end:
      ongoing === 'no' && Number.isFinite(reach)
        ? { start: Math.min(last?.start ?? reach, today), end: today, text: `after ${last?.text ?? ''}` }
        : undefined,
    ongoing,
    onHold: ongoing === 'unknown' && run.some((record) => isOnHold(record, today)),
    stopReason,
    stops: REASONS.flatMap((reason) => {
      const stopped = newestFirst(run.filter((record) => record.stopReason === reason));
      return stopped.map((said) => ({ reason, evidence: said }));
    }),
    again,
    evidence,
  };
}

function startOf(run: readonly Exposure[]): DateInterval | undefined {
  const dates = run.flatMap(({ date }) => date ?? []);
  const [first] = dates.toSorted((a, b) => a.end - b.end || a.start - b.start);
  if (first === undefined) return undefined;
  const earliest = dates.reduce((least, { start }) => Math.min(least, start), Infinity);
  return { ...first, start: dates.length < run.length ? -Infinity : earliest };
}

/** An order that may be taken up again. */
function isOnHold(record: Exposure, today: Day): boolean {
  return record.standing === 'on-hold' && !hasEnded(record, today);
}

/** Written after all that are on hold: it took their place. Of one day, or without a date, it may be what was interrupted. */
function replaces({ evidence, date }: Exposure, held: readonly Exposure[]): boolean {
  return held.every((record) => {
    const isLater = record.date !== undefined && date !== undefined && date.start > record.date.end;
    return isLater && evidence.kind === 'order';
  });
}

/**
 * In force, or given of late and not stopped. What is on hold may be interrupted for a week or for good. What is only at
 * its end, or does not say, leaves it open for as long as a dose would.
 */
function goesOn(run: readonly Exposure[], today: Day): Truth {
  const held = run.filter((record) => isOnHold(record, today));
  const inForce = run.filter((record) => record.standing === 'in-force' && !hasEnded(record, today));
  if (inForce.some((record) => replaces(record, held))) return 'yes';
  if (held.length > 0) return 'unknown';
  const isRecent = ({ date, end }: Exposure) => {
    const shown = end ?? date;
    return shown !== undefined && shown.start >= today - RECENT_DAYS && (date?.start ?? shown.start) <= today;
  };
  const stopped = run.some(({ standing }) => standing === 'stopped');
  const given = run.some((record) => record.standing === 'given' && isRecent(record));
  if (given) return stopped ? 'unknown' : 'yes';
  if (stopped) return 'no';
  const open = run.some(
    (record) =>
      record.standing === 'open' ||
      record.standing === 'in-force' ||
      record.standing === 'on-hold' ||
      (record.standing === 'over' && isRecent(record)) ||
      // Given at a time that the record does not settle.
      (record.date === undefined ? record.standing === 'given' : spansToday(record, today)),
  );
  return open ? 'unknown' : 'no';
}

/** A partial date that may lie within the last weeks. */
function spansToday({ date, end, standing }: Exposure, today: Day): boolean {
  const shown = end ?? date;
  return standing === 'given' && shown !== undefined && shown.end >= today - RECENT_DAYS && shown.start <= today;
}

/** When a line was the therapy: after its start, until a line of another kind took its place; open if none did. */
export interface Reign {
  readonly line: TherapyLine;
  readonly until: DateInterval | undefined;
}

/**
 * The reigns of these lines among others, which come by their start and can take their place. A line that goes on past
 * the start of another is not ended by it: the two are given together.
 */
export function reignsOf(lines: readonly TherapyLine[], others: readonly TherapyLine[]): readonly Reign[] {
  const dated = others.flatMap(({ start }) => start ?? []);
  return lines.map((line) => ({ line, until: nextStart(line, dated) }));
}

/** The first start that lies after the line's own and not before its last record. */
function nextStart({ start, reach }: TherapyLine, starts: readonly DateInterval[]): DateInterval | undefined {
  if (start === undefined) return undefined;
  let at = firstAt(starts, (one) => one.end >= reach && one.end > start.end);
  // Few are passed over here: those whose partial date holds the line's own start.
  while (at < starts.length && (starts[at]?.start ?? Infinity) <= start.end) at += 1;
  return starts[at];
}

/** Where the items begin that fulfil it, in a list in which all do after the first that does. */
function firstAt<Item>(items: readonly Item[], is: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const item = items[middle];
    if (item !== undefined && is(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Did it happen under this line? What happens on the first day of a drug is not its doing, but the one's before. */
export function fellOn(date: DateInterval, { line: { start }, until }: Reign): Truth {
  if (start === undefined) return 'unknown';
  const began = date.start > start.end ? 'yes' : date.end <= start.start ? 'no' : 'unknown';
  const lasted = until === undefined || date.end <= until.start ? 'yes' : date.start > until.end ? 'no' : 'unknown';
  if (began === 'no' || lasted === 'no') return 'no';
  return began === 'yes' && lasted === 'yes' ? 'yes' : 'unknown';
}

/**
 * Did it happen under any of these lines? Says what {@link fellOn} says of each, without asking each for each date: a
 * chart may hold thousands of both.
 */
export function fellOnAny(reigns: readonly Reign[]): (date: DateInterval) => Truth {
  const dated = reigns.flatMap(({ line: { start }, until }) => (start === undefined ? [] : [{ start, until }]));
  const isUndated = dated.length < reigns.length;
  // Of the reigns begun before a day, how far the longest one reaches: for sure, and possibly.
  const certain = farthest(dated.map(({ start, until }) => ({ from: start.end, to: until?.start ?? Infinity })));
  const possible = farthest(dated.map(({ start, until }) => ({ from: start.start, to: until?.end ?? Infinity })));
  return ({ start, end }) => {
    if (certain(start) >= end) return 'yes';
    return isUndated || possible(end) >= start ? 'unknown' : 'no';
  };
}

/** For a day: the last day of the longest of the spans that began before it. */
function farthest(spans: readonly { readonly from: Day; readonly to: Day }[]): (before: Day) => Day {
  let reached = -Infinity;
  const sorted = spans
    .toSorted((a, b) => (a.from === b.from ? 0 : a.from - b.from))
    .map(({ from, to }) => {
      reached = Math.max(reached, to);
      return { from, reached };
    });
  return (before) => sorted[firstAt(sorted, ({ from }) => from >= before) - 1]?.reached ?? -Infinity;
}
