import { describe, expect, test } from '@jest/globals';
import { allIn, type Catalogue, citable, readCatalogue } from '../../src/guideline/statements.ts';
import { changed, folderWith, shipped } from './folder.ts';

const FILE = 'statements.yaml';
type Item = Record<string, unknown>;

function shippedCatalogue(): Catalogue {
  const read = readCatalogue(shipped);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}

/** What is wrong with the catalogue once a list of it is changed. */
function problemsWith(list: keyof Catalogue, change: (items: Item[]) => unknown): readonly string[] {
  const read = readCatalogue(folderWith(changed(FILE, (content) => change(content[list] as Item[]))));
  return 'problems' in read ? read.problems : [];
}

test('the catalogue holds every statement, evidence item and conflict once and in order', () => {
  const { statements, evidence, conflicts } = shippedCatalogue();
  const numbered = (prefix: string, digits: number, count: number) =>
    Array.from({ length: count }, (_unused, at) => `${prefix}${String(at + 1).padStart(digits, '0')}`);
  expect(statements.map(({ id }) => id)).toEqual(numbered('S-', 3, 175));
  expect(evidence.map(({ id }) => id)).toEqual(numbered('E-', 2, 49));
  expect(conflicts.map(({ id }) => id)).toEqual(numbered('X-', 2, 27));
});

test('a card may cite statements, evidence and conflicts; a criterion rests on facts and rules too', () => {
  const catalogue = shippedCatalogue();
  expect(citable(catalogue)).toHaveLength(175 + 49 + 27);
  const ids = allIn(catalogue).map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['S-001', 'E-49', 'X-27', 'F-ASPS', 'M8', 'rule 13']));
});

test('what is wrong or out of scope is shown nowhere, with its reason', () => {
  const byId = new Map(shippedCatalogue().statements.map((statement) => [statement.id, statement]));
  for (const id of ['S-027', 'S-093', 'S-102', 'S-103', 'S-104', 'S-170', 'S-175']) {
    expect(byId.get(id)).toEqual({
      id,
      says: expect.any(String),
      sources: expect.any(Array),
      unused: expect.stringMatching(/\w{3}/),
    });
  }
  expect(byId.get('S-027')?.unused).toContain('X-13');
});

test('the figure that is known to be wrong stands in the catalogue only as what X-04 settles', () => {
  const { statements, evidence, conflicts } = shippedCatalogue();
  const naming = [...statements, ...evidence, ...conflicts].filter(({ says }) => /\b28(\.0)?\b.*months/.test(says));
  expect(naming.map(({ id }) => id)).toEqual(['X-04']);
});

describe('a catalogue is refused', () => {
  test('that is not there', () => {
    expect(readCatalogue(folderWith({ [FILE]: undefined }))).toEqual({ problems: ['cards/statements.yaml: missing'] });
  });

  test.each<[string, keyof Catalogue, (items: Item[]) => unknown, RegExp]>([
    ['with an id of another form', 'statements', ([first]) => Object.assign(first ?? {}, { id: 'S-1' }), /must match/],
    [
      'with a section that the app does not have',
      'statements',
      ([first]) => Object.assign(first ?? {}, { app: 'news' }),
      /must be equal to one of the allowed values/,
    ],
    ['with a member that nobody knows', 'conflicts', ([first]) => Object.assign(first ?? {}, { x: 1 }), /additional/],
    ['with a statement of no source', 'statements', ([first]) => Object.assign(first ?? {}, { sources: [] }), /fewer/],
    ['with a reason that says nothing', 'evidence', ([first]) => Object.assign(first ?? {}, { unused: '-' }), /fewer/],
    [
      'with evidence of another status',
      'evidence',
      ([first]) => Object.assign(first ?? {}, { status: 'heard' }),
      /allowed values/,
    ],
    [
      'with a statement twice',
      'statements',
      (items) => items.push(structuredClone(items[0] ?? {})),
      /S-001 is there twice/,
    ],
  ])('%s', (_what, list, change, problem) => {
    const problems = problemsWith(list, change);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
    expect(problems[0]).toMatch(/^cards\/statements\.yaml:/);
  });
});
