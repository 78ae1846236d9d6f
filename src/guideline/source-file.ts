import type { ErrorObject } from 'ajv';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** A folder of the guideline as text: path below it, with `/`, → content. */
export type GuidelineFiles = ReadonlyMap<string, string>;

/** Where in a file: the names of members and the numbers of items that lead there. */
export type Path = readonly (string | number)[];

/** What a file holds, and how to say where in it something is wrong. */
export interface Located<Content> {
  readonly content: Content;
  /** `<file>:<line>: /<path> <what>`; the line of `member`, if it is of one below the path. */
  readonly problem: (path: Path, what: string, member?: string) => string;
}

/** A file as parsed: its content, or what keeps it from having one. */
export type Parsed = { readonly problems: readonly string[] } | Located<unknown>;

/**
 * Parses YAML – or JSON, which is YAML too – and remembers the lines. `file` is what problems call it. Aliases are refused: they
 * can make a document endless, and nobody who reviews a card should have to follow them.
 */
export function parseSource(file: string, text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, strict: true, uniqueKeys: true, lineCounter: lines });
  if (document.errors.length > 0) {
    return { problems: document.errors.map(({ message, pos }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`) };
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { problems: [`${file}: aliases (*name) are not allowed`] };
  }
  return {
    content,
    problem: (path, what, member) => {
      const { line } = lines.linePos(offsetOf(document.contents, member === undefined ? path : [...path, member]));
      return `${file}:${Math.max(1, line)}: /${path.join('/')} ${what}`;
    },
  };
}

/** Where the member or item stands; if there is none, what it would stand in. */
function offsetOf(root: Node | null, path: Path): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === String(step));
      if (pair === undefined) return offset;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (item === undefined) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}

/** What a JSON Schema has against a document, each fault with its place and once. */
export function schemaProblems(
  { problem }: Located<unknown>,
  errors: readonly ErrorObject[],
  /** What is said of a member that the schema forbids by name. */
  forbidden = 'is not allowed',
): readonly string[] {
  return [
    ...new Set(
      errors.filter(isNews).map(({ instancePath, keyword, params, message = keyword }) => {
        const path = pathOf(instancePath);
        switch (keyword) {
          case 'additionalProperties': {
            const name = String(params['additionalProperty']);
            return problem(path, `${message}: ${name}`, name);
          }
          case 'false schema':
            return problem(path, forbidden);
          case 'enum':
            return problem(path, `${message}: ${String(params['allowedValues']).replaceAll(',', ', ')}`);
          case 'const':
            return problem(path, `${message}: ${String(params['allowedValue'])}`);
          default:
            return problem(path, message);
        }
      }),
    ),
  ];
}

/** That one alternative lacks what makes it another, or that a condition led to the fault that is named anyway, is none. */
function isNews({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword !== 'if' && !/\/(?:oneOf|anyOf)\/\d+\/required$/.test(schemaPath);
}

/** A JSON Pointer (RFC 6901) as a path. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
