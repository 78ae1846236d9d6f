import { describe, expect, test } from '@jest/globals';
import { statementsIn as statementsOfContacts } from '../../src/guideline/contacts.ts';
import { type Education, readEducation, statementsIn as statementsOfTexts } from '../../src/guideline/education.ts';
import type { Outcomes } from '../../src/guideline/figure.ts';
import { readOutcomes, statementsIn as statementsOfFigures } from '../../src/guideline/outcomes.ts';
import { type Catalogue, citable, readCatalogue } from '../../src/guideline/statements.ts';
import { shipped } from '../guideline/folder.ts';
import { guideline } from '../support/service.ts';

function readable<Content extends object>(read: Content | { readonly problems: readonly string[] }): Content {
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}

const catalogue: Catalogue = readable(readCatalogue(shipped));
const education: Education = readable(readEducation(shipped));
const outcomes: Outcomes = readable(readOutcomes(shipped));
const forTheApp = citable(catalogue).filter(({ app }) => app !== undefined);

/** Statements with `app` that neither text nor contact nor figure cites, each with why. There is none, and none should come. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map();

describe('what is meant for the app has its place in it', () => {
  const told = new Set([
    ...statementsOfTexts(education),
    ...statementsOfContacts(guideline.content.contacts),
    ...statementsOfFigures(outcomes),
  ]);

  test('the catalogue has such statements in every section', () => {
    expect(new Set(forTheApp.map(({ app }) => app)).size).toBe(10);
    expect(forTheApp.length).toBeGreaterThan(150);
  });

  test('a text for patients, a contact or a figure cites each, or it is about a source', () => {
    const lost = forTheApp.filter(({ id, app }) => !told.has(id) && app !== 'provenance' && !EXCEPTIONS.has(id));
    expect(lost.map(({ id }) => id)).toEqual([]);
  });

  test('what is about a source is about one that the list of sources shows', () => {
    const listed = new Set(guideline.sources.map(({ id }) => id));
    const provenance = forTheApp.filter(({ app }) => app === 'provenance');
    for (const { sources } of provenance) {
      expect(sources.length).toBeGreaterThan(0);
      expect(sources.filter((id) => !listed.has(id))).toEqual([]);
    }
  });

  test('the unreviewed sources say of themselves that they are', () => {
    const unreviewed = guideline.sources.filter(({ level }) => level === 'tertiary unreviewed');
    expect(unreviewed.map(({ id }) => id)).toContain('dr-oracle-metastatic-asps');
    for (const { note } of unreviewed) expect(note).toMatch(/review|first-hand/);
  });
});

test('what is never shown is cited nowhere in the app', () => {
  const unused = new Set(citable(catalogue).flatMap(({ id, unused: reason }) => (reason === undefined ? [] : [id])));
  expect(unused.has('S-027')).toBe(true);
  const cited = [
    ...statementsOfTexts(education),
    ...statementsOfContacts(guideline.content.contacts),
    ...statementsOfFigures(outcomes),
  ];
  expect(cited.filter((id) => unused.has(id))).toEqual([]);
});
