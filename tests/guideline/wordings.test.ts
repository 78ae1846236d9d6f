import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Truth } from '../../src/chart/fact.ts';
import type { Expression } from '../../src/guideline/expression.ts';
import { Facts } from '../../src/guideline/parsed-text.ts';
import { possibleTruths } from '../../src/guideline/plain-words.ts';
import { markdownTemplate, plainTemplate } from '../../src/guideline/template.ts';
import { type Answer, NO_PATIENT, type Possible, type Wording, wordingsOf } from '../../src/guideline/wordings.ts';

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

  test('six are still few, and seven are not', () => {
    const asked = ['a', 'b', 'c', 'd', 'e', 'f'];
    const chain = (ids: readonly string[]) =>
      `It is {% if ${ids.map((id) => `${fact(id, 'yes')} %}${id}`).join('{% elsif ')}{% else %}none{% endif %}`;
    expect(lines(chain(asked.slice(1))).map((passage) => passage.length)).toEqual([6]);
    expect(lines(chain(asked)).map((passage) => passage.length)).toEqual([1, 7]);
  });

  test('one that cannot be taken apart says so instead of taking for ever', () => {
    const nested = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].reduce(
      (inner, id) => when(id, `${id} ${inner}`),
      'end',
    );
    expect(wordingsOf(nested, plainTemplate, ANYTHING)).toEqual([{ wordings: [], more: Number.POSITIVE_INFINITY }]);
  });

  test('of very many the first are listed and the others counted', () => {
    const nested = `{% if ${fact('z', 'yes')} %}${['a', 'b', 'c', 'd', 'e'].map((id) => when(id, id)).join('')}{% endif %}`;
    const [passage] = wordingsOf(nested, plainTemplate, ANYTHING);
    expect(passage?.wordings).toHaveLength(30);
    expect(passage?.more).toBe(2);
  });
});

describe('the work', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

  function renderingsOf(text: string): number {
    let renderings = 0;
    wordingsOf(
      text,
      (source) => {
        const { criteria, render } = plainTemplate(source);
        return {
          criteria,
          render: (variables) => {
            renderings += 1;
            return render(variables);
          },
        };
      },
      ANYTHING,
    );
    return renderings;
  }

  test('what a text does not tell apart is rendered once', () => {
    const all = ids.map((id) => fact(id, 'yes')).join(' and ');
    expect(renderingsOf(`{% if ${all} %}All{% endif %}`)).toBeLessThanOrEqual(2 * 2 ** ids.length);
  });

  test('a text that is going to be taken apart is not tried to its end', () => {
    expect(renderingsOf(ids.map((id) => when(id, `${id}.`)).join(' '))).toBeLessThan(100);
  });
});

describe('for all answers that can be', () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const truth = fc.constantFrom<Truth>('yes', 'no', 'unknown');
  const comparison = fc.oneof(
    fc.tuple(id, fc.constantFrom('==', '!='), truth).map(([one, is, answer]) => `facts["${one}"] ${is} "${answer}"`),
    fc.constant('values["a"] != ""'),
  );
  const question = fc.oneof(
    comparison,
    fc.tuple(comparison, fc.constantFrom('and', 'or'), comparison).map((parts) => parts.join(' ')),
  );
  /** One tag, whatever it holds: it is not taken apart. */
  const texts = fc.letrec<{ tag: string; inner: string }>((tie) => ({
    inner: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('W', 'X', 'Y', 'Z'),
      id.map((one) => `{{ facts["${one}"] }}`),
      tie('tag'),
    ),
    tag: fc
      .tuple(question, tie('inner'), comparison, tie('inner'), tie('inner'))
      .map(([one, x, two, y, z]) => `{% if ${one} %}${x}{% elsif ${two} %}${y}{% else %}${z}{% endif %}`),
  })).tag;
  const conditions = fc.oneof(
    fc.constant<Expression>({ any: ['a', { possibly: { not: 'a' } }] }),
    id.map((one): Expression => ({ possibly: one })),
    fc.tuple(id, id).map(([one, other]): Expression => ({ any: [one, { not: other }] })),
  );

  type Given = Readonly<Record<string, Truth>> & { readonly figure: Truth };
  const TRUTHS: readonly Truth[] = ['yes', 'no', 'unknown'];
  const everything: readonly Given[] = TRUTHS.flatMap((a) =>
    TRUTHS.flatMap((b) =>
      TRUTHS.flatMap((c) => [
        { a, b, c, figure: 'yes' },
        { a, b, c, figure: 'no' },
      ]),
    ),
  );

  /** Does one of its cases fit? Only a has a figure. */
  function isSo({ when: cases }: Wording, given: Given): boolean {
    const fits = ({ criterion, answers }: Answer) =>
      answers.some((answer) =>
        answer.endsWith('figure') ? (given.figure === 'yes') === (answer === 'a figure') : given[criterion] === answer,
      );
    return cases.length === 0 || cases.some((one) => one.every(fits));
  }

  test('the first line from the top whose answers fit is what the text says, and there is no line besides', () => {
    fc.assert(
      fc.property(texts, conditions, (text, condition) => {
        const possible: Possible = (answered) => possibleTruths(condition, answered).has('yes');
        const tags = text.match(/\{%.*?%\}/g)?.join('') ?? '';
        const template = markdownTemplate(text);
        const says = (given: Given) =>
          template.render({
            ...NO_PATIENT,
            // An answer that no tag asks for stands as unknown.
            facts: new Facts((one) => (new RegExp(`facts\\[.${one}.\\]`).test(tags) && given[one]) || 'unknown'),
            values: new Facts((one) => (given.figure === 'yes' ? `‹${one}›` : '')),
          });
        const canBe = everything.filter((given) => possible((one) => given[one]));

        const passages = wordingsOf(text, markdownTemplate, possible);

        const listed = passages.flatMap(({ wordings }) => wordings);
        expect(passages).toEqual([{ wordings: listed, more: 0 }]);
        expect(canBe.map((given) => listed.find((line) => isSo(line, given))?.text)).toEqual(canBe.map(says));
        expect(new Set(listed.map((line) => line.text))).toEqual(new Set(canBe.map(says)));
      }),
    );
  });
});
