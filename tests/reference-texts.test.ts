import { expect, test } from '@jest/globals';
import { GuidelineError } from '../src/guideline/load.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../src/guideline-folder.ts';
import { readReferenceTexts } from '../src/reference-texts.ts';

const files = readGuidelineFolder(CARDS_FOLDER);

test('the texts that come with the service can be read', () => {
  const { catalogue, outcomes, education } = readReferenceTexts(files);
  expect(catalogue.statements.length).toBeGreaterThan(0);
  expect(Object.keys(outcomes)).not.toEqual([]);
  expect(education.sections.length).toBeGreaterThan(0);
});

test('what is wrong with them stops the start, with everything that is wrong in any of them', () => {
  const wrong = new Map([
    ...files,
    ['statements.yaml', 'x: 1\n'],
    ['outcomes.yaml', 'z: 3\n'],
    ['education.yaml', 'y: 2\n'],
  ]);
  const read = () => readReferenceTexts(wrong);
  expect(read).toThrow(GuidelineError);
  expect(read).toThrow(/statements\.yaml:1: [\s\S]*outcomes\.yaml:1: [\s\S]*education\.yaml:1: /);
});
