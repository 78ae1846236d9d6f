import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Fact, no, unknown, yes } from '../../../src/chart/fact.ts';
import { criterionOf } from '../../../src/guideline/answers.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import {
  answerInShort,
  answerInWords,
  answersInShort,
  labelsInShort,
} from '../../../src/smart-app/parts/answer-words.ts';

const NOTHING_PENDING: ReadonlySet<never> = new Set();
const record = { kind: 'report', text: 'MRI brain', reference: 'DiagnosticReport/1' } as const;
const of = (id: string, fact: Fact) => ({ criterion: criterionOf(id), fact });

describe('an answer in words', () => {
  test.each<[string, Fact, string]>([
    ['yes', yes([record]), 'yes'],
    ['yes, with its figure', { ...yes([record]), value: '14 months' }, 'yes – 14 months'],
    [
      'no: where it was looked for, and never that it was not done',
      no([], { searched: ['procedures', 'diagnosticReports'], unread: [] }),
      'no record of brain MRI since the diagnosis found in Procedure, DiagnosticReport',
    ],
    [
      'no, and what else could not be looked at',
      no([], { searched: ['procedures'], unread: [{ key: 'imagingStudies', reason: 'refused' }] }),
      'no record of brain MRI since the diagnosis found in Procedure; could not be read: ImagingStudy (access refused)',
    ],
    ['no, worked out of other answers', no([]), 'no'],
    [
      'unknown, for want of reading',
      unknown([], { searched: ['procedures'], unread: [{ key: 'imagingStudies', reason: 'timed-out' }] }),
      'unknown – could not be read: ImagingStudy (no answer in time); nothing found in Procedure',
    ],
    [
      'unknown, for a doubt',
      unknown([record], undefined, 'date-not-comparable'),
      'unknown – the dates do not decide it',
    ],
  ])('%s', (_what, fact, words) => {
    expect(answerInWords(of('brain-mri-since-diagnosis', fact), NOTHING_PENDING)).toBe(words);
  });

  test('what is still being read is not called unreadable', () => {
    const fact = unknown([], { searched: [], unread: [{ key: 'imagingStudies', reason: 'not-sent' }] });
    const words = answerInWords(of('brain-mri-since-diagnosis', fact), new Set(['imagingStudies']));
    expect(words).toBe('unknown – still reading: ImagingStudy');
  });
});

describe('an answer in short', () => {
  const searched = no([], { searched: ['conditions'], unread: [] });

  test.each<[string, Fact, string]>([
    ['metastatic', yes([record]), 'metastasis: yes'],
    ['metastatic', searched, 'no record of metastasis'],
    ['metastatic', unknown([]), 'metastasis: unknown'],
    ['disease-free-interval-long', { ...yes([]), value: '28 months' }, 'a long disease-free interval: 28 months'],
    ['adult', no([record]), 'Is the patient 18 years old or more? No'],
    ['pazopanib-drafted', no([]), 'pazopanib being ordered: asked when an order is written'],
  ])('of %s', (id, fact, words) => {
    expect(answerInShort(of(id, fact))).toBe(words);
  });

  test('an absence of which there is no record is asked as a question', () => {
    expect(answerInShort(of('no-chest-imaging-since-resection', searched))).toMatch(
      /^Was the primary resected .+\? No$/,
    );
  });

  test('two are named, and the others counted', () => {
    const three = ['metastatic', 'unresectable', 'bone-metastasis'].map((id) => of(id, searched));
    expect(answersInShort(three)).toBe('no record of metastasis; no record of unresectable disease; 1 more');
    expect(labelsInShort(three.slice(0, 2))).toBe('metastasis; unresectable disease');
    expect(labelsInShort([])).toBe('');
  });

  test('unknown never reads as no, whatever is asked', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CRITERIA.values()), (criterion) => {
        fc.pre(criterion.asksDrafts !== true);
        expect(answerInShort({ criterion, fact: unknown([]) })).toMatch(/: unknown$/);
      }),
    );
  });
});
