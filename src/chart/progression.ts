import { type DiseaseStatus, lastOf, latestFirst } from './disease-status.ts';
import { type Coverage, coverage, type Evidence, type Fact, newestFirst, no, unknown, yes } from './fact.ts';
import type { Readings } from './reading.ts';
import type { DrugClass } from './terminology.ts';
import { fellOnAny, type Reign, reignsOf, type TherapyLine } from './therapy-line.ts';

/** Where systemic drugs stand. */
export const MEDICATIONS = ['medicationRequests', 'medicationAdministrations'] as const;

/** How the disease went over time: assessments, and metastases by the day they began. Latest first. */
export interface CourseOfDisease {
  readonly statuses: readonly DiseaseStatus[];
  /** Metastases that began after the diagnosis, as worsenings of their day. */
  readonly appeared: readonly DiseaseStatus[];
  /** Every assessment on file, those without a course or a day too. Newest first. */
  readonly onFile: readonly Evidence[];
}

/**
 * Has the disease progressed under the drugs of a class, given for it (facts: "Progression")? Yes by the last assessment
 * that fell on one of them, by a stop for lack of response, or by a metastasis that began under one. A later "stable" or
 * "improved" under it takes back what lies before; nothing recorded is unknown. What happened once another class had
 * taken its place is that one's.
 */
export function progressionOn(
  drugClass: DrugClass,
  lines: readonly TherapyLine[],
  course: CourseOfDisease,
  readings: Readings,
): Fact {
  const ofClass = lines.filter(({ drug }) => drug.class === drugClass);
  const others = lines.filter(({ drug }) => drug.class !== drugClass);
  return progressionUnder(reignsOf(ofClass, others), course, readings);
}

/** The same since the therapy that is going on was started, or the last one: under those that go on, else the last begun. */
export function progressionOnLatest(lines: readonly TherapyLine[], course: CourseOfDisease, readings: Readings): Fact {
  const current = currentLines(lines);
  // Under a combination, since the last of its drugs was added.
  const since = current.reduce<TherapyLine | undefined>(
    (last, line) => (last === undefined || (line.start?.end ?? Infinity) > (last.start?.end ?? Infinity) ? line : last),
    undefined,
  );
  const reigns = since === undefined ? [] : [{ line: since, until: undefined }];
  const fact = progressionUnder(reigns, course, readings);
  if (fact.state === 'yes' || current.every(({ start }) => start !== undefined)) return fact;
  return unknown(fact.evidence, coverage(readings, ['observationsDiseaseStatus']), 'date-not-comparable');
}

/** The lines that go on; if none does for sure, the one that was begun last. */
export function currentLines(lines: readonly TherapyLine[]): readonly TherapyLine[] {
  const ongoing = lines.filter((line) => line.ongoing === 'yes');
  return ongoing.length > 0 ? ongoing : lines.slice(-1);
}

/** What the last assessment under these lines says, and what else fell on them. */
function progressionUnder(reigns: readonly Reign[], course: CourseOfDisease, readings: Readings): Fact {
  const sources = coverage(readings, ['observationsDiseaseStatus']);
  if (reigns.length === 0) return withoutDrug(readings);
  const fell = fellOnAny(reigns);
  const statuses = course.statuses.map((status) => ({ status, fell: fell(status.date) }));
  const appeared = course.appeared.map((status) => ({ status, fell: fell(status.date) }));
  const possible = [...statuses, ...appeared]
    .filter((event) => event.fell !== 'no')
    .map(({ status }) => status)
    .toSorted(latestFirst);
  const certain = new Set(
    [...statuses, ...appeared].filter((event) => event.fell === 'yes').map(({ status }) => status),
  );
  const last = lastOf(possible);
  if (last === 'undecided') return undecided(possible, sources);
  if (last !== undefined && last.course !== 'worsened') {
    if (!certain.has(last)) return undecided([last], sources);
    // A later page might hold a later one, and medication that was not read another drug on which it fell.
    const all = coverage(readings, ['observationsDiseaseStatus', ...MEDICATIONS]);
    return all.unread.length === 0 ? no([last.evidence], sources) : unknown([last.evidence], all);
  }
  const held = possible.find((status) => status.course !== 'worsened');
  const speaks = (status: DiseaseStatus) =>
    certain.has(status) && status.course === 'worsened' && status.date.end > (held?.date.end ?? -Infinity);
  const latestStatus = statuses.find(({ status }) => speaks(status))?.status;
  const stops = reigns.flatMap(({ line }) => line.stops.filter(({ reason }) => reason === 'no-response'));
  const speaking = [
    ...(latestStatus === undefined ? [] : [latestStatus.evidence]),
    ...stops.map((stop) => stop.evidence),
    ...appeared.filter(({ status }) => speaks(status)).map(({ status }) => status.evidence),
  ];
  if (speaking.length === 0) return possible.length > 0 ? undecided(possible, sources) : noneOf(course, sources);
  const first = newestFirst(reigns.flatMap(({ line }) => line.evidence.map((evidence) => ({ evidence })))).findLast(
    ({ date }) => date !== undefined,
  );
  return yes(eachOnce([...speaking, ...(first === undefined ? [] : [first])]), sources);
}

/** No assessment is of the time asked about. What there is besides is named: "not recorded" alone would be untrue. */
export function noneOf({ statuses: [other], onFile }: CourseOfDisease, sources: Coverage): Fact {
  return other === undefined
    ? unknown(onFile.slice(0, 1), sources, 'not-recorded')
    : unknown([other.evidence], sources, 'of-another-time');
}

/** No drug to progress under was found: what is missing is the drug, whatever the disease did. */
function withoutDrug(readings: Readings): Fact {
  const { searched } = coverage(readings, MEDICATIONS);
  const { unread } = coverage(readings, [...MEDICATIONS, 'observationsDiseaseStatus']);
  return unknown([], { searched, unread }, unread.length > 0 ? undefined : 'not-recorded');
}

/** A stopped order is the start as well. */
function eachOnce(all: readonly Evidence[]): readonly Evidence[] {
  const named = new Set<string>();
  return all.filter(({ reference }) => {
    if (reference === undefined) return true;
    const isNew = !named.has(reference);
    named.add(reference);
    return isNew;
  });
}

function undecided(statuses: readonly DiseaseStatus[], sources: Coverage): Fact {
  return unknown(
    statuses.map(({ evidence }) => evidence),
    sources,
    'date-not-comparable',
  );
}
