import type { JsonObject } from './reading.ts';

// Total accessors: whatever stands in a chart, they answer the asked-for type or nothing, and never throw.

/** The value as an object, unless it is an array, null or a primitive. */
export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as text, unless it is blank or no string. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The objects of a list; of a single object, a list of it, since some senders forget the array. */
export function asObjects(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return value.every(isObject) ? value : value.filter(isObject);
  const single = asObject(value);
  return single === undefined ? [] : [single];
}
