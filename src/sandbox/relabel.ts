/** Where the records of a chart are now: `Type/id` there, by `Type/id` or `fullUrl` here. */
export type NewNames = ReadonlyMap<string, string>;

/** The value with every reference to a renamed record rewritten, at any depth. A version of the record here is none there. */
export function relabel<T>(value: T, names: NewNames): T {
  return relabelled(value, names) as T;
}

/** `Type/id` of a record under its new name; unchanged if it has none. */
export function newName(reference: string, names: NewNames): string {
  return names.get(reference.replace(/\/_history\/[^/]*$/, '')) ?? reference;
}

function relabelled(value: unknown, names: NewNames): unknown {
  if (Array.isArray(value)) return value.map((item) => relabelled(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === 'reference' && typeof member === 'string' ? newName(member, names) : relabelled(member, names),
    ]),
  );
}
