import { describe, expect, test } from '@jest/globals';
import { readCodedText } from '../../src/chart/coding.ts';
import { classify } from '../../src/chart/condition.ts';
import { type DiseaseRule, diseaseFact, diseaseRecords } from '../../src/chart/disease-on-file.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { clinically, coded, complete, condition, ICD, local, terminology, verified, without } from './builders.ts';

const RULE: DiseaseRule = {
  valueSet: 'autoimmune-disease',
  words: /\bcrohn'?s?\b/,
  aside: /\bcrohn'?s? foundation\b/g,
  unless: /\bresearch\b/,
  never: /\bcat\b/,
  neverBut: /\bowner\b/,
};
const recordsOf = (...conditions: readonly JsonObject[]) =>
  conditions.map((one) => ({
    condition: one,
    code: classify(readCodedText(one['code']), terminology),
    dates: { onset: undefined, recorded: undefined },
  }));
const standingOf = (one: JsonObject) => diseaseRecords(recordsOf(one), RULE)[0]?.standing;
const factOf = (ever: boolean, ...conditions: readonly JsonObject[]) =>
  diseaseFact(diseaseRecords(recordsOf(...conditions), RULE), ever, complete(), ['conditions']);
const K50 = coded(ICD, 'K50.90');

describe('a disease on file', () => {
  test.each<[string, string | undefined, JsonObject]>([
    ['coded', 'now', condition(K50)],
    ['named', 'now', condition("Crohn's disease of the colon")],
    ['coded and resolved', 'past', condition(K50, clinically('resolved'))],
    ['abated', 'past', condition(K50, { abatementDateTime: '2020' })],
    ['history of', 'past', condition('History of Crohn disease')],
    ['history of, yet called active', 'now', condition('History of Crohn disease', clinically('active'))],
    ['provisional', 'suspected', condition(K50, verified('provisional'))],
    ['possible', 'suspected', condition('Possible Crohn disease')],
    ['coded and possible in its words', 'suspected', condition({ ...K50, text: 'Possible Crohn disease' })],
    [
      'coded, confirmed, possible in its words',
      'now',
      condition({ ...K50, text: 'Crohn or UC, probable Crohn' }, verified('confirmed')),
    ],
    ['coded and denied by its own text', 'suspected', condition({ ...K50, text: 'No evidence of Crohn disease' })],
    ['denied', undefined, condition('No Crohn disease')],
    ["a relative's", undefined, condition('Mother with Crohn disease')],
    ['refuted', undefined, condition(K50, verified('refuted'))],
    ['entered in error', undefined, condition(K50, verified('entered-in-error'))],
    ["the patient's, with a relative beside it", 'suspected', condition('Crohn disease, like mother')],
    ["a relative's, named after it", undefined, condition('Crohn disease in father')],
    ["a family's history, told at length", undefined, condition('Family history: asthma, Crohn disease')],
    ['affirmed and denied', 'suspected', condition({ text: 'Crohn disease', coding: [local('No Crohn disease')] })],
    ['perhaps something else by the words beside', 'suspected', condition('Crohn disease research')],
    ['denied, whatever the words beside', undefined, condition('No Crohn disease, research')],
    ['only a phrase with the name', undefined, condition('Crohns Foundation member')],
    ['beside a phrase with the name', 'now', condition("Crohn's disease, Crohns Foundation member")],
    ['never, but for more words', 'now', condition('Crohn disease of the owner, not of the cat')],
    ['never, and the further words denied', undefined, condition('Crohn disease of the cat, not the owner')],
    ['coded, whatever the words beside', 'now', condition({ ...K50, text: 'Crohn disease research' })],
    ['never, codes and all', undefined, condition({ ...K50, text: 'The cat has Crohn disease' })],
    ['another disease', undefined, condition('Asthma')],
  ])('%s: %s', (_claim, standing, one) => {
    expect(standingOf(one)).toBe(standing);
  });

  test('is there now: yes, whatever else is suspected or over', () => {
    const fact = factOf(false, condition(K50, { id: 'a', ...clinically('resolved') }), condition(K50, { id: 'b' }));
    expect(fact).toMatchObject({ state: 'yes', evidence: [{ reference: 'Condition/b' }] });
  });

  test('is over: yes where that is enough, else unknown', () => {
    const over = condition(K50, clinically('resolved'));
    expect(factOf(true, over).state).toBe('yes');
    expect(factOf(false, over)).toMatchObject({ state: 'unknown', doubt: 'resolved' });
  });

  test('is only suspected: unknown', () => {
    expect(factOf(true, condition(K50, verified('differential')))).toMatchObject({
      state: 'unknown',
      doubt: 'only-suspected',
    });
  });

  test('is not there: no, if the sources were read, else unknown', () => {
    expect(factOf(true)).toMatchObject({ state: 'no', searched: ['conditions'] });
    expect(diseaseFact([], true, without(complete(), 'procedures'), ['conditions', 'procedures']).state).toBe(
      'unknown',
    );
  });
});
