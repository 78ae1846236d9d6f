import { describe, expect, test } from '@jest/globals';
import { CRITERIA } from '../../src/guideline/criteria/registry.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { type Catalogue, readCatalogue, type Statement } from '../../src/guideline/statements.ts';
import { homesOf, type Traced, traceProblems, unusedCriteria, unusedSources } from '../../src/guideline-cli/trace.ts';
import { folderOfCards, plainCard, shipped } from '../guideline/folder.ts';
import { guideline } from '../support/service.ts';

const read = readCatalogue(shipped);
if ('problems' in read) throw new Error(read.problems.join('\n'));
const catalogue: Catalogue = read;
const traced: Traced = { catalogue, cards: guideline.cards, sources: guideline.sources };
const EMPTY: Catalogue = { statements: [], evidence: [], conflicts: [], facts: [], policies: [], rules: [] };
const S1: Statement = { id: 'S-001', says: 'Something', sources: ['portera-2001'] };

/** One card that cites S-001, and a catalogue of these statements. */
function small(...statements: readonly Statement[]): Traced {
  const { cards, sources } = loadGuideline(folderOfCards(plainCard('one')));
  // Criteria rest on what they rest on: all of the real catalogue but its statements stays.
  return { catalogue: { ...catalogue, statements, evidence: [], conflicts: [] }, cards, sources };
}

/** Problems of cards and statements; those of criteria are about the real catalogue. */
function problemsOf(one: Traced): readonly string[] {
  return traceProblems(one).filter((problem) => !problem.startsWith('criterion '));
}

describe('the guideline as it ships', () => {
  test('has a home for every statement, and cites nothing that does not exist', () => {
    expect(traceProblems(traced)).toEqual([]);
  });

  test('has no source on which nothing rests', () => {
    expect(unusedSources(traced)).toEqual([]);
  });
});

describe('a statement', () => {
  test('that a card lists has its home there', () => {
    const { statements } = catalogue;
    expect(problemsOf(small(S1))).toEqual([]);
    expect(homesOf(small(S1))).toEqual([{ statement: S1, cards: ['one'] }]);
    expect(statements.length).toBeGreaterThan(1);
  });

  test('that is shown in the app, or nowhere for a reason, has a home', () => {
    const shown: Statement = { ...S1, id: 'S-002', app: 'symptoms' };
    const unused: Statement = { ...S1, id: 'S-003', unused: 'Out of scope' };
    expect(problemsOf(small(S1, shown, unused))).toEqual([]);
    expect(homesOf(small(S1, shown, unused)).slice(1)).toEqual([
      { statement: shown, cards: [], app: 'symptoms' },
      { statement: unused, cards: [], unused: 'Out of scope' },
    ]);
  });

  test('without a home is a problem', () => {
    expect(problemsOf(small(S1, { ...S1, id: 'S-002' }))).toEqual([
      'S-002 has no home: no card, no section of the app, and no reason',
    ]);
  });

  test('that is shown although it is said to be unused is a problem', () => {
    expect(problemsOf(small({ ...S1, unused: 'Out of scope' }))).toEqual([
      'S-001 is said to be unused (Out of scope), and is shown: one',
    ]);
    const shown: Statement = { ...S1, id: 'S-002', app: 'symptoms', unused: 'Out of scope' };
    expect(problemsOf(small(S1, shown))).toEqual(['S-002 is said to be unused (Out of scope), and is shown: symptoms']);
  });

  test('of a source that does not exist is a problem', () => {
    expect(problemsOf(small({ ...S1, sources: ['hearsay'] }))).toEqual(['S-001: there is no source hearsay']);
  });
});

test('a card that cites a statement that does not exist is a problem', () => {
  expect(problemsOf(small())).toEqual(['one.yaml: there is no statement S-001']);
});

test('a criterion that rests on something that does not exist is a problem', () => {
  const problems = traceProblems({ ...traced, cards: [], catalogue: EMPTY });
  expect(problems).toContain('criterion asps-established: there is no statement or rule F-ASPS');
});

test('a criterion that no card names is told', () => {
  const unused = unusedCriteria(small(S1).cards);
  expect(unused).toHaveLength(CRITERIA.size - 1);
  expect(unused).not.toContain('asps-established');
});

test('a source on which nothing rests is told', () => {
  const { sources } = traced;
  expect(unusedSources(small(S1))).toEqual(sources.map(({ id }) => id).filter((id) => id !== 'portera-2001'));
});
