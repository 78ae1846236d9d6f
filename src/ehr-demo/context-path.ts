import type { Resource } from './patient-store.ts';

const TYPE_FILTER = /^ofType\((?<type>[A-Z][A-Za-z]*)\)$/;

/**
 * What a path leads to in the context of a hook: the part of FHIRPath that the 3.0 ballot lets a prefetch token have –
 * member names, `ofType()` and `resolve()`, which looks among `resources` (CH-57, CH-58). Texts alone, each once.
 */
export function followPath(
  path: string,
  context: Readonly<Record<string, unknown>>,
  resources: readonly Resource[],
): readonly string[] {
  const found = path.split('.').reduce<readonly unknown[]>((items, step) => items.flatMap(stepper(step)), [context]);
  return [...new Set(found.filter((item) => typeof item === 'string'))];

  function stepper(step: string): (item: unknown) => readonly unknown[] {
    if (step === 'resolve()') return resolve;
    const type = TYPE_FILTER.exec(step)?.groups?.['type'];
    if (type !== undefined) return (item) => (memberOf(item, 'resourceType') === type ? [item] : []);
    return (item) => membersOf(item, step);
  }

  /** A contained resource or one that is in the Bundle alone has no id by which the server could find it. */
  function resolve(item: unknown): readonly unknown[] {
    const reference = memberOf(item, 'reference');
    return resources.filter(({ resourceType, id }) => reference === `${resourceType}/${id}`);
  }
}

/** The member of this name, or the ones of a choice: `medication` is `medicationReference` in R4. */
function membersOf(item: unknown, name: string): readonly unknown[] {
  if (!isObject(item)) return [];
  const members = Object.hasOwn(item, name)
    ? [name]
    : Object.keys(item).filter((member) => member.startsWith(name) && /^[A-Z]/.test(member.slice(name.length)));
  return members.flatMap((member) => item[member]);
}

function memberOf(item: unknown, name: string): unknown {
  return isObject(item) ? item[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
