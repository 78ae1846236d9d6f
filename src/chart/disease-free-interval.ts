import type { Diagnosis } from './asps.ts';
import { type Day, UNDATED } from './calendar.ts';
import { inMonths, monthsBetween } from './duration.ts';
import { coverage, type Evidence, type Fact, no, unknown, withValue, yes } from './fact.ts';
import type { Readings, ResourceKey } from './reading.ts';
import type { Settings } from './settings.ts';
import type { Spread } from './spread.ts';
import type { Surgery } from './surgery.ts';

interface IntervalContext {
  readonly diagnosis: Diagnosis;
  readonly spread: Spread;
  readonly surgery: Surgery;
  readonly settings: Settings;
}

/** When a metastasis was there, as far as the chart says: a date of entry is only the day by which it was. */
interface Appeared {
  readonly from: Day;
  readonly by: Day;
  readonly evidence: Evidence;
}

/**
 * Was the time from the resection of the primary to the first metastasis long (S-071, S-080)? Metastases found by the end of
 * the work-up are synchronous: an interval of 0. The rule holds only if all days that the dates leave open satisfy it.
 */
export function longDiseaseFreeInterval(
  readings: Readings,
  { diagnosis, spread, surgery, settings }: IntervalContext,
): Fact {
  const sources = coverage(readings, ['conditions', 'procedures']);
  if (spread.metastatic.state !== 'yes')
    return spread.metastatic.state === 'no' ? no([], sources) : { ...spread.metastatic, evidence: [] };
  const appeared = firstAppearances(spread);
  const by = appeared.reduce((least, one) => Math.min(least, one.by), Infinity);
  const from = appeared.reduce((least, one) => Math.min(least, one.from), Infinity);
  const first = appeared.toSorted((a, b) => a.by - b.by || a.from - b.from).slice(0, 1);
  const [resection] = surgery.resections;
  const removed = surgery.primaryResected.state === 'yes' ? resection?.date : undefined;
  const workUp = Math.max(diagnosis.date.start, removed?.start ?? -Infinity) + settings.workUpDays;
  const shown = [...(resection === undefined ? [] : [resection.evidence]), ...first.map((one) => one.evidence)];
  if (by <= workUp) return withValue(no(shown, sources), '0 (synchronous)');
  if (removed === undefined) {
    const { state, doubt } = surgery.primaryResected;
    return unknown(shown, sources, state === 'unknown' && doubt !== undefined ? doubt : 'not-recorded');
  }
  if (from === -Infinity || by === Infinity) return unknown(shown, sources, 'date-not-comparable');

  const { least, most } = monthsBetween(removed, { ...UNDATED, start: from, end: by });
  const value = inMonths({ least, most });
  if (least >= settings.diseaseFreeIntervalMonths) {
    // What is resolved or only suspected may have been the first metastasis.
    if (hasEarlier(spread, from)) return unknown(shown, sources, 'date-not-comparable');
    return isRead('conditions') ? withValue(yes(shown, sources), value) : unknown(shown, sources);
  }
  if (most >= settings.diseaseFreeIntervalMonths)
    return withValue(unknown(shown, sources, 'date-not-comparable'), value);
  // An operation without a date, or on a page that was not read, may have been earlier.
  const isFirst = isRead('procedures') && surgery.resections.every(({ date }) => date !== undefined);
  return isFirst ? withValue(no(shown, sources), value) : unknown(shown, sources);

  function isRead(key: ResourceKey): boolean {
    return sources.searched.includes(key);
  }
}

function firstAppearances({ metastases, metastatic }: Spread): readonly Appeared[] {
  const conditions = metastases.map(({ dates: { onset, recorded }, evidence }) => ({
    from: onset?.start ?? -Infinity,
    by: onset?.end ?? recorded?.end ?? Infinity,
    evidence,
  }));
  // An M1 category or a stage IV shows that metastases were there that day.
  const staged = metastatic.evidence.flatMap((evidence) =>
    evidence.kind === 'observation' && evidence.date !== undefined
      ? [{ from: conditions.length === 0 ? evidence.date.start : Infinity, by: evidence.date.end, evidence }]
      : [],
  );
  return [...conditions, ...staged];
}

function hasEarlier({ openSecondaries }: Spread, from: Day): boolean {
  return openSecondaries.some(({ dates }) => (dates.onset?.start ?? -Infinity) < from);
}
