import { problemsAgainst } from './problems.ts';
import { definitions, extension, text, url } from './strict.ts';

const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' };

/** CH-132; `display` is required of override reasons from 2.0 on (CH-104), and we always have it. */
const coding = {
  type: 'object',
  additionalProperties: false,
  required: ['code', 'system', 'display'],
  properties: { code: text, system: url, display: text, extension },
};

const resource = {
  allOf: [
    { type: 'object', required: ['resourceType'], properties: { resourceType: text }, minProperties: 2 },
    { $ref: '#/$defs/present' },
  ],
};

const reference = { type: 'string', pattern: '^[A-Z][A-Za-z]+/[A-Za-z0-9\\-.]{1,64}$' };

const creation = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'description', 'resource'],
  properties: { type: { enum: ['create', 'update'] }, description: text, resource, extension },
};

const deletion = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'description', 'resourceId'],
  properties: { type: { const: 'delete' }, description: text, resourceId: reference, extension },
};

/** CH-115 to CH-120; cds-resp-2. */
const action = { anyOf: [creation, deletion] };

const suggestion = {
  type: 'object',
  additionalProperties: false,
  required: ['label', 'uuid'],
  properties: {
    label: text,
    uuid,
    isRecommended: { type: 'boolean' },
    actions: { type: 'array', minItems: 1, items: action },
    extension,
  },
};

const page = {
  type: 'object',
  additionalProperties: false,
  required: ['label', 'url', 'type'],
  properties: { label: text, url, type: { const: 'absolute' }, extension },
};

const app = { ...page, properties: { ...page.properties, type: { const: 'smart' }, appContext: text } };

/** CH-124 to CH-128; cds-resp-3. */
const link = { anyOf: [page, app] };

const card = {
  type: 'object',
  additionalProperties: false,
  required: ['uuid', 'summary', 'indicator', 'source'],
  properties: {
    uuid,
    summary: { ...text, maxLength: 139 },
    detail: { ...text, not: { type: 'string', pattern: '<[A-Za-z/!]' } },
    indicator: { enum: ['info', 'warning', 'critical'] },
    source: {
      type: 'object',
      additionalProperties: false,
      required: ['label'],
      properties: { label: text, url, icon: url, topic: coding, extension },
    },
    suggestions: { type: 'array', minItems: 1, items: suggestion },
    selectionBehavior: { enum: ['at-most-one', 'any'] },
    overrideReasons: { type: 'array', minItems: 1, items: coding },
    links: { type: 'array', minItems: 1, items: link },
    extension,
  },
  // CH-102: cds-resp-6
  dependentRequired: { suggestions: ['selectionBehavior'], selectionBehavior: ['suggestions'] },
  // CH-110: cds-resp-1
  anyOf: [
    { type: 'object', required: ['selectionBehavior'], properties: { selectionBehavior: { const: 'any' } } },
    {
      type: 'object',
      properties: {
        suggestions: {
          type: 'array',
          contains: { type: 'object', required: ['isRecommended'], properties: { isRecommended: { const: true } } },
          minContains: 0,
          maxContains: 1,
        },
      },
    },
  ],
};

/** The answer of a service (CH-88 to CH-132), stricter than the specification: no member that it does not name. */
export const responseSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['cards'],
  properties: { cards: { type: 'array', items: card }, extension },
  $defs: definitions,
};

/** What is wrong with an answer. `maxLength` counts code points; for UTF-16 see the test of the answer. */
export const responseProblems = problemsAgainst(responseSchema);
