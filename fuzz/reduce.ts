import { edited, isBranch, type Path } from './json-tree.ts';
import type { WireRequest } from './wire.ts';

const MAX_TRIES = 400;

/**
 * Takes members out of the JSON of a request, outermost first, as long as it still breaks the rule. fast-check has found
 * the fewest mutations by then; this finds how little of the patient it takes. What is no JSON stays as it is.
 */
export async function reduced(
  request: WireRequest,
  stillBreaks: (smaller: WireRequest) => Promise<boolean>,
): Promise<WireRequest> {
  if (request.via === 'socket' || request.body === undefined) return request;
  let tree = parsed(request.body.toString('utf8'));
  if (!isBranch(tree)) return request;
  const withBody = (body: unknown): WireRequest => ({ ...request, body: Buffer.from(JSON.stringify(body)) });
  // A body that only breaks the rule as it was written – `1e999`, a doubled member – is left so.
  if (!(await stillBreaks(withBody(tree)))) return request;

  let tries = 0;
  const open: Path[] = [[]];
  for (let path = open.shift(); path !== undefined && tries < MAX_TRIES; path = open.shift()) {
    for (const key of keysAt(tree, path).toReversed()) {
      const here = [...path, key];
      const smaller = edited(tree, here, () => []);
      tries += 1;
      // oxlint-disable-next-line no-await-in-loop -- what is tried next depends on it
      if (await stillBreaks(withBody(smaller))) tree = smaller;
    }
    // From the back, so that the indices before stay true.
    open.push(...keysAt(tree, path).map((key) => [...path, key]));
  }
  return withBody(tree);
}

function keysAt(root: unknown, path: Path): readonly string[] {
  let node = root;
  for (const key of path) node = isBranch(node) ? Reflect.get(node, key) : undefined;
  return isBranch(node) ? Object.keys(node) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
