import { type DateInterval, readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCode, readCodedText } from './coding.ts';
import {
  coverage,
  type Evidence,
  type EvidenceKind,
  type Fact,
  newestFirst,
  no,
  notFound,
  unknown,
  yes,
} from './fact.ts';
import { asObjects, asText } from './json.ts';
import type { JsonObject, Readings, ResourceKey } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import type { Terminology } from './terminology.ts';

/** Imaging this long before the diagnosis still belongs to its work-up. */
export const WORK_UP_DAYS = 90;

export type Study = (typeof STUDIES)[number];

const STUDIES = ['mri-brain', 'ct-head', 'ct-chest', 'pet-ct'] as const;
/** Any of them: most records are of none, and one look has to do. */
const IMAGING = /\b(?:n?mr|ct|pet|cat|positron|magnetic|comput)/i;
const MRI = /\b(?:n?mri?|mrt|magnetic resonance)\b/i;
const CT = /\b(?:ct|cta|computed tomograph\w*|computeri[sz]ed (?:axial )?tomograph\w*|cat scan)\b/i;
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
/** PET of one organ does not stage. */
const ORGAN_PET = /\b(?:brain|cerebral|cardiac|myocardial|heart)\b/i;
/** The name of a study is short. */
const MAX_TEXT = 500;
const MODALITY: ReadonlyMap<string, string> = new Map([
  ['MR', 'MRI'],
  ['CT', 'CT'],
  ['PT', 'PET'],
]);

/** Which of the studies that the guideline asks for a record shows: by code, else by its words. */
export function studiesIn(concept: CodedText, terminology: Terminology): readonly Study[] {
  const sets = terminology.valueSetsOf(concept);
  const coded = sets.length === 0 ? [] : STUDIES.filter((study) => sets.includes(study));
  if (coded.length > 0) return coded;
  const text = concept.texts.length === 1 ? (concept.texts[0] ?? '') : concept.texts.join(' ');
  if (!IMAGING.test(text)) return [];
  return [...new Set(text.slice(0, MAX_TEXT).split(';').flatMap(studiesNamed))];
}

function studiesNamed(text: string): readonly Study[] {
  // "MRI thigh, brain MRI recommended": the one was done, the other is asked for.
  if (NOT_DONE.test(text)) return text.includes(',') ? text.split(',').flatMap(studiesNamed) : [];
  const scan = text.replaceAll(OTHER_TECHNIQUE, ' ');
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
  readonly state: 'done' | 'ordered' | 'order-completed';
  readonly date: DateInterval | undefined;
  readonly evidence: Evidence;
}

const PROCEDURE_STATES = states(['completed', 'unknown'], ['preparation', 'in-progress', 'on-hold']);
const REPORT_STATES = states(
  ['partial', 'preliminary', 'final', 'amended', 'corrected', 'appended', 'unknown'],
  ['registered'],
);
const STUDY_STATES = states(['available', 'unknown'], ['registered']);
const REQUEST_STATES: ReadonlyMap<string, ImagingRecord['state']> = new Map([
  ['active', 'ordered'],
  ['on-hold', 'ordered'],
  ['draft', 'ordered'],
  ['unknown', 'ordered'],
  ['completed', 'order-completed'],
]);
const NO_ORDER_INTENT = new Set(['proposal', 'plan', 'option']);

function states(done: readonly string[], ordered: readonly string[]): ReadonlyMap<string, ImagingRecord['state']> {
  return new Map([
    ...done.map((status) => [status, 'done'] as const),
    ...ordered.map((status) => [status, 'ordered'] as const),
  ]);
}

/** Every imaging record of the studies that the guideline asks for (facts: "Imaging"). */
export function readImaging(readings: Readings, terminology: Terminology): readonly ImagingRecord[] {
  return [
    ...read(
      'procedures',
      'Procedure',
      'procedure',
      PROCEDURE_STATES,
      codeOf,
      (procedure) => readDate(procedure['performedDateTime']) ?? readPeriod(procedure['performedPeriod']),
    ),
    ...read(
      'diagnosticReports',
      'DiagnosticReport',
      'report',
      REPORT_STATES,
      codeOf,
      (report) =>
        readDate(report['effectiveDateTime']) ?? readPeriod(report['effectivePeriod']) ?? readDate(report['issued']),
    ),
    ...read('imagingStudies', 'ImagingStudy', 'study', STUDY_STATES, studyConcepts, (study) =>
      readDate(study['started']),
    ),
    ...read(
      'serviceRequests',
      'ServiceRequest',
      'order',
      REQUEST_STATES,
      codeOf,
      (request) => readDate(request['authoredOn']) ?? readDate(request['occurrenceDateTime']),
    ),
  ];

  function read(
    key: ResourceKey,
    type: string,
    kind: EvidenceKind,
    byStatus: ReadonlyMap<string, ImagingRecord['state']>,
    conceptsOf: (resource: JsonObject) => readonly CodedText[],
    dateOf: (resource: JsonObject) => DateInterval | undefined,
  ): readonly ImagingRecord[] {
    return resourcesOf(readings, key, type).flatMap((resource) => {
      const state = stateOf(resource, byStatus);
      if (state === undefined) return [];
      const concepts = conceptsOf(resource);
      const studies = new Set(concepts.flatMap((concept) => studiesIn(concept, terminology)));
      if (studies.size === 0) return [];
      const date = dateOf(resource);
      const said = evidence(resource, kind, date, concepts.find(({ texts }) => texts.length > 0)?.texts[0]);
      return [...studies].map((study) => ({ study, state, date, evidence: said }));
    });
  }
}

function codeOf(resource: JsonObject): readonly CodedText[] {
  return [readCodedText(resource['code'], resource['bodySite'])];
}

/** An ImagingStudy says what it is in its description and procedure codes, or, series by series, by modality and site. */
function studyConcepts(study: JsonObject): readonly CodedText[] {
  const said = readCodedText({ text: study['description'] }, study['procedureCode']);
  const series = asObjects(study['series']).flatMap((one): CodedText[] => {
    const modality = asObjects(one['modality']).flatMap((coding) => MODALITY.get(asText(coding['code']) ?? '') ?? []);
    const site = asObjects(one['bodySite']).flatMap((coding) => asText(coding['display']) ?? []);
    return modality.length === 0 || site.length === 0 ? [] : [{ codings: [], texts: [`${modality[0]} ${site[0]}`] }];
  });
  return [said, ...series];
}

function stateOf(
  resource: JsonObject,
  byStatus: ReadonlyMap<string, ImagingRecord['state']>,
): ImagingRecord['state'] | undefined {
  if (resource['doNotPerform'] === true) return undefined;
  const intent = readCode(resource['intent']);
  if (resource['resourceType'] === 'ServiceRequest' && intent !== undefined && NO_ORDER_INTENT.has(intent))
    return undefined;
  const status = resource['status'];
  return byStatus.get(typeof status === 'string' ? status : 'unknown');
}

/** Was one of the studies done since the diagnosis, the work-up before it included? Undated images decide nothing. */
export function doneSince(
  studies: readonly Study[],
  records: readonly ImagingRecord[],
  diagnosis: DateInterval,
  readings: Readings,
): Fact {
  const done = records.filter(({ study, state }) => state === 'done' && studies.includes(study));
  const since = done.filter(({ date }) => date !== undefined && date.start >= diagnosis.end - WORK_UP_DAYS);
  const sources = coverage(readings, ['procedures', 'diagnosticReports', 'imagingStudies']);
  if (since.length > 0) return yes(newestFirst(since), sources);
  const open = done.filter(({ date }) => date === undefined || date.end >= diagnosis.start - WORK_UP_DAYS);
  if (open.length > 0) return unknown(newestFirst(open), sources, 'date-not-comparable');
  const none = notFound(readings, ['procedures', 'diagnosticReports'], ['imagingStudies']);
  // What was done too early is named: it is the reason why something seems to be there already.
  return none.state === 'no' ? no(newestFirst(done), sources) : none;
}

/** Is one of the studies on order since the diagnosis, be it asked for, planned, or closed? Orders left open from before do not count. */
export function orderedSince(
  studies: readonly Study[],
  records: readonly ImagingRecord[],
  diagnosis: DateInterval,
  drafted: readonly Evidence[],
  readings: Readings,
): Fact {
  const ofStudies = records.filter(({ study, state }) => studies.includes(study) && state !== 'done');
  const ordered = ofStudies.filter(({ state, date }) =>
    state === 'ordered'
      ? date === undefined || date.end >= diagnosis.start - WORK_UP_DAYS
      : date !== undefined && date.start >= diagnosis.end - WORK_UP_DAYS,
  );
  if (ordered.length + drafted.length > 0) return yes([...drafted, ...newestFirst(ordered)]);
  const none = notFound(readings, ['serviceRequests', 'procedures', 'diagnosticReports'], ['imagingStudies']);
  const open = ofStudies.filter(
    ({ state, date }) =>
      state === 'order-completed' && (date === undefined || date.end >= diagnosis.start - WORK_UP_DAYS),
  );
  return open.length > 0 ? unknown(newestFirst(open), none, 'date-not-comparable') : none;
}
