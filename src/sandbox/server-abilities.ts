import { isJsonObject, type JsonObject } from '../cds-hooks/json.ts';
import { describeAnswer, type FhirRest, isDone } from './fhir-rest.ts';

/** What a server says of itself in its CapabilityStatement. */
export type ServerAbilities = {
  readonly fhirVersion: string;
  /** Its name and version, as far as it tells. */
  readonly software: string | undefined;
  /** Resource types it knows; undefined if it does not tell. */
  readonly types: ReadonlySet<string> | undefined;
  /** Does it take transactions, and POST for the types it knows? Unless it says what it takes: yes. */
  readonly takesTransactions: boolean;
};

/** The server, or why it is none that can be tested. */
export type ReadAbilities =
  | { readonly kind: 'fhir-r4'; readonly abilities: ServerAbilities }
  | { readonly kind: 'no-server'; readonly because: string };

/** Reads `/metadata`. */
export async function readAbilities(rest: FhirRest, token?: string): Promise<ReadAbilities> {
  const answer = await rest.get('metadata');
  const body = isDone(answer) ? answer.body : undefined;
  if (body === undefined) return { kind: 'no-server', because: `/metadata: ${describeAnswer(answer, token)}` };
  if (body['resourceType'] !== 'CapabilityStatement')
    return { kind: 'no-server', because: '/metadata is no CapabilityStatement' };
  const fhirVersion = body['fhirVersion'];
  if (typeof fhirVersion !== 'string' || !/^4\.0(?:\.\d{1,3})?(?:-[\w.-]{1,20})?$/.test(fhirVersion))
    return { kind: 'no-server', because: 'its CapabilityStatement is not of FHIR R4 (4.0)' };
  return { kind: 'fhir-r4', abilities: abilitiesIn(body, fhirVersion) };
}

function abilitiesIn(statement: JsonObject, fhirVersion: string): ServerAbilities {
  const rest = objectsIn(statement['rest']).find(({ mode }) => mode === 'server');
  const resources = objectsIn(rest?.['resource']);
  const system = objectsIn(rest?.['interaction']).map(({ code }) => code);
  const onTypes = resources.flatMap(({ interaction }) => objectsIn(interaction)).map(({ code }) => code);
  const types = resources.flatMap(({ type }) => (typeof type === 'string' ? [type] : []));
  return {
    fhirVersion,
    software: softwareIn(statement['software']),
    types: types.length === 0 ? undefined : new Set(types),
    takesTransactions:
      (system.length === 0 && onTypes.length === 0) ||
      (system.includes('transaction') && (onTypes.length === 0 || onTypes.includes('create'))),
  };
}

function softwareIn(software: unknown): string | undefined {
  if (!isJsonObject(software)) return undefined;
  const { name, version } = software;
  const named = [name, version].filter((part) => typeof part === 'string');
  return named.length === 0
    ? undefined
    : named
        .join(' ')
        .replaceAll(/\p{Cc}+/gu, ' ')
        .slice(0, 80);
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
