/** A FHIR resource as an EHR holds it: typed and identified, the rest as it came in. */
export type Resource = { readonly resourceType: string; readonly id: string; readonly [member: string]: unknown };

/** A Bundle of whole resources, such as a patient fixture or the draft orders of a session. */
export type Bundle = {
  readonly resourceType: 'Bundle';
  readonly type?: string;
  readonly entry?: readonly { readonly fullUrl?: string; readonly resource: Resource }[];
};

/** The chart of one patient, by type and id. */
export interface PatientStore {
  readonly patientId: string;
  readonly resources: readonly Resource[];
  byType(resourceType: string): readonly Resource[];
  byReference(reference: string): Resource | undefined;
}

/** Takes a transaction Bundle in as a FHIR server does: references to a `fullUrl` become `Type/id`. */
export function patientStore(patientId: string, bundle: Bundle): PatientStore {
  const entries = bundle.entry ?? [];
  const localNames = new Map(
    entries.flatMap(({ fullUrl, resource }) =>
      fullUrl === undefined ? [] : [[fullUrl, `${resource.resourceType}/${resource.id}`] as const],
    ),
  );
  return storeOf(
    patientId,
    entries.map(({ resource }) => withLocalReferences(resource, localNames) as Resource),
  );
}

/** The same chart with other resources: dates shifted, noise added. */
export function storeOf(patientId: string, resources: readonly Resource[]): PatientStore {
  const index = new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  return {
    patientId,
    resources,
    byType: (resourceType) => resources.filter((resource) => resource.resourceType === resourceType),
    byReference: (reference) => index.get(reference),
  };
}

function withLocalReferences(value: unknown, localNames: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withLocalReferences(item, localNames));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === 'reference' && typeof member === 'string'
        ? (localNames.get(member) ?? member)
        : withLocalReferences(member, localNames),
    ]),
  );
}
