import type { Definitions } from './definitions.ts';

/** What GET /metadata answers: what this server can do, of all of FHIR R4. */
export function capabilityStatement({ resourceTypes, searchParameters }: Definitions, baseUrl: string): object {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-22',
    kind: 'instance',
    implementation: { description: 'FHIR server of the demo EHR: synthetic patients, kept in memory', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        // Looked for by SMART on FHIR clients, whatever is in it.
        security: { cors: true, description: 'A bearer token, if the server was started with one.' },
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
        resource: [...resourceTypes].toSorted().map((type) => ({
          type,
          interaction: ['read', 'create', 'update', 'delete', 'search-type'].map((code) => ({ code })),
          versioning: 'versioned',
          updateCreate: true,
          searchInclude: [...searchParameters(type).values()].flatMap((parameter) =>
            parameter.type === 'reference' ? [`${type}:${parameter.code}`] : [],
          ),
          searchParam: [...searchParameters(type).values()].map(({ code, type: kind }) => ({ name: code, type: kind })),
        })),
      },
    ],
  };
}
