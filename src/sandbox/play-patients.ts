import { isJsonObject } from '../cds-hooks/json.ts';
import type { DiscoveredService } from '../ehr-demo/hook-request.ts';
import { type PatientStore, type Resource, storeOf } from '../ehr-demo/patient-store.ts';
import { type PrefetchTemplates, resolvePrefetch } from '../ehr-demo/prefetch.ts';
import type { Scenario } from '../ehr-demo/scenarios.ts';
import { missingResources } from './compare.ts';
import type { FhirRest } from './fhir-rest.ts';
import type { LoadedPatient } from './load-patients.ts';
import { type PlayedCall, type PlayOptions, playBothWays } from './play-calls.ts';
import { type FilledPrefetch, prefetchFromServer } from './prefetch-from-server.ts';
import type { PatientNote } from './report.ts';
import { callsForAnyone, type PlannedCall, scenarioCalls } from './scenario-calls.ts';
import { isResource, resourcesIn } from './search-pages.ts';

/** A patient whose calls are to be made: one of ours, or one of the server's. */
export type Subject =
  | { readonly kind: 'ours'; readonly scenario: Scenario; readonly loaded: LoadedPatient }
  | { readonly kind: 'theirs'; readonly patientId: string };

/** What the calls brought. */
export type Played = {
  readonly calls: readonly PlayedCall[];
  readonly notes: readonly PatientNote[];
  /** Did the service end before the last call? */
  readonly serviceEnded: boolean;
};

export type PatientPlayOptions = PlayOptions & {
  readonly rest: FhirRest;
  /** By how many days the dates of the fixtures move. */
  readonly days: number;
  readonly isServiceRunning: () => boolean;
  readonly onStep: (patient: string) => void;
};

/** Makes every call of every patient both ways. Stops early if the run is ended or the service has. */
export async function playPatients(subjects: readonly Subject[], options: PatientPlayOptions): Promise<Played> {
  const calls: PlayedCall[] = [];
  const notes: PatientNote[] = [];
  const templates = allTemplates(options.services);
  for (const subject of subjects) {
    const patient = subject.kind === 'ours' ? subject.loaded.name : subject.patientId;
    const patientId = subject.kind === 'ours' ? subject.loaded.chart.patientId : subject.patientId;
    options.onStep(patient);
    // oxlint-disable-next-line no-await-in-loop -- one patient after the other, or the times would be those of a crowd
    const filled = await prefetchFromServer(options.rest, templates, patientId, options.token);
    notes.push(...notesOn(subject, patient, filled, templates));
    for (const planned of plannedCalls(subject, filled, options)) {
      if (options.signal.aborted) return { calls, notes, serviceEnded: false };
      if (!options.isServiceRunning()) return { calls, notes, serviceEnded: true };
      // oxlint-disable-next-line no-await-in-loop -- one call after the other, or the times would be those of a crowd
      calls.push(...(await playBothWays(patient, planned, filled.prefetch, options)));
    }
  }
  return { calls, notes, serviceEnded: !options.isServiceRunning() };
}

function plannedCalls(
  subject: Subject,
  { prefetch }: FilledPrefetch,
  { services, days }: PatientPlayOptions,
): readonly PlannedCall[] {
  if (subject.kind === 'ours') return scenarioCalls(subject.scenario, subject.loaded, days);
  const hooks = services.map(({ hook }) => hook);
  return callsForAnyone(hooks, chartOf(subject.patientId, prefetch), days);
}

/** What of the patient was read, as a chart. */
function chartOf(patientId: string, prefetch: Readonly<Record<string, unknown>>): PatientStore {
  const resources = Object.values(prefetch).flatMap((value) => {
    if (!isJsonObject(value)) return [];
    return value['resourceType'] === 'Bundle' ? resourcesIn(value) : isResource(value) ? [value] : [];
  });
  return storeOf(patientId, resources);
}

function notesOn(
  subject: Subject,
  patient: string,
  { prefetch, unfilled }: FilledPrefetch,
  templates: PrefetchTemplates,
): readonly PatientNote[] {
  const patientId = subject.kind === 'ours' ? subject.loaded.chart.patientId : subject.patientId;
  const neutral: readonly PatientNote[] = [
    ...unfilled.map((note) => ({ patient, kind: 'not-filled' as const, note: `prefetch ${note}` })),
    ...othersNote(patient, chartOf(patientId, prefetch)),
  ];
  if (subject.kind === 'theirs') return isThere(patientId, prefetch) ? neutral : [...neutral, nobody(patient)];
  const { resources } = subject.loaded.chart;
  // The demo EHR searches the same records as FHIR wants them searched.
  const findable = resources.filter((resource) => isOfPatient(resource, patientId));
  const missing = missingResources(resolvePrefetch(templates, { patientId }, findable), prefetch);
  if (missing.length === 0) return neutral;
  const note = `created, and not found by a search: ${missing.join(', ')}`;
  return [...neutral, { patient, kind: 'not-found', note }];
}

function isThere(patientId: string, prefetch: Readonly<Record<string, unknown>>): boolean {
  return chartOf(patientId, prefetch).byReference(`Patient/${patientId}`) !== undefined;
}

/** A server that does not know the search parameter `patient` may ignore it. */
function othersNote(patient: string, { patientId, resources }: PatientStore): readonly PatientNote[] {
  const others = resources.filter(({ subject }) => {
    const reference = isJsonObject(subject) ? subject['reference'] : undefined;
    const [, id] = typeof reference === 'string' ? (/(?:^|\/)Patient\/([^/]+)$/.exec(reference) ?? []) : [];
    return id !== undefined && id !== patientId;
  });
  if (others.length === 0) return [];
  const note = `searches brought ${others.length} records of other patients, which the service leaves out`;
  return [{ patient, kind: 'others', note }];
}

/** Of nobody there are no cards, by either way. */
function nobody(patient: string): PatientNote {
  return { patient, kind: 'not-found', note: 'there is no such patient, or it may not be read' };
}

/** A record that names no patient is in nobody's search, such as what some EHRs leave of one that was entered in error. */
function isOfPatient({ resourceType, id, subject }: Resource, patientId: string): boolean {
  if (resourceType === 'Medication') return true;
  return id === patientId || (isJsonObject(subject) && subject['reference'] === `Patient/${patientId}`);
}

function allTemplates(services: readonly DiscoveredService[]): PrefetchTemplates {
  return Object.assign({}, ...services.map(({ prefetch = {} }) => prefetch)) as PrefetchTemplates;
}
