import { describe, expect, test } from '@jest/globals';
import { type Education, itemsOf, readEducation, sentencesOf } from '../../src/guideline/education.ts';
import { type Content, changed, folderWith, shipped } from './folder.ts';

const FILE = 'education.yaml';

function shippedEducation(): Education {
  const read = readEducation(shipped);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}

const education = shippedEducation();
const items = itemsOf(education);

function problemsWith(change: (content: Content) => unknown): readonly string[] {
  const read = readEducation(folderWith(changed(FILE, change)));
  return 'problems' in read ? read.problems : [];
}

/** The first item of the first section. */
function itemOf(content: Content): Content {
  const [section] = content['sections'] as readonly { readonly items: Content[] }[];
  return section?.items[0] ?? {};
}

/** A list with its first item at its end once more. */
function twice(list: unknown): unknown {
  return Array.isArray(list) ? [...list, structuredClone(list[0])] : list;
}

/** Everything that is read, in paragraphs and points. */
const texts = [
  education.lead,
  ...education.limits,
  ...items.flatMap((item) => sentencesOf(item)),
  ...education.questions.flatMap(({ questions }) => questions),
  ...education.words.map(({ means }) => means),
];

/** Sentences of running text; points are no sentences and would make the average look better. */
const paragraphs = [
  education.lead,
  ...education.limits,
  ...items.flatMap(({ text }) => text.filter((part) => typeof part === 'string')),
];

function sentences(text: string): readonly string[] {
  return text.split(/(?<=[.?!])\s+/);
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /\w/.test(word)).length;
}

describe('the text for patients can be read', () => {
  const lengths = paragraphs
    .flatMap((text) => sentences(text))
    .map((sentence) => [wordsIn(sentence), sentence] as const);

  test('its sentences have 18 words or fewer on average', () => {
    expect(lengths.length).toBeGreaterThan(150);
    expect(lengths.reduce((sum, [words]) => sum + words, 0) / lengths.length).toBeLessThanOrEqual(18);
  });

  test('no sentence has more than 30 words', () => {
    const all = texts.flatMap((text) => sentences(text)).filter((sentence) => wordsIn(sentence) > 30);
    expect(all).toEqual([]);
  });

  // Words of the clinic that may stand in the text only if they are explained.
  const CLINICAL = [
    'ablation',
    'atezolizumab',
    'biopsy',
    'checkpoint inhibitor',
    'chemotherapy',
    'chromosome',
    'clinical trial',
    'contraception',
    'CT',
    'FDA',
    'immune system',
    'immunotherapy',
    'infusion',
    'limb-sparing',
    'metastases',
    'MRI',
    'palliative',
    'pathologist',
    'pazopanib',
    'radiotherapy',
    'sarcoma',
    'seizure',
    'stable disease',
    'sunitinib',
    'targeted drug',
    'thyroid',
    'translocation',
    'tumour',
  ];
  const explained = new Set(
    education.words.flatMap(({ word, forms = [] }) => [word, ...forms]).map((word) => word.toLowerCase()),
  );

  test.each(CLINICAL)('%s stands in the text, and is explained', (word) => {
    expect(texts.some((text) => text.toLowerCase().includes(word.toLowerCase()))).toBe(true);
    expect(explained.has(word.toLowerCase())).toBe(true);
  });

  test('every word that is explained stands in the text', () => {
    const told = [...paragraphs, ...texts].join(' ').toLowerCase();
    const missing = education.words.filter(({ word, forms = [] }) =>
      [word, ...forms].every((form) => !told.includes(form.toLowerCase())),
    );
    expect(missing).toEqual([]);
  });

  test.each([
    'refractory',
    'systemic',
    'TKI',
    'anti-angiogenic',
    'adverse',
    'prognosis',
    'resection',
    'metastasectomy',
    'progression',
    'oncologist',
    'neoplasm',
    'PD-L1',
  ])('%s is left to the clinicians', (word) => {
    const all = [...texts, ...items.map(({ heading }) => heading), ...education.sections.map(({ title }) => title)];
    expect(all.filter((text) => new RegExp(`\\b${word}`, 'i').test(text))).toEqual([]);
  });
});

describe('the text for patients says only what it may', () => {
  test('an inhibitor releases the brake of the immune system', () => {
    const text = items
      .filter(({ id }) => id === 'immunotherapy')
      .flatMap((item) => sentencesOf(item))
      .join(' ');
    expect(text).toMatch(/checkpoint inhibitor releases the brake/);
    expect(items.flatMap(({ statements }) => statements)).not.toContain('S-027');
  });

  test('no survival figure and no percentage stands in it', () => {
    expect(texts.filter((text) => /%|per ?cent|\b(?:median|survival)\b/i.test(text))).toEqual([]);
  });

  test('nothing in it orders, promises or frightens', () => {
    expect(
      texts.filter((text) => /\b(?:must|guarantee|always|fatal|deadly|die|dying|death|hopeless)\b/i.test(text)),
    ).toEqual([]);
  });

  test('it draws no comfort that no source gives', () => {
    const comfort = /do(?:es)? well as long as|mostly time for this|Targeted drugs can raise/;
    expect(texts.filter((text) => comfort.test(text))).toEqual([]);
  });

  test('what no publication says has its basis', () => {
    const [catching] = items.filter((item) => sentencesOf(item).some((text) => text.includes('not catching')));
    expect(catching?.basis).toMatch(/general knowledge/);
  });

  test('it holds no link and no number to call: those are contacts, with their date', () => {
    expect(texts.filter((text) => /https?:|www\.|@|\d{3}[- ]\d{3}/.test(text))).toEqual([]);
  });

  test('an approval is named with its regulator or its country', () => {
    const approvals = paragraphs.filter((text) => /\bapproved it\b/.test(text));
    expect(approvals.length).toBeGreaterThan(0);
    for (const text of approvals) expect(text).toMatch(/FDA|Japan/);
  });

  test('nobody has reviewed it, and it does not say otherwise', () => {
    expect(education.sections.filter(({ reviewed }) => reviewed !== undefined)).toEqual([]);
  });

  test.each([
    ['not inherited', 'not-inherited', /not inherited/],
    ['nobody did anything to cause it', 'not-inherited', /Nothing is known that you did/],
    ['why to wait before an operation on the lung', 'why-wait-before-lung-surgery', /spared/],
    ['that it is one unreviewed source that advises to wait', 'why-wait-before-lung-surgery', /nobody has reviewed/],
    ['that stable disease can be a good result', 'stable-disease', /can be a good result/],
    ['that stable disease is no change that counts', 'stable-disease', /neither grow nor shrink in a way that counts/],
    ['that it is one unreviewed source that praises it', 'stable-disease', /One source that nobody has reviewed says/],
    ['of which drug it tells effects', 'effects-of-drugs', /Pazopanib, a targeted drug, can raise/],
    [
      'who saw no established treatment before, and that others were given',
      'immunotherapy',
      /researchers.*wrote.*pazopanib/,
    ],
    ['that palliative care is not giving up', 'palliative-care', /does not mean that anybody has given up/],
    ['that contraception is needed', 'fertility', /Contraception is needed/],
    ['that check-ups go on for many years', 'many-years', /many\s+years/],
  ])('it says %s', (_what, id, words) => {
    expect(
      items
        .filter((item) => item.id === id)
        .flatMap((item) => sentencesOf(item))
        .join(' '),
    ).toMatch(words);
  });
});

describe('a text is refused', () => {
  test('that is not there', () => {
    expect(readEducation(folderWith({ [FILE]: undefined }))).toEqual({ problems: [`cards/${FILE}: missing`] });
  });

  test.each<[string, (content: Content) => unknown, RegExp]>([
    ['with markup in a paragraph', (content) => (itemOf(content)['text'] = ['A <b>bold</b> claim.']), /must match/],
    ['with an item of neither source nor basis', (content) => (itemOf(content)['sources'] = []), /basis|fewer/],
    ['with a statement of another form', (content) => (itemOf(content)['statements'] = ['S-1']), /must match pattern/],
    ['with a member that nobody knows', (content) => (itemOf(content)['figure'] = 61), /additional properties: figure/],
    [
      'with a question that asks nothing',
      (content) => (content['questions'] = [{ about: 'Something', questions: ['A statement.'] }]),
      /must match pattern/,
    ],
    ['without its date', (content) => delete content['written'], /must have required property 'written'/],
    ['without saying what it is not', (content) => (content['limits'] = []), /fewer/],
    [
      'with a section twice',
      (content) => (content['sections'] = twice(content['sections'])),
      /about-this-page is there twice/,
    ],
    ['with a word twice', (content) => (content['words'] = twice(content['words'])), /ablation is there twice/],
  ])('%s', (_what, change, problem) => {
    const problems = problemsWith(change);
    expect(problems.join('\n')).toMatch(problem);
    for (const one of problems) expect(one).toMatch(/^cards\/education\.yaml:/);
  });
});
