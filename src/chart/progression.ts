import type { Diagnosis } from './asps.ts';
import { attribute, type Primaries } from './attribution.ts';
import { type DateInterval, readDate, readPeriod } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { onsetOf } from './condition.ts';
import { coverage, type Evidence, type Fact, newestFirst, no, unknown, yes } from './fact.ts';
import { WORK_UP_DAYS } from './imaging.ts';
import type { Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Spread } from './spread.ts';
import { focusOf } from './stage.ts';
import type { Exposure } from './systemic-therapy.ts';
import type { Terminology } from './terminology.ts';

interface ProgressionContext {
  readonly exposures: readonly Exposure[];
  readonly spread: Spread;
  readonly diagnosis: Diagnosis;
}

interface DiseaseStatus {
  readonly worsened: boolean;
  readonly date: DateInterval;
  readonly evidence: Evidence;
}

/**
 * Has the disease progressed since a PD-1/PD-L1 inhibitor was started for it (facts: "Progression")? Yes by the latest
 * disease status after the start, by a stop for lack of response, or by a metastasis that began after the start. A later
 * "stable" or "improved" takes back what lies before it; nothing recorded is unknown.
 */
export function progressionOnImmunotherapy(
  readings: Readings,
  { exposures, spread, diagnosis }: ProgressionContext,
  terminology: Terminology,
): Fact {
  const sources = coverage(readings, ['observationsDiseaseStatus']);
  const immunotherapy = exposures.filter(
    ({ drug, onlyPlanned, indication, date }) =>
      drug.class === 'pd-1-pd-l1-inhibitor' &&
      !onlyPlanned &&
      indication !== 'other' &&
      // What was given before the ASPS was there was given for something else.
      (date === undefined || date.end >= diagnosis.date.start - WORK_UP_DAYS),
  );
  if (immunotherapy.length === 0) return unknown([], sources, 'not-recorded');
  const started = immunotherapy.reduce((first, { date }) => Math.min(first, date?.end ?? Infinity), Infinity);

  const statuses = diseaseStatuses(readings, spread.primaries, terminology).filter(({ date }) => date.start > started);
  // Of two on one day the worse one counts: it asks for a look, the other would end it.
  const latest = statuses.toSorted((a, b) => b.date.end - a.date.end || Number(b.worsened) - Number(a.worsened))[0];
  const heldUntil = latest === undefined || latest.worsened ? -Infinity : latest.date.end;
  const since = Math.max(started, diagnosis.date.end, heldUntil);
  const appeared = spread.metastases.filter(({ condition }) => (onsetOf(condition)?.start ?? -Infinity) > since);
  if (latest !== undefined && !latest.worsened && appeared.length === 0) return no([latest.evidence], sources);

  const stopped = immunotherapy.filter(({ stoppedForNoResponse }) => stoppedForNoResponse);
  const speaking = [
    ...(latest?.worsened === true ? [latest.evidence] : []),
    ...stopped.map((exposure) => exposure.evidence),
    ...appeared.map((metastasis) => metastasis.evidence),
  ];
  const earliest = newestFirst(immunotherapy).findLast(({ date }) => date !== undefined);
  return speaking.length > 0
    ? yes([...speaking, ...(earliest === undefined ? [] : [earliest])], sources)
    : unknown([], sources, 'not-recorded');
}

function diseaseStatuses(readings: Readings, primaries: Primaries, terminology: Terminology): readonly DiseaseStatus[] {
  return resourcesOf(readings, 'observationsDiseaseStatus', 'Observation').flatMap((observation) => {
    const code = readCodedText(observation['code']);
    if (!terminology.isIn(code, 'disease-status') || observation['status'] === 'cancelled') return [];
    if (attribute(focusOf(observation), primaries) !== 'asps') return [];
    const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
    const value = readCodedText(observation['valueCodeableConcept']);
    const worsened = terminology.isIn(value, 'disease-worsened');
    const holds = terminology.isIn(value, 'disease-stable') || terminology.isIn(value, 'disease-improved');
    if (date === undefined || !(worsened || holds)) return [];
    const said = evidence(
      observation,
      'observation',
      date,
      `disease status: ${value.texts[0] ?? (worsened ? 'worsened' : 'not worsened')}`,
    );
    return [{ worsened, date, evidence: said }];
  });
}
