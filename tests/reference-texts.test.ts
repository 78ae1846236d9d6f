import { describe, expect, test } from '@jest/globals';
import { GuidelineError } from '../src/guideline/load.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../src/guideline-folder.ts';
import { readReferenceTexts } from '../src/reference-texts.ts';

const files = readGuidelineFolder(CARDS_FOLDER);
const wrongInTheApp = new Map([...files, ['outcomes.yaml', 'z: 3\n'], ['education.yaml', 'y: 2\n']]);
const wrongInAll = new Map([...wrongInTheApp, ['statements.yaml', 'x: 1\n']]);

test.each([true, false])(
  'the texts that come with the service can be read, with the app registered: %s',
  (isAppRegistered) => {
    const { catalogue, ofApp } = readReferenceTexts(files, { isAppRegistered });
    expect(catalogue.statements.length).toBeGreaterThan(0);
    expect(Object.keys(ofApp().outcomes)).not.toEqual([]);
    expect(ofApp().education.sections.length).toBeGreaterThan(0);
    expect(ofApp()).toBe(ofApp());
  },
);

test('with the app registered, what is wrong with them stops the start, with everything that is wrong in any of them', () => {
  const read = () => readReferenceTexts(wrongInAll, { isAppRegistered: true });
  expect(read).toThrow(GuidelineError);
  expect(read).toThrow(/statements\.yaml:1: [\s\S]*outcomes\.yaml:1: [\s\S]*education\.yaml:1: /);
  expect(() => readReferenceTexts(wrongInTheApp, { isAppRegistered: true })).toThrow(/outcomes[\s\S]*education/);
});

describe('where no EHR has registered the app', () => {
  test('its texts are not read before somebody asks, who is told what is wrong with them', () => {
    const { ofApp } = readReferenceTexts(wrongInTheApp, { isAppRegistered: false });
    expect(ofApp).toThrow(GuidelineError);
    expect(ofApp).toThrow(/outcomes\.yaml:1: [\s\S]*education\.yaml:1: /);
  });

  test('what the evidence pages show stops the start all the same, and nothing else is named', () => {
    const read = () => readReferenceTexts(wrongInAll, { isAppRegistered: false });
    expect(read).toThrow(/statements\.yaml:1: /);
    expect(read).not.toThrow(/outcomes|education/);
  });
});
