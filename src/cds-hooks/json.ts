/** A JSON object as it came in: nothing about its members is known yet. */
export type JsonObject = { readonly [member: string]: unknown };

/** Is it a JSON object, and neither a list nor null? */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
