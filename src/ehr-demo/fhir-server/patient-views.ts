import { MemoryRepository } from '@medplum/fhir-router';
import { type PatientCompartment, patientCompartment, SHARED_TYPES } from './patient-compartment.ts';
import type { ResourceRepository } from './repository.ts';
import type { Resource } from './resource.ts';

/** What may be read with `patient/` scopes, as a repository of its own: nothing else is in it that a search could find. */
export type PatientView = (patientId: string) => Promise<MemoryRepository>;

interface MadeView {
  readonly compartment: PatientCompartment;
  readonly view: Promise<MemoryRepository>;
}

/** Each view is made once, when it is first asked for, and follows what changes. */
export function patientViews(repository: ResourceRepository): PatientView {
  const views = new Map<string, MadeView>();
  repository.onChange({
    kept: async (resource) => {
      for (const { compartment, view } of views.values()) {
        // oxlint-disable-next-line no-await-in-loop -- they are there already, but for the first time
        await show(resource, compartment, await view);
      }
    },
    gone: async (resourceType, id) => {
      // oxlint-disable-next-line no-await-in-loop -- likewise
      for (const { view } of views.values()) await (await view).expungeResource(resourceType, id);
    },
    cleared: () => views.clear(),
  });
  return (patientId) => {
    const known = views.get(patientId);
    if (known !== undefined) return known.view;
    const compartment = patientCompartment(patientId, repository.definitions);
    const made = { compartment, view: viewOf(patientId, compartment, repository) };
    views.set(patientId, made);
    // Of a view that could not be made, whoever asked is told; the next one asks anew.
    made.view.catch(() => {
      if (views.get(patientId) === made) views.delete(patientId);
    });
    return made.view;
  };
}

async function viewOf(
  patientId: string,
  compartment: PatientCompartment,
  repository: ResourceRepository,
): Promise<MemoryRepository> {
  const own = [`Patient/${patientId}`, ...repository.referringTo(patientId)].map((name) => repository.find(name));
  const shared = [...SHARED_TYPES].map((resourceType) => repository.matches({ resourceType }));
  const all = [
    ...(await Promise.all(own)),
    ...(await Promise.all(shared)).flatMap(({ entry = [] }) => entry.map(({ resource }) => resource)),
  ];
  const view = new MemoryRepository();
  for (const resource of all) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    if (resource !== undefined) await show(resource, compartment, view);
  }
  return view;
}

/** Puts a resource, with the version that it has, where it is seen, or away if it is not to be seen any more. */
async function show(
  resource: Resource & { readonly id: string },
  { shows }: PatientCompartment,
  view: MemoryRepository,
): Promise<void> {
  if (shows(resource)) await view.withSeeding(() => view.createResource(resource, undefined, true));
  else await view.expungeResource(resource.resourceType, resource.id);
}
