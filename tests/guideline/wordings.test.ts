import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Truth } from '../../src/chart/fact.ts';
import { markdownTemplate, plainTemplate } from '../../src/guideline/template.ts';
import { type Possible, wordingsOf } from '../../src/guideline/wordings.ts';

const ANYTHING: Possible = () => true;
const fact = (id: string, answer: Truth) => `facts["${id}"] == "${answer}"`;
const when = (id: string, text: string) => `{% if ${fact(id, 'yes')} %}${text}{% endif %}`;

/** Each passage as lines: the text, and in brackets the answers that give it. */
function lines(text: string, possible = ANYTHING): readonly (readonly string[])[] {
  return wordingsOf(text, plainTemplate, possible).map(({ wordings }) =>
    wordings.map(({ text: wording, when: cases }) => {
      const answers = cases.map((one) =>
        one.map(({ criterion, answers: list }) => `${criterion} ${list.join('/')}`).join(' & '),
      );
      return answers.length === 0 ? wording : `${wording} [${answers.join(' | ')}]`;
    }),
  );
}

describe('the wordings of a text', () => {
  test('a text without conditions has one, for all answers', () => {
    expect(lines('Consider it.')).toEqual([['Consider it.']]);
    expect(lines(`{% if ${fact('a', 'yes')} %}Same{% else %}Same{% endif %}`)).toEqual([['Same']]);
  });

  test('answers that read alike share a line', () => {
    expect(lines(`{% if ${fact('a', 'yes')} %}One{% else %}Two{% endif %}`)).toEqual([
      ['One [a yes]', 'Two [a no/unknown]'],
    ]);
  });

  test('a line leaves out what the lines before it have settled', () => {
    const text = `{% if ${fact('a', 'yes')} %}One{% elsif ${fact('b', 'no')} %}Two{% else %}Three{% endif %}`;
    expect(lines(text)).toEqual([['One [a yes]', 'Three [b yes/unknown]', 'Two [b no]']]);
  });

  test('what a card that is shown cannot be told is not listed', () => {
    const text = `{% if ${fact('a', 'yes')} %}One{% elsif ${fact('a', 'no')} %}Two{% else %}Three{% endif %}`;
    expect(lines(text, (answered) => answered('a') !== 'yes')).toEqual([['Two [a no]', 'Three [a unknown]']]);
  });

  test('a figure stands as what it is of, and one that a text asks for can be missing', () => {
    expect(lines('Interval {{ values["metastatic"] }}.')).toEqual([['Interval ‹metastasis›.']]);
    expect(lines('{% if values["metastatic"] != "" %}{{ values["metastatic"] }}{% else %}None{% endif %}')).toEqual([
      ['‹metastasis› [metastatic a figure]', 'None [metastatic no figure]'],
    ]);
    expect(lines('{{ orderedDrugs }}, {{ weight.kg }} kg of {{ weight.date }}: {{ weight.doseMg }}')).toEqual([
      ['‹drugs ordered›, ‹weight› kg of ‹date of the weight›: ‹dose›'],
    ]);
  });

  test('a text of many is taken apart, and each part has its own', () => {
    const text = `Consider: ${['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => when(id, `${id}.`)).join(' ')} End.`;
    const passages = lines(text);
    expect(passages[0]).toEqual(['Consider:']);
    expect(passages[1]).toEqual(['a. [a yes]', ' [a no/unknown]']);
    expect(passages).toHaveLength(10);
    expect(passages.at(-1)).toEqual(['End.']);
  });

  test('one that cannot be taken apart says so instead of taking for ever', () => {
    const nested = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].reduce(
      (inner, id) => when(id, `${id} ${inner}`),
      'end',
    );
    expect(wordingsOf(nested, plainTemplate, ANYTHING)).toEqual([{ wordings: [], more: Number.POSITIVE_INFINITY }]);
    expect(wordingsOf(`{% assign x = 1 %}${nested}`, plainTemplate, ANYTHING)[0]?.wordings).toEqual([]);
  });

  test('of very many the first are listed and the others counted', () => {
    const nested = `{% if ${fact('z', 'yes')} %}${['a', 'b', 'c', 'd', 'e'].map((id) => when(id, id)).join('')}{% endif %}`;
    const [passage] = wordingsOf(nested, plainTemplate, ANYTHING);
    expect(passage?.wordings).toHaveLength(30);
    expect(passage?.more).toBe(2);
  });
});

test('read from the top, the first line whose answers fit says what the text says', () => {
  const ids = ['a', 'b', 'c'];
  const truth = fc.constantFrom<Truth>('yes', 'no', 'unknown');
  const branch = fc.tuple(fc.constantFrom(...ids), truth, fc.constantFrom('W', 'X', 'Y', 'Z'));
  const chain = fc
    .array(branch, { minLength: 1, maxLength: 4 })
    .map((list) =>
      [
        ...list.map(([id, answer, text], at) => `{% ${at === 0 ? 'if' : 'elsif'} ${fact(id, answer)} %}${text}`),
        '{% else %}Last{% endif %}',
      ].join(''),
    );
  fc.assert(
    fc.property(chain, fc.record({ a: truth, b: truth, c: truth }), (text, given) => {
      const [passage] = wordingsOf(text, markdownTemplate, ANYTHING);
      const first = passage?.wordings.find(
        (wording) =>
          wording.when.length === 0 ||
          wording.when.some((one) => one.every(({ criterion, answers }) => answers.includes(given[criterion as 'a']))),
      );
      const branches = [...text.matchAll(/facts\["(\w)"\] == "(\w+)" %\}(\w)/g)];
      const said = branches.find(([, id, answer]) => given[id as 'a'] === answer)?.[3] ?? 'Last';
      expect(first?.text).toBe(said);
    }),
  );
});
