import { createHash } from 'node:crypto';

/** What JSON can say. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [member: string]: Plain };

/**
 * A digest by which two processes see whether they answer by the same settings: equal for equal values, in whatever order the
 * members of an object come. 43 characters; nothing of the settings can be read from it.
 */
export function settingsDigest(settings: Plain): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(settings)))
    .digest('base64url');
}

/** Pairs instead of members, since an object would put those that look like numbers first, whatever their order. */
function ordered(value: Plain): Plain {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return ['list', ...value.map(ordered)];
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return ['object', ...members.map(([name, member]): Plain => [name, ordered(member)])];
}

/** `Array.isArray` does not know of lists that are read only. */
function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
