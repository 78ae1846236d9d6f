/** One threat of `docs/security.md`. */
export interface Threat {
  /** `R…` of the Argonaut review, `API…` of OWASP, `T…` our own. */
  readonly id: string;
  readonly threat: string;
  /** What is done about it and where; begins with `None` where nothing in the code is. */
  readonly measure: string;
  /** Links to tests, each with words of the test’s title in “quotation marks”. */
  readonly test: string;
  readonly remains: string;
}

/** The text of a file below the root; undefined if there is none. */
export type ReadFile = (path: string) => string | undefined;

const ROW = /^\| (?<id>(?:R|API|T)\d+) +\|(?<threat>[^|]*)\|(?<measure>[^|]*)\|(?<test>[^|]*)\|(?<remains>[^|]*)\|$/gm;

/** The threats of the page, in their order. */
export function threatsIn(document: string): readonly Threat[] {
  return [...document.matchAll(ROW)].map(({ groups = {} }) => ({
    id: cell(groups['id']),
    threat: cell(groups['threat']),
    measure: cell(groups['measure']),
    test: cell(groups['test']),
    remains: cell(groups['remains']),
  }));
}

/** Everything that is wrong with the threats, one sentence each. `lists` is how many each list has, by its letters. */
export function problemsOf(
  threats: readonly Threat[],
  lists: Readonly<Record<string, number>>,
  read: ReadFile,
): readonly string[] {
  const expected = Object.entries(lists).flatMap(([letters, count]) =>
    Array.from({ length: count }, (_, index) => `${letters}${index + 1}`),
  );
  const given = threats.map(({ id }) => id);
  const order = given.join() === expected.join() ? [] : [`The threats are not ${expected.join(', ')} in this order`];
  return [...order, ...threats.flatMap((threat) => problemsOfThreat(threat, read))];
}

function problemsOfThreat({ id, threat, measure, test, remains }: Threat, read: ReadFile): readonly string[] {
  const said = Object.entries({ threat, measure, remains })
    .filter(([, text]) => text.length < 4)
    .map(([column]) => `${id}: nothing is said of ${column}`);
  if (/^None\b/.test(measure)) return said;

  const files = linksIn(measure);
  const tests = testsIn(test);
  return [
    ...said,
    ...(files.length === 0 ? [`${id}: the measure names no file`] : []),
    ...files.filter((path) => read(path) === undefined).map((path) => `${id}: there is no ${path}`),
    ...(tests.length === 0 ? [`${id}: names no test`] : []),
    ...tests.flatMap(({ path, titles }) => problemsOfTest(id, path, titles, read(path))),
  ];
}

function problemsOfTest(
  id: string,
  path: string,
  titles: readonly string[],
  text: string | undefined,
): readonly string[] {
  if (text === undefined) return [`${id}: there is no ${path}`];
  if (titles.length === 0) return [`${id}: names no test of ${path}`];
  return titles.filter((title) => !text.includes(title)).map((title) => `${id}: ${path} has no test “${title}”`);
}

function linksIn(text: string): readonly string[] {
  return [...text.matchAll(/\]\(\.\.\/([^)#\s]+)/g)].map(([, path = '']) => path);
}

function testsIn(text: string): readonly { readonly path: string; readonly titles: readonly string[] }[] {
  return [...text.matchAll(/\]\(\.\.\/(?<path>tests\/[^)\s]+\.test\.ts)\)(?<rest>[^[]*)/g)].map(({ groups = {} }) => ({
    path: groups['path'] ?? '',
    titles: [...(groups['rest'] ?? '').matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
  }));
}

function cell(text: string | undefined): string {
  return text?.trim() ?? '';
}
