/** The JSON Schema of an object whose members are read one by one; what it does not name is ignored (CH-33). */
export interface ObjectSchema {
  readonly type: 'object';
  readonly required: readonly string[];
  readonly properties: { readonly [member: string]: ObjectSchema | ValueSchema };
  readonly dependencies?: { readonly [member: string]: readonly string[] };
  /** Lists that were one item in an earlier version of the hook: the list's name → the item's. */
  readonly formerly?: { readonly [list: string]: string };
}

interface ValueSchema {
  readonly type: 'string' | 'integer' | 'array' | 'object';
  readonly const?: string;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: 'http-url';
  /** One problem for the whole list, however long: `items` would name millions in a body of 10 MB. */
  readonly stringsOnly?: true;
}

// FHIR R4 `id`, without the two that would climb a path: they match FHIR's pattern and are no one's id.
const ID = '(?!\\.{1,2}$)[A-Za-z0-9\\-.]{1,64}$';

export const fhirId: ValueSchema = { type: 'string', pattern: `^${ID}` };

/** `Type/id` (CH-39). */
export const fhirReference: ValueSchema = { type: 'string', pattern: `^[A-Z][A-Za-z]{0,63}/${ID}` };

export const nonEmptyString: ValueSchema = { type: 'string', minLength: 1 };

/** Clients leave `type` out, and their drafts are unfinished: neither is asked for (M-18). */
export const contextBundle: ObjectSchema = {
  type: 'object',
  required: ['resourceType'],
  properties: { resourceType: { type: 'string', const: 'Bundle' }, entry: { type: 'array' } },
};
