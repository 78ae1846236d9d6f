import { type Records, RecordsError } from '../../../src/ehr-demo/ehr/records.ts';
import { type Resource, storeOf } from '../../../src/ehr-demo/patient-store.ts';

/** Records without a FHIR server, which refuse what is told `refuse`. */
export function memoryRecords(
  resources: readonly Resource[],
  refuses: (write: 'create' | 'update' | 'delete', resource: Omit<Resource, 'id'>) => boolean = () => false,
): Records & { readonly kept: ReadonlyMap<string, Resource> } {
  const kept = new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  let created = 0;

  function keep(write: 'create' | 'update', resource: Resource): Resource {
    if (refuses(write, resource)) throw new RecordsError(`The store refuses this ${write}`);
    kept.set(`${resource.resourceType}/${resource.id}`, resource);
    return resource;
  }

  return {
    kept,
    chartOf: async (patientId) =>
      kept.has(`Patient/${patientId}`)
        ? storeOf(
            patientId,
            [...kept.values()].filter(
              ({ resourceType, id, subject }) =>
                (resourceType === 'Patient' && id === patientId) ||
                JSON.stringify(subject) === JSON.stringify({ reference: `Patient/${patientId}` }),
            ),
          )
        : undefined,
    read: async (reference) => kept.get(reference),
    create: async (resource) => {
      created += 1;
      const { resourceType, ...members } = resource;
      return keep('create', { ...members, resourceType: String(resourceType), id: `new-${created}` });
    },
    update: async (resource) => keep('update', resource),
    delete: async (reference) => {
      const before = kept.get(reference);
      if (before !== undefined && refuses('delete', before)) throw new RecordsError('The store refuses this delete');
      kept.delete(reference);
    },
    reset: async () => {
      kept.clear();
      for (const resource of resources) kept.set(`${resource.resourceType}/${resource.id}`, resource);
    },
  };
}
