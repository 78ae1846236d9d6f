import { describe, expect, test } from '@jest/globals';
import { citable, readCatalogue } from '../../src/guideline/statements.ts';
import { type AppTexts, appProblems, placesOf, readAppTexts } from '../../src/guideline-cli/app-places.ts';
import { checkGuideline } from '../../src/guideline-cli/check.ts';
import { changed, folderWith, shipped } from '../guideline/folder.ts';
import { guideline } from '../support/service.ts';

const read = readCatalogue(shipped);
if ('problems' in read) throw new Error(read.problems.join('\n'));
const known = { catalogue: read, sources: guideline.sources };

function textsOf(files = shipped): AppTexts {
  const texts = readAppTexts(files);
  if ('problems' in texts) throw new Error(texts.problems.join('\n'));
  return texts;
}

const texts = textsOf();

test('every statement that is meant for the app is told in it, and nothing is cited that there is not', () => {
  expect(appProblems(texts, known)).toEqual([]);
});

test('each place is named by the text, contact or figure', () => {
  const places = placesOf(texts);
  expect(places.get('S-151')).toEqual(['text the-gene-change', 'text not-inherited']);
  expect(places.get('S-100')).toEqual(['contact st-jude-referral-office']);
  expect(places.get('E-03')).toEqual(expect.arrayContaining([expect.stringMatching(/^figure /)]));
});

describe('a statement meant for the app has no place', () => {
  const without = (id: string): AppTexts => ({
    ...texts,
    education: {
      ...texts.education,
      sections: texts.education.sections.map((section) => ({
        ...section,
        items: section.items.map((item) => ({ ...item, statements: item.statements.filter((one) => one !== id) })),
      })),
    },
    contacts: texts.contacts.map(({ statements = [], ...contact }) => ({
      ...contact,
      statements: statements.filter((one) => one !== id),
    })),
  });

  test.each(['S-017', 'S-079', 'S-100', 'S-152', 'X-16'])('%s, once nothing cites it', (id) => {
    expect(appProblems(without(id), known)).toEqual([expect.stringMatching(`^${id} has no place in the app`)]);
  });

  test('but what is about a source has its place beside the source', () => {
    const provenance = citable(read).filter(({ app }) => app === 'provenance');
    const listed = new Set(guideline.sources.map(({ id }) => id));
    expect(provenance.length).toBeGreaterThan(5);
    expect(provenance.flatMap(({ sources }) => sources).filter((id) => !listed.has(id))).toEqual([]);
    expect(appProblems(without('S-171'), known)).toEqual([]);
  });

  test('and the check of the guideline says so', () => {
    const files = folderWith(
      changed('education.yaml', (content) => {
        content['sections'] = (content['sections'] as readonly { id: string }[]).filter(({ id }) => id !== 'causes');
      }),
    );
    const { errors } = checkGuideline({ files, verifiedCodes: undefined, today: '2026-11-22' });
    expect(errors).toEqual(
      expect.arrayContaining(['S-152', 'S-153'].map((id) => expect.stringMatching(`^${id} has no place in the app`))),
    );
  });
});

test('what a text or a contact cites has to be there', () => {
  const [contact] = texts.contacts;
  const [section] = texts.education.sections;
  const [item] = section?.items ?? [];
  if (contact === undefined || section === undefined || item === undefined) throw new Error('nothing is shipped');
  const lost: AppTexts = {
    ...texts,
    education: {
      ...texts.education,
      sections: [
        ...texts.education.sections,
        { id: 'more', title: 'More', items: [{ ...item, id: 'lost', statements: ['S-999'], sources: ['hearsay'] }] },
      ],
    },
    contacts: [...texts.contacts, { ...contact, id: 'gone', statements: ['E-99'] }],
  };
  expect(appProblems(lost, known)).toEqual([
    'text lost: there is no statement S-999',
    'text lost: there is no source hearsay',
    'contact gone: there is no statement E-99',
  ]);
});

test('a text whose review is due is told', () => {
  const { warnings } = checkGuideline({ files: shipped, verifiedCodes: undefined, today: '2027-11-23' });
  expect(warnings).toContain('education.yaml: its review was due on 2027-11-22');
});
