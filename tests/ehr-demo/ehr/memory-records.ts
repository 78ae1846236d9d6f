import type { Change, Changed, Records } from '../../../src/ehr-demo/ehr/records.ts';
import { type Resource, storeOf } from '../../../src/ehr-demo/patient-store.ts';

/** Records without a FHIR server, which refuse what is told `refuse`. */
export function memoryRecords(
  resources: readonly Resource[],
  refuses: (write: 'create' | 'update' | 'delete', resource: Omit<Resource, 'id'>) => boolean = () => false,
): Records & { readonly kept: ReadonlyMap<string, Resource> } {
  const atStart = new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  const kept = new Map(atStart);
  let created = 0;

  /** The resource as it is once it is changed, or before it is removed. */
  function target(change: Change): Resource | undefined {
    if (change.kind === 'delete') return kept.get(change.reference);
    if (change.kind === 'update') return change.resource;
    created += 1;
    const { resourceType, ...members } = change.resource;
    return { ...members, resourceType: String(resourceType), id: `new-${created}` };
  }

  function changed(changes: readonly Change[]): Changed {
    const next = new Map(kept);
    const results: Resource[] = [];
    for (const change of changes) {
      const resource = target(change);
      if (resource === undefined) continue;
      if (refuses(change.kind, resource)) return { kind: 'refused', because: `The store refuses this ${change.kind}` };
      const reference = `${resource.resourceType}/${resource.id}`;
      if (change.kind === 'delete') {
        next.delete(reference);
      } else {
        next.set(reference, resource);
        results.push(resource);
      }
    }
    replace(next);
    return { kind: 'done', resources: results };
  }

  function replace(next: ReadonlyMap<string, Resource>): void {
    kept.clear();
    for (const [reference, resource] of next) kept.set(reference, resource);
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
    change: async (changes) => changed(changes),
    reset: async () => replace(atStart),
  };
}
