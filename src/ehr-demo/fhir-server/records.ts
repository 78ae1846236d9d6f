import { OperationOutcomeError } from '@medplum/core';
import { type Change, type Changed, type Records, RecordsError } from '../ehr/records.ts';
import { type Resource, storeOf } from '../patient-store.ts';
import { patientsIn, referencesIn } from './patient-shelves.ts';
import type { ResourceRepository } from './repository.ts';
import { isResourceId, type Resource as LibraryResource } from './resource.ts';

type Kept = Awaited<ReturnType<ResourceRepository['createResource']>>;

/** How far a chart reaches beyond what refers to the patient: an order, its requester's role, and whose role that is. */
const STEPS_OUT = 2;

/**
 * Loads these resources, which must be valid R4, under their own ids, and gives them to the EHR: the repository is the one that
 * the FHIR server shows.
 *
 * @throws {RecordsError} that names all that could never be asked for by their names.
 */
export async function createRecords(repository: ResourceRepository, resources: readonly Resource[]): Promise<Records> {
  const { resourceTypes } = repository.definitions;
  const nameless = resources.filter(({ resourceType, id }) => !resourceTypes.has(resourceType) || !isResourceId(id));
  if (nameless.length > 0) {
    const names = nameless.map(({ resourceType, id }) => `${resourceType}/${id}`);
    throw new RecordsError(`FHIR R4 knows no such type, or allows no such id: ${names.join(', ')}`);
  }
  const atStart = await repository.load(resources.map((resource) => asTyped(resource) as Kept));

  return {
    chartOf: async (patientId) => {
      const patient = await repository.find(`Patient/${patientId}`);
      if (patient === undefined) return undefined;
      const names = repository.referringTo(patientId);
      const own = await present(repository, names);
      const chart = new Map([patient, ...own].map((resource) => [nameOf(resource), resource]));
      let edge: readonly Kept[] = [...chart.values()];
      for (let step = 0; step < STEPS_OUT; step += 1) {
        const next = new Set(edge.flatMap(referencesIn).filter((name) => !chart.has(name)));
        // oxlint-disable-next-line no-await-in-loop -- what is one step out tells what is two
        edge = (await present(repository, [...next])).filter(isOfNobody);
        for (const resource of edge) chart.set(nameOf(resource), resource);
      }
      return storeOf(patientId, [...chart.values()].map(asPlain));
    },
    read: async (reference) => {
      const found = await repository.find(reference);
      return found && asPlain(found);
    },
    change: async (changes) => orReason(() => repository.withTransaction(() => madeIn(repository, changes))),
    reset: async () => {
      repository.clear();
      await repository.load(atStart);
    },
  };
}

async function present(repository: ResourceRepository, names: readonly string[]): Promise<readonly Kept[]> {
  const found = await Promise.all(names.map((name) => repository.find(name)));
  return found.flatMap((resource) => resource ?? []);
}

/** Another patient's record is none of a chart, whoever refers to it. */
function isOfNobody(resource: Kept): boolean {
  return resource.resourceType !== 'Patient' && patientsIn(resource).size === 0;
}

function nameOf({ resourceType, id }: Kept): string {
  return `${resourceType}/${id}`;
}

/** The repository checks what it is given against FHIR R4 itself. */
function asTyped(resource: Omit<Resource, 'id'>): LibraryResource {
  return resource as unknown as LibraryResource;
}

/** The library's types name each member; elsewhere in the EHR a resource is any object with a type and an id. */
function asPlain(resource: Kept): Resource {
  return { ...resource };
}

/** What was created and updated, in order. */
async function madeIn(repository: ResourceRepository, changes: readonly Change[]): Promise<readonly Resource[]> {
  const kept: Resource[] = [];
  for (const change of changes) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const resource = await make(repository, change);
    if (resource !== undefined) kept.push(asPlain(resource));
  }
  return kept;
}

async function make(repository: ResourceRepository, change: Change): Promise<Kept | undefined> {
  switch (change.kind) {
    case 'create':
      return repository.createResource(asTyped(change.resource));
    case 'update':
      return repository.updateResource(asTyped(change.resource));
    case 'delete': {
      const found = await repository.find(change.reference);
      if (found !== undefined) await repository.deleteResource(found.resourceType, found.id);
      return undefined;
    }
    default:
      return change satisfies never;
  }
}

async function orReason(changing: () => Promise<readonly Resource[]>): Promise<Changed> {
  try {
    return { kind: 'done', resources: await changing() };
  } catch (thrown) {
    if (thrown instanceof OperationOutcomeError) return { kind: 'refused', because: thrown.message };
    throw thrown;
  }
}
