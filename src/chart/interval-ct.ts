import { type DateInterval, type Day, UNDATED } from './calendar.ts';
import type { DraftOrder } from './draft-orders.ts';
import { coverage, type Evidence, type Fact, newestFirst, no, notFound, unknown, withValue, yes } from './fact.ts';
import { doneSince, type ImagingRecord, imagesOf } from './imaging.ts';
import type { Readings, ResourceKey } from './reading.ts';
import type { Settings } from './settings.ts';
import type { Metastasis, Spread } from './spread.ts';

const MS_PER_DAY = 86_400_000;
const MONTH_DAYS = 31;
/** Between the two chest CTs lie three months (S-076). */
const INTERVAL_MONTHS = 3;
/** Nobody has more; each is compared with each. */
const MAX_SCANS = 200;
const WHERE_CT_STANDS: readonly ResourceKey[] = ['procedures', 'diagnosticReports'];

/** The interval staging before a lung metastasectomy (S-070, S-076 to S-080). */
export interface IntervalStaging {
  readonly met: Fact;
  readonly due: Fact;
  readonly newMetastasis: Fact;
  readonly brainMri: Fact;
}

interface StagingContext {
  readonly spread: Spread;
  readonly imaging: readonly ImagingRecord[];
  readonly drafts: readonly DraftOrder[] | undefined;
  readonly settings: Settings;
  readonly today: Day;
}

/** A chest CT by its day; `certain` if one surely was made since the lung metastasis was found. */
interface Scan {
  readonly date: DateInterval;
  readonly evidence: Evidence;
  readonly certain: boolean;
}

export function readIntervalStaging(
  readings: Readings,
  { spread, imaging, drafts, settings, today }: StagingContext,
): IntervalStaging {
  const { least, most } = settings.intervalCtDays;
  const { metastases } = spread;
  const inLung = metastases.filter(({ sites }) => sites.includes('lung'));
  const found = appearance(inLung);
  const chest = distinct(imagesOf(['ct-chest'], imaging));
  const scans = scansSince();
  const sources = coverage(readings, [...WHERE_CT_STANDS, 'imagingStudies']);
  const met = readMet();

  return {
    met,
    due: readDue(),
    newMetastasis: readNew(),
    brainMri: readBrainMri(),
  };

  /**
   * The CTs since the lung metastasis was found, the one that found it included: the last of the work-up before its onset.
   * Earlier ones were clean, and no interval begins with them.
   */
  function scansSince(): readonly Scan[] {
    const done = chest.filter(({ state }) => state === 'done');
    const dated = done.flatMap(({ date, evidence }) =>
      date === undefined ? [] : [{ date: overByToday(date), evidence }],
    );
    const before = dated.filter(
      ({ date }) => date.end <= found.end && date.start >= found.start - settings.workUpDays && found.end !== Infinity,
    );
    // Of a metastasis of which only the year is known, a CT of that year may show the clean lung.
    const isPlaced = found.end - found.start <= MONTH_DAYS;
    const lastBefore = before.reduce((last, { date }) => Math.max(last, date.end), -Infinity);
    const open = [
      ...done.filter(({ date }) => date === undefined),
      ...unanswered(dated).filter(({ date }) => date === undefined || date.end >= found.start - settings.workUpDays),
    ];
    return [
      ...dated
        .filter(({ date }) => date.end >= found.start - settings.workUpDays)
        .filter(({ date }) => date.end > found.end || date.end === lastBefore || !isPlaced)
        .map((scan) => ({ ...scan, certain: scan.date.start > found.end || isPlaced })),
      // A closed request shows that there may have been one, on a day that nobody knows.
      ...open.map(({ date, evidence }) => ({
        date: date === undefined ? UNDATED : { ...UNDATED, start: date.start },
        evidence,
        certain: false,
      })),
    ]
      .toSorted((a, b) => a.date.start - b.date.start || a.date.end - b.date.end || 0)
      .slice(-MAX_SCANS);
  }

  /** What is done has ended by today, though its period has no end. */
  function overByToday(date: DateInterval): DateInterval {
    return date.end === Infinity ? { ...date, end: Math.max(date.start, today) } : date;
  }

  /** Closed requests without images of their own: each CT answers the last one that was made before it. */
  function unanswered(dated: readonly { readonly date: DateInterval }[]): readonly ImagingRecord[] {
    const open = chest
      .filter(({ state }) => state === 'order-completed')
      .toSorted((a, b) => (b.date?.start ?? -Infinity) - (a.date?.start ?? -Infinity) || 0);
    // The same images stand in the report, the study and the procedure.
    const days = [...new Set(dated.map(({ date }) => date.end))].toSorted((a, b) => a - b);
    for (const day of days) {
      const answered = open.findIndex(({ date }) => (date?.start ?? -Infinity) <= day);
      if (answered >= 0) open.splice(answered, 1);
    }
    return open;
  }

  function readMet(): Fact {
    const sure = pairOf(
      (first, second) =>
        first.certain &&
        second.certain &&
        second.date.start - first.date.end >= least &&
        second.date.end - first.date.start <= most,
    );
    if (sure !== undefined) return yes(newestFirst(sure), sources);
    const possible = pairOf(
      (first, second) => mayFollow(first, second, least, most) || mayFollow(second, first, least, most),
    );
    if (possible !== undefined) return unknown(newestFirst(possible), sources, 'date-not-comparable');
    const none = notFound(readings, WHERE_CT_STANDS, ['imagingStudies']);
    return none.state === 'no' ? no(newestFirst(scans), sources) : none;
  }

  function pairOf(fits: (first: Scan, second: Scan) => boolean): readonly [Scan, Scan] | undefined {
    for (const [at, first] of scans.entries()) {
      const second = scans.slice(at + 1).find((later) => fits(first, later));
      if (second !== undefined) return [first, second];
    }
    return undefined;
  }

  /** Is the second CT yet to come, and on which day? Of several the first from which the interval can still be kept. */
  function readDue(): Fact {
    if (met.state !== 'no') return met.state === 'yes' ? no([]) : { ...met, evidence: [] };
    const certain = scans.filter((scan) => scan.certain);
    const first = certain.find(({ date }) => date.end + most >= today) ?? certain.at(-1);
    if (first === undefined) return no([], sources);
    const ordered = chest.filter(
      ({ state, date }) => state === 'ordered' && (date === undefined || date.end >= first.date.start),
    );
    const drafted = (drafts ?? []).filter(({ studies }) => studies.includes('ct-chest'));
    const asked = [...drafted, ...ordered];
    if (asked.length > 0) return no(newestFirst(asked));
    const none = notFound(readings, ['serviceRequests']);
    if (none.state !== 'no') return none;
    const day = Math.max(today, monthsAfter(first.date.end, INTERVAL_MONTHS));
    // Some of the days on which the first may have been made are too long before it.
    if (day - first.date.end <= most && day - first.date.start > most)
      return unknown([first.evidence], sources, 'date-not-comparable');
    return withValue(yes([first.evidence], sources), isoDay(day));
  }

  function readBrainMri(): Fact {
    const date = inLung.length > 0 ? found : appearance(metastases);
    const fact = doneSince(imagesOf(['mri-brain'], imaging), { date, workUpDays: settings.workUpDays }, readings);
    // Since when is not on file: that is no matter of the date of the MRI.
    return fact.doubt !== undefined && date.end === Infinity ? { ...fact, doubt: 'not-recorded' } : fact;
  }

  /** A metastasis besides the first ones in the lung that came after the first of the CTs. */
  function readNew(): Fact {
    const from = coverage(readings, ['conditions']);
    const [first] = scans.filter((scan) => scan.certain);
    if (first === undefined) return unknown([], from, 'not-recorded');
    const since = Math.max(first.date.end, found.end);
    const onsets = metastases.map(({ dates: { onset }, evidence }) => ({ onset, evidence }));
    const appeared = onsets.filter(({ onset }) => onset !== undefined && onset.start > since);
    if (appeared.length > 0) return yes(newestFirst(appeared), from);
    const open = onsets.filter(({ onset }) => onset === undefined || onset.end > since);
    if (open.length > 0) return unknown(newestFirst(open), from, 'date-not-comparable');
    // A CT that could not be looked at may be the first, and what came after it is new.
    const decisive = coverage(readings, ['conditions', ...WHERE_CT_STANDS]);
    return decisive.unread.length === 0 ? no([], from) : unknown([], decisive);
  }
}

/** Each record once, however often it was sent. */
function distinct(records: readonly ImagingRecord[]): readonly ImagingRecord[] {
  return [...new Map(records.map((record) => [record.evidence.reference ?? record, record])).values()];
}

/** May the second have been made so many days after the first? */
function mayFollow(first: Scan, second: Scan, least: number, most: number): boolean {
  return second.date.end - first.date.start >= least && second.date.start - first.date.end <= most;
}

/** When the first of them was found: an interval that is open where one has no onset. */
function appearance(metastases: readonly Metastasis[]): DateInterval {
  const onsets = metastases.flatMap(({ dates }) => dates.onset ?? []);
  if (onsets.length === 0) return UNDATED;
  const start = onsets.reduce((least, onset) => Math.min(least, onset.start), Infinity);
  const end = onsets.reduce((least, onset) => Math.min(least, onset.end), Infinity);
  return { ...UNDATED, start: onsets.length < metastases.length ? -Infinity : start, end };
}

/** So many calendar months later, at most the last day of that month. */
function monthsAfter(day: Day, count: number): Day {
  const from = new Date(day * MS_PER_DAY);
  const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + count + 1, 0)).getUTCDate();
  const to = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + count, Math.min(from.getUTCDate(), last));
  return Math.floor(to / MS_PER_DAY);
}

/** `YYYY-MM-DD`. */
function isoDay(day: Day): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}
