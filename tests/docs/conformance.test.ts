import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { cdsServices } from '../../src/services.ts';
import { countsOf, idsCitedIn, problemsOf, type Requirement, requirementsIn, type Tree } from './conformance.ts';
import { documentAt, ROOT } from './documents.ts';
import { blockIn, unpadded, withBlock } from './generated-blocks.ts';
import { code, table } from './markdown-table.ts';

const PAGE = 'docs/conformance.md';

const repository: Tree = {
  text: (path) => (existsSync(ROOT + path) ? readFileSync(ROOT + path, 'utf8') : undefined),
  sources: readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `src/${path}`),
};

const requirements = requirementsIn(documentAt(PAGE).text);

test('every requirement is there once, in order, and what is said of it holds', () => {
  expect(problemsOf(requirements, repository)).toEqual([]);
});

describe('what the page takes from the code is what the code says now (UPDATE_DOCS=1 rewrites it)', () => {
  test.each([
    { name: 'conformance', file: PAGE, content: countsOf(requirements) },
    { name: 'hooks', file: PAGE, content: hooks() },
  ])('$name', (block) => {
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(ROOT + PAGE, withBlock(documentAt(PAGE).text, block));
    expect(unpadded(blockIn(documentAt(PAGE).text, block.name) ?? 'no markers')).toBe(unpadded(block.content));
  });
});

describe('the check fails', () => {
  const row = (id: number, changes: Partial<Requirement> = {}): Requirement => ({
    id: `CH-${String(id).padStart(2, '0')}`,
    group: 'A',
    asks: 'Do it.',
    strength: 'SHALL',
    versions: 'all',
    status: 'not done',
    where: 'Nobody has got round to it in this version yet.',
    ...changes,
  });
  const rows = Array.from({ length: 198 }, (_, index) => row(index + 1));
  const done = (where: string) => rows.with(6, row(7, { status: 'done', where }));
  const tree = (files: Readonly<Record<string, string>> = {}): Tree => ({
    text: (path) => files[path],
    sources: Object.keys(files).filter((path) => path.startsWith('src/')),
  });
  const proof = '[a](../src/a.ts), [test](../tests/a.test.ts)';

  test('not, when all is well', () => {
    expect(problemsOf(rows, tree())).toEqual([]);
    expect(problemsOf(done(proof), tree({ 'src/a.ts': '(CH-07)', 'tests/a.test.ts': 'CH-05 to CH-08' }))).toEqual([]);
  });

  test.each<[string, readonly Requirement[], readonly string[]]>([
    ['a requirement is missing', rows.toSpliced(41, 1), ['CH-42 is missing']],
    ['one is there twice', rows.toSpliced(41, 0, row(42)), ['CH-42 is there twice']],
    ['one does not exist', [...rows, row(199)], ['CH-199 is no requirement']],
    ['two have changed places', rows.with(0, row(2)).with(1, row(1)), ['The requirements are not in order']],
    ['there is none', [], Array.from({ length: 198 }, (_, at) => `${row(at + 1).id} is missing`)],
    ['the status is another', rows.with(0, row(1, { status: 'partly' })), ['CH-01: there is no status "partly"']],
    ['a reason is none', rows.with(0, row(1, { where: 'no' })), ['CH-01: no reason why it is not done']],
    [
      'a reason is none, of what is not applicable',
      rows.with(0, row(1, { status: 'not applicable', where: '–' })),
      ['CH-01: no reason why it is not applicable'],
    ],
    ['it does not say what is asked', rows.with(0, row(1, { asks: '' })), ['CH-01: nothing under asks']],
    ['it does not say of which versions', rows.with(0, row(1, { versions: '' })), ['CH-01: nothing under versions']],
  ])('%s', (_what, broken, problems) => {
    expect(problemsOf(broken, tree())).toEqual(problems);
  });

  test.each<[string, string, Readonly<Record<string, string>>, readonly string[]]>([
    ['names nothing', 'It is all there, one only has to look.', {}, ['names no source file', 'names no test']],
    ['has no test', '[a](../src/a.ts)', { 'src/a.ts': 'CH-07' }, ['names no test']],
    [
      'has a test that is none',
      '[a](../src/a.ts), [b](../tests/support/b.ts)',
      { 'src/a.ts': 'CH-07', 'tests/support/b.ts': 'CH-07' },
      ['names no test'],
    ],
    ['has a source that is gone', proof, { 'tests/a.test.ts': 'CH-07' }, ['there is no src/a.ts']],
    ['has a test that is gone', proof, { 'src/a.ts': 'CH-07' }, ['there is no tests/a.test.ts']],
    [
      'is not cited by its test',
      proof,
      { 'src/a.ts': 'CH-07', 'tests/a.test.ts': 'CH-70, CH-01 to CH-06' },
      ['tests/a.test.ts does not cite it'],
    ],
    [
      'is cited in passing, by a range over everything',
      proof,
      { 'src/a.ts': 'CH-01 to CH-100', 'tests/a.test.ts': 'CH-07' },
      ['src/a.ts does not cite it'],
    ],
  ])('what is said to be done %s', (_what, where, files, problems) => {
    expect(problemsOf(done(where), tree(files))).toEqual(problems.map((problem) => `CH-07: ${problem}`));
  });

  test('the service cites what is said to be not applicable, or does not exist', () => {
    const skipped = rows.with(0, row(1, { status: 'not applicable' }));
    expect(problemsOf(skipped, tree({ 'src/a.ts': 'CH-01, CH-02 and CH-200' }))).toEqual([
      'src/a.ts cites CH-01, which is said to be not applicable',
      'src/a.ts cites CH-200, which is not in the table',
    ]);
  });
});

describe('what is read', () => {
  test.each<[string, readonly string[]]>([
    ['CH-07', ['CH-07']],
    ['(CH-19 to CH-21, CH-25)', ['CH-19', 'CH-20', 'CH-21', 'CH-25']],
    ['CH-99..CH-101', ['CH-99', 'CH-100', 'CH-101']],
    ['CH-150–CH-151', ['CH-150', 'CH-151']],
    ['nothing: BACH-12, CH-, M-07', []],
  ])('of %s', (text, ids) => {
    expect([...idsCitedIn(text)].toSorted()).toEqual([...ids].toSorted());
  });

  test('of the page: the rows with a requirement, with the heading they stand under', () => {
    const page = '## A. First\n\n| id | asks |\n|---|---|\n| CH-01 | Do it | SHALL | all | done | [a](../src/a.ts) |\n';
    expect(requirementsIn(page)).toEqual([
      {
        id: 'CH-01',
        group: 'A. First',
        asks: 'Do it',
        strength: 'SHALL',
        versions: 'all',
        status: 'done',
        where: '[a](../src/a.ts)',
      },
    ]);
  });

  test('for the count', () => {
    const one = { id: 'CH-01', asks: 'x', strength: 'x', versions: 'x', where: 'x' };
    const counted = countsOf([
      { ...one, group: 'A', status: 'done' },
      { ...one, group: 'A', status: 'not done' },
      { ...one, group: 'B', status: 'done' },
    ]);
    expect(counted.split('\n').slice(2)).toEqual([
      '| A | 1 | 0 | 1 | 2 |',
      '| B | 1 | 0 | 0 | 1 |',
      '| **all** | 2 | 0 | 1 | 3 |',
    ]);
  });
});

function hooks(): string {
  const rows = cdsServices({}).map(({ hook, hookVersion, id }) => [hook, hookVersion, code(id)]);
  return table(['hook', 'version', 'service'], rows);
}
