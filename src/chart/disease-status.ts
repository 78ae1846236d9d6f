import { type Attribution, attribute, type Primaries } from './attribution.ts';
import { type DateInterval, type Day, readDate, readPeriod } from './calendar.ts';
import { readCodedText } from './coding.ts';
import type { Evidence } from './fact.ts';
import type { Readings } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import { focusOf } from './stage.ts';
import type { Terminology } from './terminology.ts';

/** How the disease went, by one assessment. */
export type Course = 'worsened' | 'stable' | 'improved';

/** One dated assessment of the disease (mCODE: cancer disease status). */
export interface DiseaseStatus {
  readonly course: Course;
  readonly date: DateInterval;
  readonly evidence: Evidence;
}

const COURSES: readonly { readonly course: Course; readonly valueSet: string; readonly words: string }[] = [
  { course: 'worsened', valueSet: 'disease-worsened', words: 'worsened' },
  { course: 'stable', valueSet: 'disease-stable', words: 'stable' },
  { course: 'improved', valueSet: 'disease-improved', words: 'improved' },
];
/** The worse one of two on one day counts: it asks for a look, the other would end it. */
const WORST_FIRST: readonly Course[] = ['worsened', 'stable', 'improved'];

/** One assessment on file, be it of use for the course of the disease or not. */
export interface Assessment {
  /** Undefined if it says none, as "undetermined" does. */
  readonly course: Course | undefined;
  readonly date: DateInterval | undefined;
  readonly whose: Attribution;
  readonly evidence: Evidence;
}

/** Every assessment that is not another cancer's: undated ones too, those without a course, and those of days to come. */
export function readAssessments(
  readings: Readings,
  primaries: Primaries,
  terminology: Terminology,
): readonly Assessment[] {
  return resourcesOf(readings, 'observationsDiseaseStatus', 'Observation').flatMap((observation): Assessment[] => {
    const code = readCodedText(observation['code']);
    if (!terminology.isIn(code, 'disease-status') || observation['status'] === 'cancelled') return [];
    const whose = attribute(focusOf(observation), primaries);
    if (whose === 'other') return [];
    const date = readDate(observation['effectiveDateTime']) ?? readPeriod(observation['effectivePeriod']);
    const value = readCodedText(observation['valueCodeableConcept']);
    const is = COURSES.find(({ valueSet }) => terminology.isIn(value, valueSet));
    const words = `disease status: ${value.texts[0] ?? is?.words ?? 'no answer'}`;
    return [{ course: is?.course, date, whose, evidence: evidence(observation, 'observation', date, words) }];
  });
}

/**
 * The assessments that are the ASPS's, latest first. Undated ones, those from tomorrow on, and those without a course
 * ("undetermined") say nothing of the time.
 */
export function readDiseaseStatuses(
  readings: Readings,
  primaries: Primaries,
  terminology: Terminology,
  today: Day,
): readonly DiseaseStatus[] {
  return readAssessments(readings, primaries, terminology)
    .flatMap(({ course, date, whose, evidence: said }): DiseaseStatus[] =>
      whose !== 'asps' || date === undefined || date.start > today || course === undefined
        ? []
        : [{ course, date, evidence: said }],
    )
    .toSorted(latestFirst);
}

/** The order of assessments: the latest first, of one day the worst. */
export function latestFirst(a: DiseaseStatus, b: DiseaseStatus): number {
  return (
    b.date.end - a.date.end ||
    b.date.start - a.date.start ||
    WORST_FIRST.indexOf(a.course) - WORST_FIRST.indexOf(b.course) ||
    (a.evidence.reference ?? '').localeCompare(b.evidence.reference ?? '')
  );
}

/**
 * The last of these assessments, latest first; `undecided` when one that says otherwise may be later by its partial
 * date. Two of one day are no doubt: the worse one counts.
 */
export function lastOf(statuses: readonly DiseaseStatus[]): DiseaseStatus | 'undecided' | undefined {
  const [last] = statuses;
  if (last === undefined) return undefined;
  const isOneDay = last.date.start === last.date.end;
  const contradicted = statuses.some(
    ({ course, date }) =>
      (course === 'worsened') !== (last.course === 'worsened') &&
      date.end > last.date.start &&
      !(isOneDay && date.end === last.date.end && date.start === last.date.start),
  );
  return contradicted ? 'undecided' : last;
}
