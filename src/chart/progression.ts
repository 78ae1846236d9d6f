import type { DateInterval } from './calendar.ts';
import { readDate, readPeriod } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { onsetOf } from './condition.ts';
import { coverage, type Evidence, type Fact, no, unknown, yes } from './fact.ts';
import type { Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Metastasis } from './spread.ts';
import { type Exposure, newestFirst } from './systemic-therapy.ts';
import type { Terminology } from './terminology.ts';

interface DiseaseStatus {
  readonly worsened: boolean;
  readonly date: DateInterval;
  readonly evidence: Evidence;
}

/**
 * Has the disease progressed since a PD-1/PD-L1 inhibitor was started (facts: "Progression")? Yes by the latest disease
 * status after the start, by a stop for lack of response, or by a metastasis that began after the start. A later
 * "stable" or "improved" answers no; nothing recorded is unknown.
 */
export function progressionOnImmunotherapy(
  readings: Readings,
  exposures: readonly Exposure[],
  metastases: readonly Metastasis[],
  terminology: Terminology,
): Fact {
  const sources = coverage(readings, ['observationsDiseaseStatus']);
  const immunotherapy = exposures.filter(({ drug }) => drug.class === 'pd-1-pd-l1-inhibitor');
  const started = Math.min(...immunotherapy.flatMap(({ date }) => (date === undefined ? [] : [date.end])));
  if (immunotherapy.length === 0) return unknown([], sources, 'not-recorded');

  const statuses = diseaseStatuses(readings, terminology).filter(({ date }) => date.start > started);
  const latest = statuses.toSorted((a, b) => b.date.end - a.date.end)[0];
  if (latest !== undefined && !latest.worsened) return no([latest.evidence], sources);

  const stopped = immunotherapy.filter(({ stoppedForNoResponse }) => stoppedForNoResponse);
  const appeared = metastases.filter(({ condition }) => (onsetOf(condition)?.start ?? -Infinity) > started);
  const speaking = [
    ...(latest === undefined ? [] : [latest.evidence]),
    ...stopped.map((exposure) => exposure.evidence),
    ...appeared.map((metastasis) => metastasis.evidence),
  ];
  const [since] = newestFirst(immunotherapy.toSorted((a, b) => (b.date?.end ?? 0) - (a.date?.end ?? 0))).slice(-1);
  return speaking.length > 0
    ? yes([...speaking, ...(since === undefined ? [] : [since])], sources)
    : unknown([], sources, 'not-recorded');
}

function diseaseStatuses(readings: Readings, terminology: Terminology): readonly DiseaseStatus[] {
  return resourcesOf(readings, 'observationsDiseaseStatus', 'Observation').flatMap((observation) => {
    const code = readCodedText(observation['code']);
    if (!terminology.isIn(code, 'disease-status') || observation['status'] === 'cancelled') return [];
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
