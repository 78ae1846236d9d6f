import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { REQUIRED_VALUE_SETS } from '../../src/chart/terminology.ts';
import type { Contact } from '../../src/guideline/contacts.ts';
import { readContacts, statementsIn } from '../../src/guideline/contacts.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import type { GuidelineFiles } from '../../src/guideline/source-file.ts';
import { documentAt } from '../docs/documents.ts';
import { guideline } from '../support/service.ts';
import { folderWith, plainCard, problemsOf, shipped } from './folder.ts';

const FILE = 'contacts.yaml';
const { contacts, sources } = guideline.content;

const LOCAL = {
  id: 'sarcoma-clinic',
  name: 'Sarcoma clinic of this hospital',
  kind: 'centre',
  audience: 'everyone',
  place: 'This hospital',
  about: ['Ask for an appointment on weekdays.'],
  lines: [{ label: 'Reception', number: '+00 000 0000' }],
  url: 'https://hospital.example.org/sarcoma',
  recorded: '2026-11-20',
  takenFrom: 'The directory of the hospital',
};

/** A guideline of one card, which loads faster than the whole. */
const small: GuidelineFiles = new Map([
  ...[...shipped].filter(
    ([path]) =>
      /^(schema\/.*|(guideline|sources|override-reasons|settings|contacts)\.yaml)$/.test(path) ||
      (path.startsWith('value-sets/') &&
        REQUIRED_VALUE_SETS.includes(path.slice('value-sets/'.length, -'.json'.length))),
  ),
  ['drugs.yaml', '[]'],
  ...Object.entries(plainCard('one')),
]);

const overlayOf = (list: unknown, folder = 'site/') => ({ folder, files: new Map([[FILE, stringify(list)]]) });

/** The shipped contacts, changed. */
function folderOf(change: (list: Record<string, unknown>[]) => unknown) {
  const list = parse(shipped.get(FILE) ?? '') as Record<string, unknown>[];
  change(list);
  return folderWith({ [FILE]: stringify(list) });
}

describe('the contacts that are shipped', () => {
  test('each say when they were recorded and from which publication', () => {
    expect(contacts.length).toBeGreaterThan(3);
    for (const { recorded, source } of contacts) {
      expect(recorded).toMatch(/^2026-11/);
      expect(sources.map(({ id }) => id)).toContain(source);
    }
  });

  test('hold the numbers that a source gives, and no others', () => {
    const numbers = contacts.flatMap(({ id, lines = [] }) => lines.map(({ number }) => [id, number]));
    expect(numbers).toEqual([
      ['st-jude-referral-office', '1-888-226-4343'],
      ['st-jude-referral-office', '901-595-4055'],
      ['st-jude-referral-office', '901-595-4011'],
      ['st-jude-referral-office', '1-800-349-4334'],
    ]);
    expect(contacts.flatMap(({ about }) => about).filter((text) => /\d{3}[- ]?\d{3}|@/.test(text))).toEqual([]);
  });

  test('link to their source alone', () => {
    expect(contacts.filter(({ url }) => url !== undefined)).toEqual([]);
  });

  test('praise nobody', () => {
    const told = contacts.flatMap(({ name, about }) => [name, ...about]).join(' ');
    expect(told).not.toMatch(/\b(?:best|leading|renowned|most experienced|pioneer|exceptional|only)\b/i);
  });

  test('tell the statements on referral and centres', () => {
    expect([...statementsIn(contacts)].toSorted()).toEqual(
      ['E-33', 'S-094', 'S-095', 'S-096', 'S-097', 'S-098', 'S-099', 'S-100', 'S-101', 'S-172'].toSorted(),
    );
    expect(statementsIn(contacts).has('S-093')).toBe(false);
  });

  test('are read without an overlay as they stand', () => {
    expect(readContacts(shipped)).toEqual(contacts);
    expect(readContacts(folderWith({ [FILE]: undefined }))).toEqual({ problems: [`cards/${FILE}: missing`] });
  });
});

describe('an overlay', () => {
  test('replaces them wholly by its own', () => {
    const site = loadGuideline(small, [overlayOf([LOCAL])]);
    expect(site.content.contacts).toEqual([LOCAL]);
  });

  test('over another has the last word', () => {
    const other: Partial<Contact> = { ...(LOCAL as Contact), id: 'other-clinic' };
    const site = loadGuideline(small, [overlayOf([LOCAL], 'a/'), overlayOf([other], 'b/')]);
    expect(site.content.contacts.map(({ id }) => id)).toEqual(['other-clinic']);
  });

  test('may leave none', () => {
    expect(loadGuideline(small, [overlayOf([])]).content.contacts).toEqual([]);
  });

  test('without contacts leaves those below', () => {
    const files = new Map([['settings.yaml', 'brainImagingIntervalMonths: 3\n']]);
    expect(loadGuideline(small, [{ folder: 'site/', files }]).content.contacts).toEqual(contacts);
  });

  test.each<[string, unknown, RegExp]>([
    [
      'a contact that says not where it was taken from',
      [{ ...LOCAL, takenFrom: undefined }],
      /must match a schema in anyOf/,
    ],
    ['a contact without its date', [{ ...LOCAL, recorded: undefined }], /required property 'recorded'/],
    ['a date that is none', [{ ...LOCAL, recorded: 'last week' }], /recorded must match/],
    ['a source that there is not', [{ ...LOCAL, source: 'hearsay' }], /there is no source hearsay/],
    ['a contact twice', [LOCAL, LOCAL], /sarcoma-clinic is there twice/],
    ['an address that is no web page', [{ ...LOCAL, url: 'javascript:alert(1)' }], /url must match/],
    ['a number that is none', [{ ...LOCAL, lines: [{ label: 'Reception', number: 'call us' }] }], /number must match/],
  ])('with %s is refused, with file and line', (_what, list, problem) => {
    const [first = '', ...more] = problemsOf(small, [overlayOf(JSON.parse(JSON.stringify(list)))]);
    expect([first, ...more].join('\n')).toMatch(problem);
    expect(first).toMatch(/^site\/contacts\.yaml:\d+: /);
  });

  test.each(['education.yaml', 'outcomes.yaml'])('cannot have another %s', (file) => {
    const files = new Map([[file, shipped.get(file) ?? '']]);
    expect(problemsOf(small, [{ folder: 'site/', files }])).toEqual([`site/${file}: cannot be changed by an overlay`]);
  });
});

test('the contacts in docs/card-format.md are an overlay', () => {
  const [, example = ''] =
    /^```yaml\n(- id: sarcoma-clinic\n.*?)^```$/ms.exec(documentAt('docs/card-format.md').text) ?? [];
  const site = loadGuideline(small, [{ folder: 'site/', files: new Map([[FILE, example]]) }]);
  expect(site.content.contacts.map(({ id }) => id)).toEqual(['sarcoma-clinic']);
});

describe('a guideline', () => {
  test('whose contact names a source that there is not does not load', () => {
    expect(problemsOf(folderOf(([first]) => Object.assign(first ?? {}, { source: 'hearsay' })))).toEqual([
      expect.stringMatching(/^cards\/contacts\.yaml:\d+: .*there is no source hearsay/),
    ]);
  });

  test('without contacts has none', () => {
    expect(loadGuideline(folderWith({ [FILE]: undefined })).content.contacts).toEqual([]);
  });
});
