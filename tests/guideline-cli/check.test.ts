import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import type { GuidelineFiles } from '../../src/guideline/source-file.ts';
import { checkGuideline, type Findings } from '../../src/guideline-cli/check.ts';
import { VERIFIED_CODES } from '../../src/guideline-cli/verified-codes.ts';
import { CARDS_FOLDER } from '../../src/guideline-folder.ts';
import { type Content, changed, folderOfCards, folderWith, plainCard, shipped } from '../guideline/folder.ts';

// Each test loads the whole guideline, for which a busy machine may take its time.
jest.setTimeout(30_000);

const TODAY = '2026-11-22';
const verifiedCodes = readFileSync(join(CARDS_FOLDER, VERIFIED_CODES), 'utf8');

function check(files: GuidelineFiles, today = TODAY): Findings {
  return checkGuideline({ files, verifiedCodes, today });
}

/** A card whose evidence level its source bears out. */
function cardOf(more: Content = {}): Readonly<Record<string, string>> {
  return plainCard('one', { evidenceLevel: 'tertiary unreviewed', ...more });
}

/** Without those that say that statements have no home any more: a folder of one card has few. */
function errorsOf(files: GuidelineFiles): readonly string[] {
  return check(files).errors.filter((error) => !error.includes('has no home'));
}

test('the guideline as it ships has no error', () => {
  expect(check(shipped).errors).toEqual([]);
});

describe('an error is', () => {
  test('what keeps the guideline from loading, each with its place', () => {
    const files = folderWith(changed('record-stage.yaml', (card) => (card['when'] = { not: 'adlut' })));
    const { errors } = check(files);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/record-stage\.yaml.*there is no criterion adlut/);
  });

  test('a missing source', () => {
    const files = folderWith(changed('record-stage.yaml', (card) => (card['sources'] = ['hearsay'])));
    expect(check(files).errors).toEqual([expect.stringMatching(/record-stage\.yaml.*there is no source hearsay/)]);
  });

  test('a summary that is too long under some answers, with those answers', () => {
    const long = 'Consider '.repeat(16);
    const summary = `{% if facts["adult"] == "unknown" %}${long}{% else %}Consider it{% endif %}`;
    const [error = '', ...more] = errorsOf(folderOfCards(cardOf({ summary })));
    expect(more).toEqual([]);
    expect(error).toMatch(/^one\.yaml: a summary of 143 characters \(adult: unknown\): Consider Consider/);
  });

  test('a summary that is too long only with a figure or the name of a drug in it', () => {
    const summary = `Consider ${'x'.repeat(110)} {{ orderedDrugs }}`;
    expect(errorsOf(folderOfCards(cardOf({ summary })))).toEqual([
      expect.stringMatching(/^one\.yaml: a summary of 1\d\d characters \(always\)/),
    ]);
  });

  test('an evidence level that none of the sources has', () => {
    const ofLevel = (evidenceLevel: string, ...sources: readonly string[]) =>
      errorsOf(folderOfCards(cardOf({ evidenceLevel, sources })));
    expect(ofLevel('primary trial', 'portera-2001')).toEqual([
      'one.yaml: the evidence level is primary trial, and none of its sources is of that level',
    ]);
    expect(ofLevel('primary trial', 'portera-2001', 'chen-2023')).toEqual([]);
    expect(ofLevel('tertiary unreviewed', 'portera-2001')).toEqual([]);
  });

  test('a statement that does not exist, and one without a home', () => {
    const { errors } = check(folderOfCards(cardOf({ statements: ['S-999'] })));
    expect(errors).toContain('one.yaml: there is no statement S-999');
    expect(errors).toContain('S-018 has no home: no card, no section of the app, and no reason');
  });

  test('a catalogue that is not as it should be', () => {
    expect(check(folderWith({ 'statements.yaml': undefined })).errors).toEqual(['cards/statements.yaml: missing']);
  });

  test('a code that nobody has verified, in a value set or an order', () => {
    const valueSet = (shipped.get('value-sets/m1.json') ?? '').replace('55440008', '11111111');
    const order = (shipped.get('orders/mri-brain.yaml') ?? '').replace(/code: "?[\w-]+"?/, 'code: "22222222"');
    const errors = errorsOf(folderWith({ 'value-sets/m1.json': valueSet, 'orders/mri-brain.yaml': order }));
    expect(errors).toEqual([
      `value-sets/m1.json: http://snomed.info/sct|11111111 is not in ${VERIFIED_CODES} and names no second source`,
      'orders/mri-brain.yaml: http://snomed.info/sct|22222222 is not in verified-codes.tsv',
    ]);
  });

  test('a pattern without a description', () => {
    const [path = '', text = ''] =
      [...shipped].find(([name, content]) => name.startsWith('value-sets/') && content.includes('"regex"')) ?? [];
    const { description: _description, ...valueSet } = JSON.parse(text) as Record<string, unknown>;
    expect(errorsOf(folderWith({ [path]: JSON.stringify(valueSet) }))).toEqual([
      `${path}: has a pattern, and no description of it`,
    ]);
  });

  test('a table of verified codes that is missing or broken', () => {
    const errors = (table: string | undefined) =>
      checkGuideline({ files: shipped, verifiedCodes: table, today: TODAY }).errors;
    expect(errors(undefined)).toEqual(['verified-codes.tsv: missing']);
    expect(errors('no columns')).toEqual(['verified-codes.tsv:1: there is no such grade']);
  });
});

describe('a warning is', () => {
  test('a review that was due', () => {
    const files = folderOfCards(cardOf({ reviewDue: '2026-11-21' }));
    const ofOne = (today: string) => check(files, today).warnings.filter((warning) => warning.startsWith('one.yaml'));
    expect(ofOne('2026-11-21')).toEqual([]);
    expect(ofOne('2026-11-22')).toEqual(['one.yaml: its review was due on 2026-11-21']);
  });

  test('a first source without an address, since clients link it', () => {
    const warning = 'one.yaml: its first source has no url that clients could link';
    const ofSources = (...sources: readonly string[]) => check(folderOfCards(cardOf({ sources }))).warnings;
    expect(ofSources('klarity-asps', 'portera-2001')).toContain(warning);
    expect(ofSources('portera-2001', 'klarity-asps')).not.toContain(warning);
  });

  test('a criterion that no card names', () => {
    expect(check(folderOfCards(cardOf())).warnings).toContain('no card names the criterion adult');
  });
});

test('everything wrong is said at once, whether the guideline loads or not', () => {
  const files = folderWith({
    ...changed('record-stage.yaml', (card) => (card['when'] = 'adlut')),
    'value-sets/m1.json': (shipped.get('value-sets/m1.json') ?? '').replace('55440008', '11111111'),
  });
  expect(check(files).errors).toHaveLength(2);
});
