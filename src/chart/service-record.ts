import { type DateInterval, readDate, readPeriod } from './calendar.ts';
import { type CodedText, readCode, readCodedText } from './coding.ts';
import type { Evidence, EvidenceKind } from './fact.ts';
import { asObjects, asText } from './json.ts';
import type { JsonObject, Readings, ResourceKey } from './reading.ts';
import { evidence, resourcesOf } from './resource.ts';

/** How far a service has come: it took place, it is asked for, or its order is closed without a day of its own. */
export type ServiceState = 'done' | 'ordered' | 'order-completed';

/**
 * Something that was or is to be done for the patient – a scan, an operation, a test, a referral –, wherever it stands:
 * Procedure, DiagnosticReport, ImagingStudy, ServiceRequest or a proposed Appointment (facts: "Imaging"). What it is, its
 * concepts say.
 */
export interface ServiceRecord {
  /** Where it was read; `context`: an Appointment of the call itself. */
  readonly key: ResourceKey | 'context';
  readonly state: ServiceState;
  readonly date: DateInterval | undefined;
  readonly concepts: readonly CodedText[];
  readonly evidence: Evidence;
  readonly resource: JsonObject;
}

const MODALITY: ReadonlyMap<string, string> = new Map([
  ['MR', 'MRI'],
  ['CT', 'CT'],
  ['PT', 'PET'],
]);
const NO_ORDER_INTENT = new Set(['proposal', 'plan', 'option']);

interface Source {
  readonly key: ResourceKey;
  readonly type: string;
  readonly kind: EvidenceKind;
  readonly states: ReadonlyMap<string, ServiceState>;
  readonly conceptsOf: (resource: JsonObject) => readonly CodedText[];
  readonly dateOf: (resource: JsonObject) => DateInterval | undefined;
}

const SOURCES: readonly Source[] = [
  {
    key: 'procedures',
    type: 'Procedure',
    kind: 'procedure',
    states: states(['completed', 'unknown'], ['preparation', 'in-progress', 'on-hold']),
    conceptsOf: codeOf,
    dateOf: (procedure) => readDate(procedure['performedDateTime']) ?? readPeriod(procedure['performedPeriod']),
  },
  {
    key: 'diagnosticReports',
    type: 'DiagnosticReport',
    kind: 'report',
    states: states(['partial', 'preliminary', 'final', 'amended', 'corrected', 'appended', 'unknown'], ['registered']),
    conceptsOf: codeOf,
    dateOf: (report) =>
      readDate(report['effectiveDateTime']) ?? readPeriod(report['effectivePeriod']) ?? readDate(report['issued']),
  },
  {
    key: 'imagingStudies',
    type: 'ImagingStudy',
    kind: 'study',
    states: states(['available', 'unknown'], ['registered']),
    conceptsOf: studyConcepts,
    dateOf: (study) => readDate(study['started']),
  },
  {
    key: 'serviceRequests',
    type: 'ServiceRequest',
    kind: 'request',
    states: new Map([
      ['active', 'ordered'],
      ['on-hold', 'ordered'],
      ['draft', 'ordered'],
      ['unknown', 'ordered'],
      ['completed', 'order-completed'],
    ]),
    conceptsOf: codeOf,
    dateOf: (request) => readDate(request['authoredOn']) ?? readDate(request['occurrenceDateTime']),
  },
];

function states(done: readonly string[], ordered: readonly string[]): ReadonlyMap<string, ServiceState> {
  return new Map([
    ...done.map((status) => [status, 'done'] as const),
    ...ordered.map((status) => [status, 'ordered'] as const),
  ]);
}

/** Every service on file that took place or is asked for; void ones, proposals and "do not perform" left out. */
export function readServiceRecords(readings: Readings): readonly ServiceRecord[] {
  return SOURCES.flatMap(({ key, type, kind, states: byStatus, conceptsOf, dateOf }) =>
    resourcesOf(readings, key, type).flatMap((resource) => {
      const state = stateOf(resource, byStatus);
      if (state === undefined) return [];
      const concepts = conceptsOf(resource);
      const date = dateOf(resource);
      const said = evidence(resource, kind, date, concepts.find(({ texts }) => texts.length > 0)?.texts[0]);
      return [{ key, state, date, concepts, evidence: said, resource }];
    }),
  );
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

function stateOf(resource: JsonObject, byStatus: ReadonlyMap<string, ServiceState>): ServiceState | undefined {
  if (resource['doNotPerform'] === true) return undefined;
  const intent = readCode(resource['intent']);
  if (resource['resourceType'] === 'ServiceRequest' && intent !== undefined && NO_ORDER_INTENT.has(intent))
    return undefined;
  const status = resource['status'];
  return byStatus.get(typeof status === 'string' ? status : 'unknown');
}
