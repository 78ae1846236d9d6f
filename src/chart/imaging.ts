import { type DateInterval, readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCode, readCodedText } from './coding.ts';
import { coverage, type Evidence, type EvidenceKind, type Fact, no, notFound, unknown, yes } from './fact.ts';
import { asObjects, asText } from './json.ts';
import type { JsonObject, Readings, ResourceKey } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';
import { newestFirst } from './systemic-therapy.ts';
import type { Terminology } from './terminology.ts';

/** Imaging this long before the diagnosis still belongs to its work-up. */
export const WORK_UP_DAYS = 90;

export type Study = (typeof STUDIES)[number];

const STUDIES = ['mri-brain', 'ct-head', 'ct-chest', 'pet-ct'] as const;
/** Any of them: most records are of none, and one look has to do. */
const IMAGING = /\b(?:mr|ct|pet|cat|positron|magnetic|comput)/i;
const MRI = /\b(?:mri?|mrt|magnetic resonance)\b/i;
const CT = /\b(?:ct|cta|computed tomograph\w*|computeri[sz]ed (?:axial )?tomograph\w*|cat scan)\b/i;
const BRAIN = /\b(?:brain|cerebr\w*|intracranial)\b/i;
const HEAD = /\b(?:head|brain|cerebr\w*|cranial|intracranial)\b/i;
const CHEST = /\b(?:chest|thorax|thoracic|lungs?|pulmonary|c\/a\/p|cap)\b/i;
const PET = /\bpet\b|positron emission/i;
/** Vessels, spine and planning scans look at something else. */
const NOT_STAGING = /\b(?:angio\w*|mra|mrv|venogra\w*|spectroscopy|spine|guidance)\b/i;
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
  if (!IMAGING.test(text) || NOT_STAGING.test(text)) return [];
  const found: Study[] = [];
  if (PET.test(text)) found.push('pet-ct');
  if (MRI.test(text) && HEAD.test(text)) found.push('mri-brain');
  else if (CT.test(text)) {
    if (CHEST.test(text)) found.push('ct-chest');
    else if (HEAD.test(text) || BRAIN.test(text)) found.push('ct-head');
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
    ...read('imagingStudies', 'ImagingStudy', 'study', STUDY_STATES, studyConcept, (study) =>
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
    conceptOf: (resource: JsonObject) => CodedText,
    dateOf: (resource: JsonObject) => DateInterval | undefined,
  ): readonly ImagingRecord[] {
    return resourcesOf(readings, key, type).flatMap((resource) => {
      const state = stateOf(resource, byStatus);
      if (state === undefined) return [];
      const concept = conceptOf(resource);
      const date = dateOf(resource);
      return studiesIn(concept, terminology).map((study) => ({
        study,
        state,
        date,
        evidence: evidence(resource, kind, date, concept.texts[0]),
      }));
    });
  }
}

function codeOf(resource: JsonObject): CodedText {
  return readCodedText(resource['code'], resource['bodySite']);
}

/** An ImagingStudy says what it is in its description, its procedure codes, or its modality and body site. */
function studyConcept(study: JsonObject): CodedText {
  const said = readCodedText({ text: study['description'] }, study['procedureCode']);
  const series = asObjects(study['series']);
  const modalities = [...asObjects(study['modality']), ...series.flatMap((one) => asObjects(one['modality']))];
  const sites = series.flatMap((one) => asObjects(one['bodySite']));
  const words = [
    ...modalities.flatMap((coding) => MODALITY.get(String(coding['code'])) ?? []),
    ...sites.flatMap((coding) => asText(coding['display']) ?? []),
  ];
  return { codings: said.codings, texts: [...said.texts, ...(words.length > 0 ? [words.join(' ')] : [])] };
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

/** Is one of the studies on order, be it asked for, planned, or asked for since the diagnosis and closed? */
export function orderedSince(
  studies: readonly Study[],
  records: readonly ImagingRecord[],
  diagnosis: DateInterval,
  drafted: readonly Evidence[],
  readings: Readings,
): Fact {
  const ordered = records.filter(
    ({ study, state, date }) =>
      studies.includes(study) &&
      (state === 'ordered' ||
        (state === 'order-completed' && date !== undefined && date.start >= diagnosis.end - WORK_UP_DAYS)),
  );
  if (ordered.length + drafted.length > 0) return yes([...drafted, ...newestFirst(ordered)]);
  return notFound(readings, ['serviceRequests']);
}
