import type { JsonObject } from './json.ts';

/** A member of an object; what is null, "" or [] counts as absent, as in requests (CH-25). */
export function memberOf(object: JsonObject, name: string): unknown {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return value === null || value === '' || (Array.isArray(value) && value.length === 0) ? undefined : value;
}
