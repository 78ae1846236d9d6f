import { describe, expect, test } from '@jest/globals';
import type { Source } from '../../../src/guideline/card.ts';
import { sourceGroups, sourceNames } from '../../../src/smart-app/evidence/source-view.ts';
import { content } from './content.ts';

const groups = sourceGroups(content);
const entries = groups.flatMap((group) => group.entries);

const SOURCE: Source = { id: 'one', label: 'One', level: 'review', population: 'ASPS' };

describe('the list of sources', () => {
  test('holds every source once', () => {
    expect(entries.map(({ id }) => id).toSorted()).toEqual(content.sources.map(({ id }) => id).toSorted());
  });

  test('begins with the unreviewed ones, and says of them that they are AI-written or general', () => {
    const [first, ...others] = groups;
    expect(first?.isUnreviewed).toBe(true);
    expect(others.some(({ isUnreviewed }) => isUnreviewed)).toBe(false);
    const facts = (id: string) => first?.entries.find((entry) => entry.id === id)?.facts.join(' ');
    expect(facts('dr-oracle-metastatic-asps')).toMatch(/AI-written and pending human review.*reference list/);
    expect(facts('klarity-asps')).toMatch(/no first-hand data/);
  });

  test('shows every statement on provenance beside the source it is of', () => {
    const provenance = content.catalogue.statements.filter(({ app }) => app === 'provenance');
    expect(provenance.map(({ id }) => id)).toEqual(expect.arrayContaining(['S-167', 'S-168', 'S-171', 'S-174']));
    for (const { says, sources } of provenance) {
      const holding = entries.filter(({ ofItself }) => ofItself.includes(says)).map(({ id }) => id);
      expect(holding.toSorted()).toEqual(sources.toSorted());
    }
  });

  test('names what an article refers to (S-172)', () => {
    const klarity = entries.find(({ id }) => id === 'klarity-asps');
    expect(klarity?.ofItself).toContainEqual(expect.stringMatching(/PathologyOutlines.*JAMA Oncol 2019;5:254/));
  });

  test('says why a source has no year or no link', () => {
    const facts = entries.find(({ id }) => id === 'mskcc-12-095')?.facts;
    expect(facts).toEqual([
      'Undated: The page gives no date',
      expect.stringMatching(/^Population: /),
      'No link: The address was not recorded when it was read',
    ]);
  });

  test('names the regulator of what a regulator says', () => {
    const regulatory = content.sources.filter(({ level }) => level === 'regulatory').map(({ id }) => id);
    const named = entries.filter(({ facts }) => facts.some((fact) => fact.startsWith('Regulator: ')));
    expect(named.map(({ id }) => id)).toEqual(expect.arrayContaining(regulatory));
  });
});

describe('beside a figure', () => {
  test('an unreviewed source says so in words, once', () => {
    const names = sourceNames(content.sources);
    for (const { id, level } of content.sources) {
      const { label = '', caution = '' } = names.get(id) ?? {};
      const said = [...`${label} ${caution}`.matchAll(/unreviewed/g)];
      expect(said).toHaveLength(level === 'tertiary unreviewed' ? 1 : 0);
    }
  });

  test('an address that is no web page is never a link', () => {
    const addresses = ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'HTTPS_evil'];
    for (const url of addresses) expect(sourceNames([{ ...SOURCE, url }]).get('one')).not.toHaveProperty('url');
    const url = 'https://pubmed.ncbi.nlm.nih.gov/1/';
    expect(sourceNames([{ ...SOURCE, url }]).get('one')?.url).toBe(url);
  });
});
