import type { Diagnosis } from './asps.ts';
import { readDate, readPeriod } from './calendar.ts';
import { onsetOf } from './condition.ts';
import { coverage, type Fact, no, unknown, yes } from './fact.ts';
import type { JsonObject, Readings } from './reading.ts';
import type { Settings } from './settings.ts';
import type { Spread } from './spread.ts';

/**
 * Is the ASPS active? A primary that is called resolved with an active metastasis since is active disease: resolved is said
 * of the tumour that was taken out (rule 4 is about disease that is gone). A metastasis that is no later contradicts the
 * record, and a person has to look.
 */
export function activityOf(diagnosis: Diagnosis, spread: Spread, readings: Readings, settings: Settings): Fact {
  const sources = coverage(readings, ['conditions']);
  if (diagnosis.active) return yes([], sources);
  if (spread.metastases.length === 0) return no(diagnosis.evidence, sources);
  const over = overSince(diagnosis, settings);
  const since = spread.metastases.filter(({ condition }) => (onsetOf(condition)?.start ?? -Infinity) > over);
  return since.length > 0
    ? yes(
        since.map(({ evidence }) => evidence),
        sources,
      )
    : unknown([...diagnosis.evidence, ...spread.metastases.map(({ evidence }) => evidence)], sources, 'contradictory');
}

/** The last day on which the disease was there before it was over; without an abatement, the end of its work-up. */
function overSince({ conditions, date }: Diagnosis, { workUpDays }: Settings): number {
  const abated = conditions.flatMap((condition) => abatementOf(condition)?.end ?? []);
  return abated.length > 0 ? Math.max(...abated) : date.end + workUpDays;
}

function abatementOf(condition: JsonObject): ReturnType<typeof readDate> {
  return readDate(condition['abatementDateTime']) ?? readPeriod(condition['abatementPeriod']);
}
