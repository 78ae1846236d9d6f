import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { ServiceError } from './errors.ts';
import { appointmentBookContext } from './hooks/appointment-book.ts';
import { encounterDischargeContext } from './hooks/encounter-discharge.ts';
import { encounterStartContext } from './hooks/encounter-start.ts';
import { orderDispatchContext } from './hooks/order-dispatch.ts';
import { orderSelectContext } from './hooks/order-select.ts';
import { orderSignContext } from './hooks/order-sign.ts';
import { patientViewContext } from './hooks/patient-view.ts';
import { problemListItemCreateContext } from './hooks/problem-list-item-create.ts';
import { fhirId, nonEmptyString, type ObjectSchema } from './hooks/schema.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { HookRequest, ServiceDefinition } from './types.ts';

const ajv = new Ajv({ allErrors: true });
ajv.addFormat('http-url', isHttpUrl);
ajv.addKeyword({
  keyword: 'stringsOnly',
  type: 'array',
  validate: (_schema: true, list: readonly unknown[]) => list.every((item) => typeof item === 'string'),
  error: { message: 'must hold strings only' },
});
ajv.addKeyword('formerly'); // heeded by knownMembers

/**
 * What a header can carry as one word behind `Bearer`. RFC 6750, 2.1 has fewer characters than visible ASCII, but real tokens
 * have others as well; controls and the rest of Unicode are not for headers (RFC 9110, 5.5).
 */
const headerToken = { type: 'string', pattern: '^[\\x21-\\x7E]+$' } as const;

/** A new hook is one more line here, and one file for its context. */
const SCHEMAS: Readonly<Record<HookRequest['hook'], ObjectSchema>> = {
  'patient-view': requestSchema('patient-view', patientViewContext),
  'order-select': requestSchema('order-select', orderSelectContext),
  'order-sign': requestSchema('order-sign', orderSignContext),
  'encounter-start': requestSchema('encounter-start', encounterStartContext),
  'encounter-discharge': requestSchema('encounter-discharge', encounterDischargeContext),
  'appointment-book': requestSchema('appointment-book', appointmentBookContext),
  'problem-list-item-create': requestSchema('problem-list-item-create', problemListItemCreateContext),
  'order-dispatch': requestSchema('order-dispatch', orderDispatchContext),
};

const isRequest: Readonly<Record<HookRequest['hook'], ValidateFunction<HookRequest>>> = {
  'patient-view': ajv.compile(SCHEMAS['patient-view']),
  'order-select': ajv.compile(SCHEMAS['order-select']),
  'order-sign': ajv.compile(SCHEMAS['order-sign']),
  'encounter-start': ajv.compile(SCHEMAS['encounter-start']),
  'encounter-discharge': ajv.compile(SCHEMAS['encounter-discharge']),
  'appointment-book': ajv.compile(SCHEMAS['appointment-book']),
  'problem-list-item-create': ajv.compile(SCHEMAS['problem-list-item-create']),
  'order-dispatch': ajv.compile(SCHEMAS['order-dispatch']),
};

/**
 * The door: beyond it, a call is typed and trusted; before it, it is `unknown`. Every problem is named at once, by where it
 * is and never by what is there, since that can be a patient's.
 */
export function parseHookRequest(body: unknown, service: ServiceDefinition): HookRequest {
  const { hook } = service;
  // The specification does not say what a mismatch is (CH-27); naming it apart spares the integrator a list of context errors.
  if (isJsonObject(body) && typeof body['hook'] === 'string' && body['hook'] !== '' && body['hook'] !== hook) {
    throw new ServiceError('hook-mismatch', [`/hook must be "${hook}": the service ${service.id} is for that hook`]);
  }

  const request = knownMembers(SCHEMAS[hook], body);
  const validate = isRequest[hook];
  const valid = validate(request);
  const problems = [...(validate.errors ?? []).map(describe), ...patientMismatch(request)];
  if (!valid || problems.length > 0) throw new ServiceError('request-invalid', problems);
  return request;
}

function requestSchema(hook: HookRequest['hook'], context: ObjectSchema): ObjectSchema {
  return {
    type: 'object',
    required: ['hook', 'hookInstance', 'context'],
    properties: {
      hook: { type: 'string', const: hook },
      // FHIR's uuid is lower-case, the CDS Hooks text does not say: any case (CH-28).
      hookInstance: { type: 'string', pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' },
      fhirServer: { type: 'string', format: 'http-url' },
      fhirAuthorization: {
        type: 'object',
        required: ['access_token', 'token_type'],
        properties: {
          access_token: headerToken, // CH-75
          token_type: { type: 'string', const: 'Bearer' }, // CH-76
          // Required by the text, left out by clients (CH-77, M-22).
          expires_in: { type: 'integer' },
          scope: nonEmptyString,
          subject: nonEmptyString,
          patient: fhirId,
        },
      },
      context,
      prefetch: { type: 'object' },
    },
    dependencies: { fhirAuthorization: ['fhirServer'] }, // CH-30, CH-32
  };
}

/**
 * A copy with the members the schema knows. What it does not know is ignored (CH-33, CH-35, CH-187); an optional member that is
 * null, "" or [] counts as absent (CH-25); what was one item in an earlier version of the hook becomes a list of it.
 */
function knownMembers(schema: ObjectSchema, value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const known: Record<string, unknown> = {};
  for (const [name, sub] of Object.entries(schema.properties)) {
    if (!Object.hasOwn(value, name)) continue;
    const given = value[name];
    if (isEmpty(given) && !schema.required.includes(name)) continue;
    known[name] = 'properties' in sub ? knownMembers(sub, given) : given;
  }
  for (const [list, item] of Object.entries(schema.formerly ?? {})) {
    if (isEmpty(known[list] ?? null) && Object.hasOwn(value, item) && !isEmpty(value[item]))
      known[list] = [value[item]];
  }
  return known;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A token for another patient: nothing may be read with it, let alone be shown (CH-80). */
function patientMismatch(request: unknown): readonly string[] {
  const authorized = member(member(request, 'fhirAuthorization'), 'patient');
  const patientId = member(member(request, 'context'), 'patientId');
  if (authorized === undefined || patientId === undefined || authorized === patientId) return [];
  return ['/fhirAuthorization/patient must be the same as /context/patientId'];
}

function member(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

/** Where and what, in the words of our schema alone. */
function describe({ instancePath, keyword, params, message }: ErrorObject<string, JsonObject>): string {
  switch (keyword) {
    case 'required':
      return `${instancePath}/${String(params['missingProperty'])} is missing`;
    case 'dependencies':
      return `${instancePath}/${String(params['missingProperty'])} is missing, and required with ${String(params['property'])}`;
    case 'const':
      return `${instancePath} must be "${String(params['allowedValue'])}"`;
    case 'format':
      return `${instancePath} must be an absolute http or https URL`;
    default:
      return `${instancePath === '' ? 'The body' : instancePath} ${message ?? keyword}`;
  }
}

// URL.parse alone would take white space around and within it.
function isHttpUrl(value: string): boolean {
  return /^https?:\/\/\S+$/i.test(value) && URL.canParse(value);
}
