import type { Diagnosis } from './asps.ts';
import type { Day } from './calendar.ts';
import { onsetOf } from './condition.ts';
import {
  type Course,
  type DiseaseStatus,
  lastOf,
  latestFirst,
  readAssessments,
  readDiseaseStatuses,
} from './disease-status.ts';
import { inMonths, type Months, monthsUntil } from './duration.ts';
import { coverage, type Fact, newestFirst, no, notFound, unknown, withValue, yes } from './fact.ts';
import {
  type CourseOfDisease,
  currentLines,
  MEDICATIONS,
  noneOf,
  progressionOn,
  progressionOnLatest,
} from './progression.ts';
import type { Readings } from './reading.ts';
import type { Settings } from './settings.ts';
import type { Spread } from './spread.ts';
import type { Exposure } from './systemic-therapy.ts';
import { type Drug, type Terminology, treatsCancer } from './terminology.ts';
import { fellOn, reignsOf, type TherapyLine, therapyLines } from './therapy-line.ts';

/** The systemic therapy of the ASPS over time, and how the disease went under it (facts: "Lines of therapy and disease status"). */
export interface Therapy {
  /** By their start. */
  readonly lines: readonly TherapyLine[];
  /** Latest first. */
  readonly statuses: readonly DiseaseStatus[];
  readonly ongoing: Fact;
  readonly progressionOnImmunotherapy: Fact;
  readonly progressionOnTki: Fact;
  /** Since the current therapy, or the last one, was started. */
  readonly progressionOnLatest: Fact;
  readonly worsened: Fact;
  /** The last status on the current drug. */
  readonly stableOrBetter: Fact;
  readonly responding: Fact;
  readonly lateResponseWindow: Fact;
  /** A PD-1/PD-L1 inhibitor was stopped since it was not tolerated. */
  readonly immunotherapyNotTolerated: Fact;
  readonly atezolizumabLong: Fact;
}

interface TherapyContext {
  readonly exposures: readonly Exposure[];
  readonly spread: Spread;
  readonly diagnosis: Diagnosis;
  readonly settings: Settings;
  readonly today: Day;
}

export function readTherapy(
  readings: Readings,
  { exposures, spread, diagnosis, settings, today }: TherapyContext,
  terminology: Terminology,
): Therapy {
  const lines = therapyLines(exposures, diagnosis, settings, today);
  const statuses = readDiseaseStatuses(readings, spread.primaries, terminology, today);
  const onFile = newestFirst(readAssessments(readings, spread.primaries, terminology));
  const course: CourseOfDisease = { statuses, appeared: appearedMetastases(spread, diagnosis, today), onFile };
  const progressionOnImmunotherapy = progressionOn('pd-1-pd-l1-inhibitor', lines, course, readings);
  const planned = exposures.filter(({ onlyPlanned, drug }) => onlyPlanned && treatsCancer(drug));
  return {
    lines,
    statuses,
    ongoing: ongoingFact(lines, planned, readings),
    progressionOnImmunotherapy,
    progressionOnTki: progressionOn('anti-angiogenic-tki', lines, course, readings),
    progressionOnLatest: progressionOnLatest(lines, course, readings),
    worsened: lastStatusIs(['worsened'], statuses, course, readings),
    stableOrBetter: onCurrentDrug(['stable', 'improved']),
    responding: onCurrentDrug(['improved']),
    lateResponseWindow: lateResponseWindow(),
    immunotherapyNotTolerated: immunotherapyNotTolerated(),
    atezolizumabLong: atezolizumabLong(),
  };

  /** The last status under the drug that goes on and was begun last. */
  function onCurrentDrug(courses: readonly Course[]): Fact {
    const ongoing = ongoingFact(lines, planned, readings);
    if (ongoing.state !== 'yes') return ongoing.state === 'no' ? no([], ongoing) : { ...ongoing, evidence: [] };
    const current = currentLines(lines);
    const reigns = reignsOf(current, []);
    // Under all of a combination: what fell on the older drug alone says nothing of the newer one.
    const under = statuses.filter(({ date }) => reigns.every((reign) => fellOn(date, reign) !== 'no'));
    const certain = under.filter(({ date }) => reigns.every((reign) => fellOn(date, reign) === 'yes'));
    const last = lastOf(under);
    if (last !== undefined && last !== 'undecided' && !certain.includes(last))
      return unknown([last.evidence], coverage(readings, ['observationsDiseaseStatus']), 'date-not-comparable');
    const fact = lastStatusIs(courses, under, course, readings);
    const medications = coverage(readings, MEDICATIONS);
    // Medication that was not read may hold another current drug.
    return fact.state === 'no' && medications.unread.length > 0 ? unknown(fact.evidence, medications) : fact;
  }

  /** On immunotherapy for less time than the latest response took, and no progression recorded (S-110). */
  function lateResponseWindow(): Fact {
    const immunotherapy = lines.filter(({ drug }) => drug.class === 'pd-1-pd-l1-inhibitor');
    const ongoing = immunotherapy.filter((line) => line.ongoing === 'yes');
    if (ongoing.length === 0)
      return notGoingOn(immunotherapy, ({ class: drugClass }) => drugClass === 'pd-1-pd-l1-inhibitor');
    if (progressionOnImmunotherapy.state === 'yes') {
      // A status that was not read may be later, and say that it is over.
      const status = coverage(readings, ['observationsDiseaseStatus']);
      const { evidence } = progressionOnImmunotherapy;
      return status.unread.length === 0 ? no(evidence) : unknown(evidence, status);
    }
    const evidence = newestFirst(ongoing.flatMap((line) => line.evidence.map((said) => ({ evidence: said }))));
    if (progressionOnImmunotherapy.unread.length > 0)
      return unknown(evidence, { searched: [], unread: progressionOnImmunotherapy.unread });
    const months = ongoing.flatMap((line) => sinceStart(line, today) ?? []);
    const long = months.find(({ least }) => least >= settings.lateResponseMonths);
    if (long !== undefined) return withValue(no(evidence), inMonths(long));
    // Medication that was not read may show an earlier start.
    const medications = coverage(readings, MEDICATIONS);
    if (medications.unread.length > 0) return unknown(evidence, medications);
    const [only] = months;
    // Begun anew, or changed for another of its class: when immunotherapy began is another question.
    return only !== undefined && immunotherapy.length === 1 && only.most < settings.lateResponseMonths
      ? withValue(yes(evidence), inMonths(only))
      : unknown(evidence, undefined, 'date-not-comparable');
  }

  /** By the reason of a stop alone: one that ended without a reason leaves it open, one that goes on or failed is tolerated as far as the chart shows. */
  function immunotherapyNotTolerated(): Fact {
    const immunotherapy = lines.filter(({ drug }) => drug.class === 'pd-1-pd-l1-inhibitor');
    const stops = immunotherapy.flatMap((line) => line.stops.filter(({ reason }) => reason === 'not-tolerated'));
    if (stops.length > 0) return yes(newestFirst(stops));
    const none = notFound(readings, MEDICATIONS, ['medicationStatements']);
    if (immunotherapy.length === 0) return none;
    const open = immunotherapy.filter((line) => line.ongoing !== 'yes' && line.stopReason === undefined);
    if (open.length > 0) return unknown(evidenceOf(open), none, 'not-recorded');
    return none.state === 'no' ? no(evidenceOf(immunotherapy), none) : unknown(evidenceOf(immunotherapy), none);
  }

  /** On atezolizumab for at least as long as those of the trial who paused it (S-111). */
  function atezolizumabLong(): Fact {
    const ofDrug = lines.filter(({ drug }) => drug.drug === 'atezolizumab');
    const line = ofDrug.findLast(({ ongoing }) => ongoing === 'yes');
    if (line === undefined) return notGoingOn(ofDrug, ({ drug }) => drug === 'atezolizumab');
    const months = sinceStart(line, today);
    if (months === undefined) return unknown(line.evidence, undefined, 'date-not-comparable');
    if (months.least >= settings.treatmentBreakMonths) return withValue(yes(line.evidence), inMonths(months));
    const medications = coverage(readings, MEDICATIONS);
    if (medications.unread.length > 0) return unknown(line.evidence, medications);
    return months.most < settings.treatmentBreakMonths && !line.again
      ? withValue(no(line.evidence), inMonths(months))
      : unknown(line.evidence, undefined, 'date-not-comparable');
  }

  /** None of the lines goes on for sure. */
  function notGoingOn(some: readonly TherapyLine[], is: (drug: Drug) => boolean): Fact {
    const ofThese = planned.filter(({ drug }) => is(drug));
    return ongoingFact(
      some.filter(({ ongoing }) => ongoing !== 'yes'),
      ofThese,
      readings,
    );
  }
}

/** The time on a line; unbounded where a record without a date may be older. */
function sinceStart(line: TherapyLine | undefined, today: Day): Months | undefined {
  return line?.start === undefined ? undefined : monthsUntil(line.start, today);
}

/** Does a systemic drug go on: ordered and in force, or given of late and not stopped? */
function ongoingFact(lines: readonly TherapyLine[], planned: readonly Exposure[], readings: Readings): Fact {
  const ongoing = lines.filter((line) => line.ongoing === 'yes');
  if (ongoing.length > 0) return yes(evidenceOf(ongoing));
  const none = notFound(readings, MEDICATIONS, ['medicationStatements']);
  const open = lines.filter((line) => line.ongoing === 'unknown');
  if (open.length > 0) {
    const isHeld = open.every((line) => line.onHold);
    return unknown(evidenceOf(open), none, isHeld ? 'on-hold' : 'date-not-comparable');
  }
  // Home medication is recorded as a plan by some EHRs: "no record" would be untrue.
  return planned.length > 0 ? unknown(newestFirst(planned), none, 'only-planned') : none;
}

/** The newest record of each line, newest first. */
function evidenceOf(lines: readonly TherapyLine[]): Fact['evidence'] {
  return newestFirst(lines.flatMap(({ evidence: [newest] }) => (newest === undefined ? [] : [{ evidence: newest }])));
}

/** Is the last of these statuses, latest first, one of the courses? None is unknown: nobody may have assessed it. */
function lastStatusIs(
  courses: readonly Course[],
  statuses: readonly DiseaseStatus[],
  course: CourseOfDisease,
  readings: Readings,
): Fact {
  const sources = coverage(readings, ['observationsDiseaseStatus']);
  const last = lastOf(statuses);
  if (last === undefined) return noneOf(course, sources);
  if (last === 'undecided') {
    return unknown(
      statuses.map(({ evidence }) => evidence),
      sources,
      'date-not-comparable',
    );
  }
  if (courses.includes(last.course)) return yes([last.evidence], sources);
  // A later page might hold a later one.
  return sources.unread.length === 0 ? no([last.evidence], sources) : unknown([last.evidence], sources);
}

/** Metastases that began after the diagnosis: each a worsening of its day. */
function appearedMetastases({ metastases }: Spread, { date }: Diagnosis, today: Day): readonly DiseaseStatus[] {
  return metastases
    .flatMap(({ condition, evidence }): DiseaseStatus[] => {
      const onset = onsetOf(condition);
      return onset === undefined || onset.start <= date.end || onset.start > today
        ? []
        : [{ course: 'worsened', date: onset, evidence }];
    })
    .toSorted(latestFirst);
}
