import type { Resource } from '../ehr-demo/patient-store.ts';
import { loadPatient, loadScenarios } from '../ehr-demo/scenarios.ts';
import type { SandboxArguments } from './arguments.ts';
import { type CleanUp, type CleanUpOptions, cleanUp } from './clean-up.ts';
import { fhirRest } from './fhir-rest.ts';
import type { Loaded } from './load-scenarios.ts';
import type { ReportedCleanUp } from './report.ts';
import { referenceOf } from './resource-reference.ts';
import type { ServerAbilities } from './server-abilities.ts';

/** Says what a run leaves on the server on purpose. */
export function keep(run: string, { patients, created }: Loaded): ReportedCleanUp {
  const ids = patients.map(({ loaded: { name, chart } }) => [name, chart.patientId] as const);
  return { kind: 'kept', tag: run, patients: Object.fromEntries(ids), resources: created.flat().length };
}

/** Deletes what a run has created. Not to be interrupted; what goes wrong is something left over. */
export async function deleteLoaded(
  { fhirServer: base, token }: SandboxArguments,
  run: string,
  { created, uncertain, lost }: Loaded,
  { types }: ServerAbilities,
): Promise<ReportedCleanUp> {
  const options = { rest: fhirRest({ base, token }), run, types: typesOf(types), hasLost: lost };
  const cleaned = await cleanedUp(options, created);
  if (cleaned === undefined) return { kind: 'unsettled', tag: run, known: created.flat().map(referenceOf) };
  if (!isClean(cleaned) || (uncertain && !cleaned.searched)) return { kind: 'left-over', tag: run, ...cleaned };
  const isNothing = cleaned.deleted === 0 && created.flat().length === 0;
  return isNothing ? { kind: 'nothing-created', tag: run } : { kind: 'deleted', tag: run, resources: cleaned.deleted };
}

/** Deletes what an earlier run left under its tag. Not to be interrupted. */
export async function deleteTagged(
  { fhirServer: base, token }: SandboxArguments,
  tag: string,
  { types }: ServerAbilities,
): Promise<ReportedCleanUp> {
  const cleaned = await cleanedUp({ rest: fhirRest({ base, token }), run: tag, types: typesOf(types) }, []);
  if (cleaned === undefined) return { kind: 'unsettled', tag, known: [] };
  return isClean(cleaned) && cleaned.searched
    ? { kind: 'deleted', tag, resources: cleaned.deleted }
    : { kind: 'left-over', tag, ...cleaned };
}

/** Undefined if it broke off: nobody knows how far it came. */
async function cleanedUp(
  options: CleanUpOptions,
  created: readonly (readonly Resource[])[],
): Promise<CleanUp | undefined> {
  try {
    return await cleanUp(options, created);
  } catch {
    // Whoever started the run has to hear what is on the server, more than of a mistake in here.
    return undefined;
  }
}

function isClean({ left, untagged, lost }: CleanUp): boolean {
  return left.length === 0 && untagged.length === 0 && !lost;
}

/** The resource types of the fixtures, as far as the server knows them. */
function typesOf(known: ReadonlySet<string> | undefined): readonly string[] {
  const charts = loadScenarios().map(({ patient }) => loadPatient(patient));
  const types = new Set(charts.flatMap(({ resources }) => resources.map(({ resourceType }) => resourceType)));
  return [...types].filter((type) => known?.has(type) ?? true);
}
