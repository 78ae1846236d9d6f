/** A JSON object as it came in: nothing about its members is known yet. */
export type JsonObject = { readonly [member: string]: unknown };

/** The parts of a chart, each one prefetch key and one FHIR query (design: "Prefetch keys"). */
export const RESOURCE_KEYS = [
  'patient',
  'conditions',
  'procedures',
  'medicationRequests',
  'medicationAdministrations',
  'medicationStatements',
  'serviceRequests',
  'diagnosticReports',
  'imagingStudies',
  'encounters',
  'careTeams',
  'observationsStaging',
  'observationsDiseaseStatus',
  'observationsBodyWeight',
  'observationsPerformanceStatus',
  'observationsBiomarkers',
  'observationsLaboratory',
] as const;

export type ResourceKey = (typeof RESOURCE_KEYS)[number];

/** Why a part of the chart could not be read to its end. One closed set: it is shown to clinicians in words. */
export type UnreadReason =
  | 'not-sent' // the client sent no such key and gave no server to ask (CH-69)
  | 'failed' // an OperationOutcome, a server error or a dropped connection (CH-65)
  | 'refused' // 401 or 403 (CH-84)
  | 'not-offered' // 404, 410 or 501: the server does not have this resource type
  | 'timed-out' // the time budget ended first
  | 'malformed' // not JSON, not FHIR, the wrong resource type or another patient's
  | 'more-pages'; // a next page that could not be followed (CH-70), or more than was sent, or a search that does not find all

/**
 * What was read of one part of the chart. `complete`: everything there is, be it nothing.
 * `incomplete`: some, and more may exist. `unread`: could not look, so that nothing may be concluded.
 */
export type Reading =
  | ({ readonly state: 'complete' } & ReadResources)
  | ({ readonly state: 'incomplete'; readonly reason: UnreadReason } & ReadResources)
  | { readonly state: 'unread'; readonly reason: UnreadReason };

interface ReadResources {
  readonly resources: readonly JsonObject[];
  /**
   * Ids of the Medications that the records refer to and that were looked for in vain: what they are, a display says, or nothing.
   * Absent: none.
   */
  readonly unresolved?: readonly string[];
}

/** What was read of a patient's chart; a key that is absent was not asked for. */
export type Readings = ReadonlyMap<ResourceKey, Reading>;
