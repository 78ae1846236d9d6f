import type { DeleteShape } from '../../../src/cds-hooks/profile.ts';
import { extension, text, url } from './strict.ts';

/** An object with these members and no other; all of them but the optional ones have to be there. */
export function strictly(required: object, optional: object = {}): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

export const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' };

/** CH-92 to CH-94, CH-95. */
export const summary = { ...text, maxLength: 139 };
export const detail = { ...text, not: { type: 'string', pattern: '<[A-Za-z/!]' } };
export const indicator = { enum: ['info', 'warning', 'critical'] };

export const resource = {
  allOf: [
    { type: 'object', required: ['resourceType'], properties: { resourceType: text }, minProperties: 2 },
    { $ref: '#/$defs/present' },
  ],
};

export const reference = { type: 'string', pattern: '^[A-Z][A-Za-z]+/[A-Za-z0-9\\-.]{1,64}$' };

/** CH-115 to CH-118, cds-resp-2; a deletion as 1.0 and 1.1 have it (CH-119), or as 2.0 has it (CH-120). */
export function action(deleteShape: DeleteShape): object {
  return {
    anyOf: [
      strictly({ type: { enum: ['create', 'update'] }, description: text, resource }, { extension }),
      strictly({ type: { const: 'delete' }, description: text, [deleteShape]: reference }, { extension }),
    ],
  };
}

/** A non-empty list. */
export function some(items: object): object {
  return { type: 'array', minItems: 1, items };
}

/** CH-102: the one is there if and only if the other is (cds-resp-6). */
export const selectionBehaviorWithSuggestions = {
  dependentRequired: { suggestions: ['selectionBehavior'], selectionBehavior: ['suggestions'] },
};

/** CH-124 to CH-130; cds-resp-3. */
export function link(autolaunchable: boolean): object {
  const page = { label: text, url, type: { const: 'absolute' } };
  const app = { label: text, url, type: { const: 'smart' } };
  const launch = { appContext: text, ...(autolaunchable ? { autolaunchable: { const: true } } : {}) };
  return { anyOf: [strictly(page, { extension }), strictly(app, { ...launch, extension })] };
}

/** CH-113, CH-114: only for clients that know the member. */
export function selectionOfActions(known: boolean): object {
  return known ? { actionSelectionBehavior: { enum: ['all', 'any', 'at-most-one'] } } : {};
}
