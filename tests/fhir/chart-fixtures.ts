import type { ResourceKey } from '../../src/chart/reading.ts';
import {
  type ChartCall,
  type ChartSource,
  type ChartSourceOptions,
  openChartSource,
} from '../../src/fhir/chart-source.ts';
import type { FhirAnswer } from '../../src/fhir/fhir-answer.ts';
import { createFhirServer, type FhirRequest, type FhirServerPort } from '../../src/fhir/fhir-server.ts';
import { rememberServers } from '../../src/fhir/server-memories.ts';
import type { FhirTraffic } from '../../src/fhir/traffic.ts';

export const base = 'http://127.0.0.1:9/fhir';

const search = (type: string): string => `${type}?patient={{context.patientId}}`;

export const queries: Readonly<Record<ResourceKey, string>> = {
  patient: 'Patient/{{context.patientId}}',
  conditions: search('Condition'),
  procedures: search('Procedure'),
  medicationRequests: search('MedicationRequest'),
  medicationAdministrations: search('MedicationAdministration'),
  medicationStatements: search('MedicationStatement'),
  serviceRequests: search('ServiceRequest'),
  diagnosticReports: search('DiagnosticReport'),
  imagingStudies: search('ImagingStudy'),
  encounters: search('Encounter'),
  careTeams: search('CareTeam'),
  observationsStaging: `${search('Observation')}&code=http://loinc.org|21908-9`,
  observationsDiseaseStatus: `${search('Observation')}&code=http://loinc.org|97509-4`,
  observationsBodyWeight: `${search('Observation')}&code=http://loinc.org|29463-7`,
  observationsPerformanceStatus: `${search('Observation')}&code=http://loinc.org|89247-1`,
  observationsBiomarkers: `${search('Observation')}&code=http://loinc.org|95779-5`,
  observationsLaboratory: `${search('Observation')}&code=http://loinc.org|1920-8`,
};

/** A resource of patient p1, unless another patient is named. */
export function resource(resourceType: string, id: string, patientId = 'p1') {
  return { resourceType, id, subject: { reference: `Patient/${patientId}` } };
}

export function condition(id: string, patientId = 'p1') {
  return resource('Condition', id, patientId);
}

export function bundle(resources: readonly unknown[], next?: string) {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
    entry: resources.map((each) => ({ resource: each })),
  };
}

export function outcome(severity: string) {
  return { resourceType: 'OperationOutcome', issue: [{ severity, code: 'processing' }] };
}

/** A server that answers from a table by URL; what the table lacks it does not offer. It keeps what it was asked, without aids. */
export class ScriptedServer implements FhirServerPort {
  readonly asked: FhirRequest[] = [];
  readonly #answers: Readonly<Record<string, unknown>>;

  constructor(answers: Readonly<Record<string, unknown>> = {}) {
    this.#answers = answers;
  }

  get(request: FhirRequest): Promise<FhirAnswer> {
    const url = withoutAids(request.url);
    this.asked.push({ ...request, url });
    const path = url.slice(base.length + 1);
    if (!Object.hasOwn(this.#answers, path)) return Promise.resolve({ kind: 'failed', reason: 'not-offered' });
    return Promise.resolve({ kind: 'answered', body: this.#answers[path] });
  }
}

/** What was asked for, without what only saves round trips (tests/fhir/ways.test.ts). */
export function withoutAids(url: string): string {
  return url.replace(/(?:&_include=[^&]*)?&_count=\d+$/, '');
}

/** Where nobody looks at what passes. */
const UNWATCHED: FhirTraffic = { exchanged: () => {}, spared: () => {} };

/** Servers as a process knows them that has just started. */
export function newServers(port: FhirServerPort, budgetMs = 1500): NonNullable<ChartSourceOptions['servers']> {
  return {
    port,
    budgetMs,
    memories: rememberServers(),
    traffic: UNWATCHED,
    client: undefined,
    policy: { mode: 'open' },
    reach: { kind: 'any' },
  };
}

/** Opens the chart of patient p1; without `fhirServer` there is no server to ask. */
export function openChart(
  call: Partial<ChartCall>,
  port: FhirServerPort = createFhirServer(),
  budgetMs = 1500,
): ChartSource {
  return openChartSource(
    { patientId: 'p1', prefetch: undefined, accessToken: 'secret', ...call },
    { queries, servers: newServers(port, budgetMs) },
  );
}
