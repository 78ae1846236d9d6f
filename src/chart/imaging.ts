import type { DateInterval } from './calendar.ts';
import type { CodedText } from './coding.ts';
import { coverage, type Evidence, type Fact, newestFirst, no, notFound, unknown, yes } from './fact.ts';
import type { Readings } from './reading.ts';
import type { ServiceRecord, ServiceState } from './service-record.ts';
import type { Terminology } from './terminology.ts';

export type Study = (typeof STUDIES)[number];

const STUDIES = ['mri-brain', 'ct-head', 'ct-chest', 'pet-ct'] as const;
/** Any of them: most records are of none, and one look has to do. */
const IMAGING = /\b(?:[fn]?mr|(?:hr)?ct|pet|cat|positron|magnetic|comput)/i;
const MRI = /\b(?:[fn]?mri?|mrt|magnetic resonance)\b/i;
const CT = /\b(?:(?:hr)?ct|cta|computed tomograph\w*|computeri[sz]ed (?:axial )?tomograph\w*|cat scan)\b/i;
const BRAIN = /\b(?:brain|cerebr\w{0,10}|intracranial)\b/i;
const HEAD = /\b(?:head|cranial)\b/i;
/** Heads of other things, and parts of the head that are not the brain. */
const OTHER_HEAD =
  /\b(?:femoral|femur|humeral|humerus|radial|radius|fibular|metatarsal|pancrea\w{0,4}|hip|shoulder|neck|face|facial|orbits?|sinus\w{0,3}|pituitary|sella|iac|tmj)\b/i;
const CHEST = /\b(?:chest|thorax|thoracic|lungs?|pulmonary|c\/a\/p|cap)\b/i;
const PET = /\bpet\b|positron emission/i;
/** Vessels and metabolites are not the organ: the words are taken out, and what is left has to name a scan. */
const OTHER_TECHNIQUE =
  /\b(?:(?:mr|ct|magnetic resonance) (?:imaging )?(?:angio\w{0,8}|venogra\w{0,4}|spectroscop\w{0,3})|ct (?:\w{1,12} )?angio\w{0,8}|mra|mrv|cta)\b(?: (?:of|the|head|brain|neck|intracranial|cerebral)\b)*/gi;
/** The images were never made, or made for something else. */
const NOT_DONE =
  /\b(?:declined|refused|not (?:done|performed|indicated|needed)|cancell?ed|deferred|recommended|advised|suggested|guid(?:ed|ance)|biopsy|simulation)\b/i;
/** Named to compare with, not because it was made now; up to the end of the entry. */
const COMPARED = /(?<=[\s,(-])\b(?:priors?|previous|comparison|compared|correlat(?:e|ed|ion)|in comparison)\b[^;]*/gi;
/** PET of one organ does not stage. */
const ORGAN_PET = /\b(?:brain|cerebral|cardiac|myocardial|heart)\b/i;
/** The name of a study is short. */
const MAX_TEXT = 500;
/** Which of the studies that the guideline asks for a record shows: by code, else by its words. */
export function studiesIn(concept: CodedText, terminology: Terminology): readonly Study[] {
  const sets = terminology.valueSetsOf(concept);
  const coded = sets.length === 0 ? [] : STUDIES.filter((study) => sets.includes(study));
  if (coded.length > 0) return coded;
  const text = concept.texts.length === 1 ? (concept.texts[0] ?? '') : concept.texts.join(' ');
  if (!IMAGING.test(text)) return [];
  return [...new Set(scansIn(text).flatMap(studiesNamed))];
}

/** The entries of a text that name what was really made, in words; each of one visit to a scanner. */
export function scansIn(text: string): readonly string[] {
  return (
    text
      .slice(0, MAX_TEXT)
      .split(';')
      // "CT chest, previous appointment cancelled" still says that it was not made.
      .map((entry) => entry.replaceAll(COMPARED, (compared) => (NOT_DONE.test(compared) ? compared : ' ')))
      .flatMap(made)
      .map((entry) => entry.replaceAll(OTHER_TECHNIQUE, ' '))
  );
}

function made(entry: string): readonly string[] {
  if (!NOT_DONE.test(entry)) return [entry];
  // "MRI thigh, brain MRI recommended": the one was done, the other is asked for.
  return entry.split(',').filter((part) => !NOT_DONE.test(part));
}

/** Does it speak of an MRI, whatever of? */
export function namesMri(text: string): boolean {
  return MRI.test(text);
}

function studiesNamed(scan: string): readonly Study[] {
  const found: Study[] = [];
  const ofHead = BRAIN.test(scan) || (HEAD.test(scan) && !OTHER_HEAD.test(scan));
  if (PET.test(scan) && (CHEST.test(scan) || !ORGAN_PET.test(scan))) found.push('pet-ct');
  if (MRI.test(scan) && ofHead) found.push('mri-brain');
  else if (CT.test(scan)) {
    if (CHEST.test(scan)) found.push('ct-chest');
    else if (ofHead && !PET.test(scan)) found.push('ct-head');
  }
  return found;
}

/** One imaging record: which study, done or only ordered, and when. */
export interface ImagingRecord {
  readonly study: Study;
  readonly state: ServiceState;
  readonly date: DateInterval | undefined;
  readonly evidence: Evidence;
}

/** Every imaging record of the studies that the guideline asks for (facts: "Imaging"). */
export function readImaging(services: readonly ServiceRecord[], terminology: Terminology): readonly ImagingRecord[] {
  return services.flatMap(({ concepts, state, date, evidence }) => {
    const studies = new Set(concepts.flatMap((concept) => studiesIn(concept, terminology)));
    return [...studies].map((study) => ({ study, state, date, evidence }));
  });
}

/** The images of these studies. */
export function imagesOf(studies: readonly Study[], records: readonly ImagingRecord[]): readonly ImagingRecord[] {
  return records.filter(({ study }) => studies.includes(study));
}

/** A service by its day. */
type Dated = Pick<ServiceRecord, 'state' | 'date' | 'evidence'>;

/** The day from which services count, and how long before it they belong to it all the same. */
export interface Since {
  readonly date: DateInterval;
  readonly workUpDays: number;
}

/** Was one of the services done since then, the work-up before it included? What is undated decides nothing. */
export function doneSince(records: readonly Dated[], { date: from, workUpDays }: Since, readings: Readings): Fact {
  const done = records.filter(({ state }) => state === 'done');
  const since = done.filter(({ date }) => date !== undefined && date.start >= from.end - workUpDays);
  const sources = coverage(readings, ['procedures', 'diagnosticReports', 'imagingStudies']);
  if (since.length > 0) return yes(newestFirst(since), sources);
  const open = done.filter(({ date }) => date === undefined || date.end >= from.start - workUpDays);
  if (open.length > 0) return unknown(newestFirst(open), sources, 'date-not-comparable');
  const none = notFound(readings, ['procedures', 'diagnosticReports'], ['imagingStudies']);
  // What was done too early is named: it is the reason why something seems to be there already.
  return none.state === 'no' ? no(newestFirst(done), sources) : none;
}

/** Is one of the services on order since then, be it asked for, planned, or closed? Orders left open from before do not count. */
export function orderedSince(
  records: readonly Dated[],
  { date: from, workUpDays }: Since,
  drafted: readonly Evidence[],
  readings: Readings,
): Fact {
  const asked = records.filter(({ state }) => state !== 'done');
  const ordered = asked.filter(({ state, date }) =>
    state === 'ordered'
      ? date === undefined || date.end >= from.start - workUpDays
      : date !== undefined && date.start >= from.end - workUpDays,
  );
  if (ordered.length + drafted.length > 0) return yes([...drafted, ...newestFirst(ordered)]);
  const none = notFound(readings, ['serviceRequests', 'procedures', 'diagnosticReports'], ['imagingStudies']);
  const open = asked.filter(
    ({ state, date }) => state === 'order-completed' && (date === undefined || date.end >= from.start - workUpDays),
  );
  return open.length > 0 ? unknown(newestFirst(open), none, 'date-not-comparable') : none;
}
