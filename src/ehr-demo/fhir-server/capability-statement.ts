import type { Definitions } from './definitions.ts';
import type { FhirAccess, SmartSecurity } from './fhir-access.ts';

export interface CapabilityStatementOptions {
  readonly definitions: Definitions;
  readonly baseUrl: string;
  readonly access: FhirAccess;
  readonly security?: SmartSecurity | undefined;
  /** When the server was started. */
  readonly date: Date;
}

const SECURITY: Readonly<Record<FhirAccess['kind'], string>> = {
  anybody: 'No token is needed.',
  'static-token': 'A bearer token, the one that the server was started with.',
  readers: 'No token is needed, and nothing can be changed.',
  smart: 'SMART App Launch: what a token reaches is what its scopes and its patient grant.',
};
const READING = ['read', 'search-type'];
const WRITING = ['create', 'update', 'delete'];

/** What GET /metadata answers: what this server can do, of all of FHIR R4. */
export function capabilityStatement(options: CapabilityStatementOptions): object {
  const { definitions, baseUrl, access, security, date } = options;
  const { resourceTypes, searchParameters } = definitions;
  const isReadOnly = access.kind === 'readers';
  const coded = (codes: readonly string[]) => codes.map((code) => ({ code }));
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: date.toISOString(),
    kind: 'instance',
    implementation: { description: 'FHIR server of the demo EHR: synthetic patients, kept in memory', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        // Looked for by SMART on FHIR clients, whatever is in it.
        security: { cors: true, description: SECURITY[access.kind], ...(security && smart(security)) },
        ...(!isReadOnly && { interaction: coded(['transaction', 'batch']) }),
        resource: [...resourceTypes].toSorted().map((type) => ({
          type,
          interaction: coded(isReadOnly ? READING : [...READING, ...WRITING]),
          versioning: 'versioned',
          // With `patient/` scopes, what an update would create is not there.
          ...(!isReadOnly && { updateCreate: access.kind !== 'smart', conditionalCreate: true }),
          searchInclude: [...searchParameters(type).values()].flatMap((parameter) =>
            parameter.type === 'reference' ? [`${type}:${parameter.code}`] : [],
          ),
          searchParam: [...searchParameters(type).values()].map(({ code, type: kind }) => ({ name: code, type: kind })),
        })),
      },
    ],
  };
}

/** How SMART told of its endpoints before there was `.well-known/smart-configuration`; many clients still look here. */
function smart({ authorize, token }: SmartSecurity): object {
  return {
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: [
          { url: 'authorize', valueUri: authorize },
          { url: 'token', valueUri: token },
        ],
      },
    ],
    service: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }],
      },
    ],
  };
}
