import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { assertionOf, words } from '../../src/chart/text.ts';

const NAME = /alveolar soft part sarcoma|\basps\b/;

describe('a text speaks of something', () => {
  test.each([
    ['Alveolar soft part sarcoma', 'affirmed'],
    ['Alveolar soft part sarcoma of left thigh', 'affirmed'],
    ['ASPS', 'affirmed'],
    ['Metastatic ASPS, lung', 'affirmed'],
    ['ASPS without metastases', 'affirmed'],
    ['ASPS, not rhabdomyosarcoma', 'affirmed'],
    ['ASPS, hemangioma ruled out', 'affirmed'],
    ['Recurrent ASPS, no evidence of disease', 'affirmed'],
    ['Patient has ASPS; mother with breast cancer', 'affirmed'],
    ['No fever. ASPS of the tongue', 'affirmed'],
    ['No fever but ASPS', 'affirmed'],
    ['No fever, ASPS of the tongue', 'affirmed'],
    ['Knotty nodule: ASPS', 'affirmed'],
    ['ASPS, twin pregnancy', 'affirmed'],
    ['ASPS, graft of a sibling donor', 'affirmed'],
  ])('as a fact: %s', (text, assertion) => {
    expect(assertionOf(text, NAME)).toBe(assertion);
  });

  test.each([
    'History of ASPS',
    'Hx of ASPS',
    'h/o ASPS',
    'Status post resection of ASPS',
    's/p ASPS resection',
    'Previous ASPS',
    'Prior ASPS',
  ])('as past: %s', (text) => {
    expect(assertionOf(text, NAME)).toBe('historical');
  });

  test.each([
    'r/o ASPS',
    'R/O: ASPS',
    'rule out ASPS',
    'Rule-out ASPS',
    'ASPS, rule out',
    'possible ASPS',
    'Possibly ASPS',
    'probable ASPS',
    'suspected ASPS',
    'ASPS suspected',
    'suspicious for ASPS',
    'suspicion of ASPS',
    'concern for ASPS',
    'concerning for ASPS',
    'ASPS vs rhabdomyosarcoma',
    'ASPS vs. rhabdomyosarcoma',
    'rhabdomyosarcoma vs ASPS',
    'rhabdomyosarcoma versus ASPS',
    '?ASPS',
    'ASPS?',
    'ASPS (?)',
    'Differential diagnosis: ASPS',
    'DDx ASPS, hemangioma',
    'cannot exclude ASPS',
    'likely ASPS',
    'consistent with ASPS',
    'presumed ASPS',
    'query ASPS',
    'screening for ASPS',
    'fear of ASPS',
    'not certain, possible ASPS',
    'history of suspected ASPS',
  ])('as a suspicion: %s', (text) => {
    expect(assertionOf(text, NAME)).toBe('suspected');
  });

  test.each([
    'No ASPS',
    'Not ASPS',
    'no evidence of ASPS',
    'No evidence of residual ASPS',
    'no history of ASPS',
    'negative for ASPS',
    'Biopsy negative for ASPS',
    'denies ASPS',
    'ASPS ruled out',
    'ASPS, ruled out',
    'ASPS (ruled out 2024)',
    'ASPS was ruled out',
    'ASPS has been ruled out',
    'ASPS excluded',
    'ASPS: excluded',
    'ASPS: negative',
    'ASPS, biopsy negative',
    'ASPS unlikely',
    'ASPS not confirmed',
    'ASPS - not found',
    'absence of ASPS',
    'free of ASPS',
    'no evidence of ASPS, rule out recurrence',
    'suspected ASPS ruled out',
  ])('as absent: %s', (text) => {
    expect(assertionOf(text, NAME)).toBe('negated');
  });

  test.each([
    'Family history of ASPS',
    'Family hx: ASPS',
    'FH ASPS',
    'FHx of ASPS',
    'mother with ASPS',
    'ASPS in father',
    'ASPS (sister)',
    'maternal aunt had ASPS',
    'grandmother: ASPS',
    'No family history of ASPS',
    'possible ASPS in a cousin',
    'daughter with ASPS',
    'wife has ASPS',
    'twin with ASPS',
    'identical twin: ASPS',
  ])('about a relative: %s', (text) => {
    expect(assertionOf(text, NAME)).toBe('family');
  });

  test.each(['', 'Sarcoma of thigh', 'ASPSCR1-TFE3 fusion', 'alveolar soft', 'grasps', 'ASPS1'])(
    'not at all: %p',
    (text) => {
      expect(assertionOf(text, NAME)).toBeUndefined();
    },
  );

  test('only the first clause that names it counts', () => {
    expect(assertionOf('Mother well; ASPS of the thigh', NAME)).toBe('affirmed');
    expect(assertionOf('ASPS of the thigh\nMother with melanoma', NAME)).toBe('affirmed');
    expect(assertionOf('Breast cancer ruled out. ASPS of the thigh', NAME)).toBe('affirmed');
  });

  test('nothing is read past the length of any name', () => {
    expect(assertionOf(`${'x '.repeat(600)}ASPS`, NAME)).toBeUndefined();
  });

  test('any text has an assertion or none', () => {
    const known = ['affirmed', 'historical', 'suspected', 'negated', 'family', undefined];
    const part = fc.constantFrom(
      'ASPS',
      ' no ',
      ' r/o ',
      '?',
      ' mother ',
      'ruled out',
      '.',
      ' vs ',
      '\n',
      ' history of ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (text) => {
          expect(known).toContain(assertionOf(text, NAME));
        },
      ),
    );
  });

  test('the case of letters says nothing', () => {
    const part = fc.constantFrom('asps', ' no ', ' r/o ', '?', ' mother ', ' ruled out', ' vs ', ' history of ');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        expect(assertionOf(text.toUpperCase(), NAME)).toBe(assertionOf(text, NAME));
      }),
    );
  });
});

describe('the words of a text', () => {
  test.each([
    [
      '20 ML atezolizumab 60 MG/ML Injection [Tecentriq]',
      ['20', 'ml', 'atezolizumab', '60', 'mg', 'ml', 'injection', 'tecentriq'],
    ],
    ['DOXOrubicin-liposomal', ['doxorubicin', 'liposomal']],
    ['pembrolizumab-abcd', ['pembrolizumab', 'abcd']],
    ['Keytruda®', ['keytruda']],
    ['', []],
    ['—…', []],
  ])('%p', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test('are lower-case letters and digits, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(words(text).every((word) => /^[a-z0-9]+$/.test(word))).toBe(true);
      }),
    );
  });
});

test.each([
  ['letters', 'a'],
  ['spaces', ' '],
  ['names', 'asps '],
  ['question marks', '?'],
  ['clauses', 'asps. '],
  ['negations', 'no '],
  ['half a name', 'alveolar soft '],
])('a megabyte of %s is read at once', (_claim, unit) => {
  const text = unit.repeat(1_000_000 / unit.length);
  const started = performance.now();
  assertionOf(text, NAME);
  assertionOf(`${text}asps`, NAME);
  words(text);
  expect(performance.now() - started).toBeLessThan(10_000);
});
