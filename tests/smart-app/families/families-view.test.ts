import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { familiesView, PARTS } from '../../../src/smart-app/families/families-view.ts';
import { content } from './content.ts';

const view = familiesView(content);
const { education } = content;

describe('the contents list', () => {
  test('names every section of the text, then questions, contacts, words and limits', () => {
    expect(view.contents.map(({ title }) => title)).toEqual([
      ...education.sections.map(({ title }) => title),
      ...Object.values(PARTS).map(({ title }) => title),
    ]);
  });

  test('leads to each once', () => {
    const anchors = view.contents.map(({ anchor }) => anchor);
    expect(new Set(anchors).size).toBe(anchors.length);
  });
});

describe('the sources of a section', () => {
  test('are those of its items, each once, with kind and year', () => {
    const tests = view.sections.find(({ anchor }) => anchor === 'families-tests');
    const labels = tests?.sources.map(({ label }) => label) ?? [];
    expect(labels).toContain('Klarity Health Library, alveolar soft part sarcoma');
    expect(new Set(labels).size).toBe(labels.length);
    for (const { about } of tests?.sources ?? []) expect(about).toMatch(/, (?:\d{4}|undated)$/);
  });

  test('that nobody has reviewed are called so', () => {
    const all = view.sections.flatMap(({ sources }) => sources);
    const doubtful = all.filter(({ label }) => /Dr\.Oracle|Klarity/.test(label));
    expect(doubtful.length).toBeGreaterThan(2);
    for (const { about } of doubtful) expect(about).toContain('has not been reviewed');
  });

  test('link to an address that was read, and to none where none was', () => {
    const all = view.sections.flatMap(({ sources }) => sources);
    const known = new Map(content.sources?.map(({ label, url }) => [label, url]));
    for (const { label, url } of all) expect(url).toBe(known.get(label));
    expect(all.some(({ url }) => url === undefined)).toBe(true);
  });

  test('that are not in the list are named by their id, not left out', () => {
    const { sections } = familiesView({ ...content, sources: [] });
    expect(sections.flatMap(({ sources }) => sources)).toContainEqual({
      label: 'st-jude-asps',
      about: 'not in the list of sources',
      url: undefined,
    });
  });

  test('do not hide what rests on none', () => {
    const notes = view.sections.flatMap(({ withoutSource }) => withoutSource);
    expect(notes).toContainEqual(expect.stringMatching(/^Call the emergency number for: General advice/));
  });
});

describe('the review', () => {
  const reviewed = { date: '2027-03-01', by: 'Paediatric oncologist' };
  const withReviews = (count: number) =>
    familiesView({
      ...content,
      education: {
        ...education,
        sections: education.sections.map((section, at) => (at < count ? { ...section, reviewed } : section)),
      },
    });

  test('of nobody is said to be of nobody', () => {
    expect(view.review).toBe(
      'No clinician has reviewed this text yet. It was last compared with its sources on 2026-11-22.',
    );
    expect(view.isReviewed).toBe(false);
  });

  test('of a part names the parts that are open', () => {
    const { review, isReviewed, sections } = withReviews(education.sections.length - 1);
    expect(review).toMatch(/^No clinician has reviewed these parts yet: After treatment\./);
    expect(isReviewed).toBe(false);
    expect(sections[0]?.reviewed).toBe('Checked on 2027-03-01 by: Paediatric oncologist');
    expect(sections.at(-1)?.reviewed).toBeUndefined();
  });

  test('of all is said to be of all', () => {
    expect(withReviews(education.sections.length)).toMatchObject({
      isReviewed: true,
      review: expect.stringMatching(/^Clinicians have reviewed this text\./),
    });
  });
});

describe('a contact', () => {
  test('says when it was recorded, for whom it is, and from where', () => {
    expect(view.contacts?.[0]).toMatchObject({
      about: 'Referral office, United States. For doctors and other professionals: ask yours to make contact.',
      recorded: 'Recorded 2026-11 – check before you use it',
      source: { label: 'St. Jude, alveolar soft part sarcoma' },
    });
  });

  test("of a site's own has no publication", () => {
    const [contact] = content.contacts ?? [];
    if (contact === undefined) throw new Error('no contact is shipped');
    const { source: _none, ...own } = { ...contact, takenFrom: 'The directory of the hospital' };
    expect(familiesView({ ...content, contacts: [own] }).contacts?.[0]?.source).toBeUndefined();
  });
});

describe('the words of a section', () => {
  const wordsOf = (id: string) =>
    view.sections.find(({ anchor }) => anchor === `families-${id}`)?.words.map(({ word }) => word);

  test('are those that stand in it, in any of their forms', () => {
    expect(wordsOf('causes')).toEqual(['chromosome', 'gene', 'translocation', 'tumour']);
  });

  test('are not those that stand in another word only', () => {
    expect(wordsOf('living-with-it')).toEqual(['sarcoma']);
    expect(
      familiesView({ ...content, education: withText('The generation of doctors, a substage and impact.') }).sections[0]
        ?.words,
    ).toEqual([]);
  });

  test('lead to what explains them', () => {
    const anchors = new Set(view.words.map(({ anchor }) => anchor));
    const used = view.sections.flatMap(({ words }) => words.map(({ anchor }) => anchor));
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((anchor) => !anchors.has(anchor))).toEqual([]);
  });

  test('are found whatever stands in a text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom(...education.words),
        fc.constantFrom(' ', '. ', ' (', '\n'),
        (text, { word }, gap) => {
          const [section] = familiesView({
            ...content,
            education: withText(`${text}${gap}${word}${gap}${text}`),
          }).sections;
          expect(section?.words.map((one) => one.word)).toContain(word);
        },
      ),
      { numRuns: 200 },
    );
  });

  function withText(text: string): typeof education {
    const [section] = education.sections;
    const [item] = section?.items ?? [];
    if (section === undefined || item === undefined) throw new Error('no text is shipped');
    return { ...education, sections: [{ ...section, items: [{ ...item, heading: 'None', text: [text] }] }] };
  }
});

test('words stand by the alphabet, whatever their case', () => {
  const words = view.words.map(({ word }) => word);
  expect(words.indexOf('CT')).toBe(words.indexOf('contraception') + 1);
  expect(words.toSorted((a, b) => a.toLowerCase().localeCompare(b.toLowerCase()))).toEqual(words);
});
