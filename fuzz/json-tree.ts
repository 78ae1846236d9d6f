/** The names of the members, or the indices, that lead to a value; empty for the whole tree. */
export type Path = readonly string[];

/** What stands in the place of a member: nothing, the same, several. */
export type Edit = (key: string, value: unknown) => readonly (readonly [string, unknown])[];

/** A value with members: an object or a list. */
export function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A copy of the tree with one place of it edited; what does not lead there is shared. */
export function edited(root: unknown, [key, ...rest]: Path, edit: Edit): unknown {
  if (key === undefined) return edit('', root)[0]?.[1];
  if (!isBranch(root)) return root;
  const members = Object.entries(root).flatMap(([name, value]: [string, unknown]): (readonly [string, unknown])[] => {
    if (name !== key) return [[name, value]];
    return rest.length === 0 ? [...edit(name, value)] : [[name, edited(value, rest, edit)]];
  });
  return Array.isArray(root) ? members.map(([, value]) => value) : Object.fromEntries(members);
}

/** The value at a path; undefined when the path leads nowhere. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (node, key) => (isBranch(node) && Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined),
    root,
  );
}

/**
 * Walks down the tree, one number choosing among the members of each level, until the numbers or the levels end. As long
 * as there are numbers, the walk keeps to members that lead on.
 */
export function descend(root: unknown, steps: readonly number[]): Path {
  const path: string[] = [];
  let node = root;
  for (const [index, step] of steps.entries()) {
    const members: [string, unknown][] = isBranch(node) ? Object.entries(node) : [];
    const leading = index === steps.length - 1 ? [] : members.filter(([, value]) => isBranch(value));
    const choices = leading.length === 0 ? members : leading;
    const member = choices[step % Math.max(1, choices.length)];
    if (member === undefined) break;
    path.push(member[0]);
    node = member[1];
  }
  return path;
}

/** Every place whose key and value are wanted, outermost first. */
export function places(root: unknown, wanted: (key: string, value: unknown) => boolean): readonly Path[] {
  const found: Path[] = [];
  const open: { readonly path: Path; readonly node: unknown }[] = [{ path: [], node: root }];
  for (const { path, node } of open) {
    if (!isBranch(node)) continue;
    for (const [key, value] of Object.entries(node) as [string, unknown][]) {
      const here = [...path, key];
      if (wanted(key, value)) found.push(here);
      if (isBranch(value)) open.push({ path: here, node: value });
    }
  }
  return found;
}
