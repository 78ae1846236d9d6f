import { table } from './markdown-table.ts';

/** What was decided about a requirement: the closed set of `docs/conformance.md`. */
const STATUSES = ['done', 'not applicable', 'not done'] as const;
type Status = (typeof STATUSES)[number];

const REQUIREMENTS = 198;
/** A range longer than this covers what nobody looked at: it names what a file is about, and shows nothing of one requirement. */
const LONGEST_RANGE = 10;
/** Shorter than this, and it is no reason. */
const SHORTEST_REASON = 30;

/** One requirement, as `docs/conformance.md` has it. */
export interface Requirement {
  /** `CH-01` to `CH-198`. */
  readonly id: string;
  /** The heading above it. */
  readonly group: string;
  readonly asks: string;
  readonly strength: string;
  readonly versions: string;
  readonly status: string;
  /** Links to what does it and to the test that shows it; else the reason. */
  readonly where: string;
}

/** The repository, as far as the check reads it. */
export interface Tree {
  /** The text of a file below the root; undefined if there is none. */
  readonly text: (path: string) => string | undefined;
  /** Every file of the service itself. */
  readonly sources: readonly string[];
}

/** The rows of the table, in their order, under the second-level headings of the document. */
export function requirementsIn(document: string): readonly Requirement[] {
  let group = '';
  const rows: Requirement[] = [];
  for (const line of document.split('\n')) {
    group = /^## (.+)$/.exec(line)?.[1] ?? group;
    const [, id = '', asks = '', strength = '', versions = '', status = '', ...rest] = cellsOf(line);
    if (/^CH-\d+$/.test(id)) rows.push({ id, group, asks, strength, versions, status, where: rest.join('|').trim() });
  }
  return rows;
}

/** The ids that a text cites, one by one and as `CH-19 to CH-21`. A range longer than `longest` counts for its two ends. */
export function idsCitedIn(text: string, longest: number = REQUIREMENTS): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [, from = '', to = from] of text.matchAll(/\bCH-(\d+)(?:(?: to |\.\.|–)CH-(\d+))?/g)) {
    ids.add(idOf(Number(from))).add(idOf(Number(to)));
    if (Number(to) - Number(from) >= longest) continue;
    for (let number = Number(from); number < Number(to); number += 1) ids.add(idOf(number));
  }
  return ids;
}

/** Everything that is wrong with the table, one sentence each; nothing wrong is the empty list. */
export function problemsOf(requirements: readonly Requirement[], tree: Tree): readonly string[] {
  return [
    ...outOfOrder(requirements),
    ...requirements.flatMap((requirement) => problemsOfRow(requirement, tree)),
    ...wronglyCited(requirements, tree),
  ];
}

/** How many requirements of each group have which status, as a table. */
export function countsOf(requirements: readonly Requirement[]): string {
  const groups = [...new Set(requirements.map(({ group }) => group))];
  const row = (name: string, among: readonly Requirement[]) => [
    name,
    ...STATUSES.map((status) => String(among.filter((each) => each.status === status).length)),
    String(among.length),
  ];
  return table(
    ['group', ...STATUSES, 'all'],
    [
      ...groups.map((name) =>
        row(
          name,
          requirements.filter(({ group }) => group === name),
        ),
      ),
      row('**all**', requirements),
    ],
  );
}

function outOfOrder(requirements: readonly Requirement[]): readonly string[] {
  const expected = Array.from({ length: REQUIREMENTS }, (_, index) => idOf(index + 1));
  const given = requirements.map(({ id }) => id);
  if (given.join() === expected.join()) return [];
  const known = new Set(expected);
  const problems = [
    ...expected.filter((id) => !given.includes(id)).map((id) => `${id} is missing`),
    ...given.filter((id, at) => given.indexOf(id) !== at).map((id) => `${id} is there twice`),
    ...given.filter((id) => !known.has(id)).map((id) => `${id} is no requirement`),
  ];
  return problems.length > 0 ? problems : ['The requirements are not in order'];
}

function problemsOfRow(requirement: Requirement, tree: Tree): readonly string[] {
  const { id, asks, strength, versions, status, where } = requirement;
  const blank = Object.entries({ asks, strength, versions })
    .filter(([, text]) => text === '')
    .map(([column]) => `${id}: nothing under ${column}`);
  if (!isStatus(status)) return [...blank, `${id}: there is no status "${status}"`];
  if (status === 'done') return [...blank, ...problemsOfProof(id, linksIn(where), tree)];
  if (where.length < SHORTEST_REASON) return [...blank, `${id}: no reason why it is ${status}`];
  return blank;
}

/** Done is what a file of the service does, and a test shows; both name the requirement. */
function problemsOfProof(id: string, links: readonly string[], tree: Tree): readonly string[] {
  const doers = links.filter((path) => path.startsWith('src/'));
  const tests = links.filter((path) => /^tests\/.*\.test\.ts$/.test(path));
  return [
    ...(doers.length === 0 ? [`${id}: names no source file`] : []),
    ...(tests.length === 0 ? [`${id}: names no test`] : []),
    ...[...doers, ...tests].flatMap((path) => {
      const text = tree.text(path);
      if (text === undefined) return [`${id}: there is no ${path}`];
      return idsCitedIn(text, LONGEST_RANGE).has(id) ? [] : [`${id}: ${path} does not cite it`];
    }),
  ];
}

/** What the service says of itself has to agree with the table. */
function wronglyCited(requirements: readonly Requirement[], tree: Tree): readonly string[] {
  const statusOf = new Map(requirements.map(({ id, status }) => [id, status]));
  return tree.sources.flatMap((path) =>
    [...idsCitedIn(tree.text(path) ?? '')].flatMap((id) => {
      const status = statusOf.get(id);
      if (status === undefined) return [`${path} cites ${id}, which is not in the table`];
      return status === 'not applicable' ? [`${path} cites ${id}, which is said to be not applicable`] : [];
    }),
  );
}

/** The paths that a cell of a document in `docs/` links to, from the root of the repository. */
function linksIn(cell: string): readonly string[] {
  return [...cell.matchAll(/\]\(\.\.\/([^)#\s]+)/g)].map(([, path = '']) => path);
}

function cellsOf(line: string): readonly string[] {
  return line.startsWith('|')
    ? line
        .split('|')
        .slice(0, -1)
        .map((cell) => cell.trim())
    : [];
}

function isStatus(text: string): text is Status {
  return STATUSES.some((status) => status === text);
}

function idOf(number: number): string {
  return `CH-${String(number).padStart(2, '0')}`;
}
