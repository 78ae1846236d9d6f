import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Drop, Liquid } from 'liquidjs';
import type { Truth } from '../../src/chart/fact.ts';
import { textsIn } from '../../src/guideline/compile.ts';
import { escapeMarkdown, plainText } from '../../src/guideline/escape.ts';
import { Facts, type TemplateVariables, templateOf } from '../../src/guideline/parsed-text.ts';
import { parseText } from '../../src/guideline/template.ts';
import { guideline } from '../support/service.ts';

/** The library that parses the texts puts words into them as well: what we put in has to be the same. */
class LiquidFacts extends Drop {
  readonly #facts: Facts;
  constructor(facts: Facts) {
    super();
    this.#facts = facts;
  }
  override liquidMethodMissing(criterion: string | number): string {
    return this.#facts.of(String(criterion));
  }
}

function byLiquid(text: string, variables: TemplateVariables, escape: (text: string) => string): string {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: (value: unknown) => escape(String(value)),
  });
  const facts = new LiquidFacts(variables.facts);
  const values = new LiquidFacts(variables.values);
  return String(liquid.parseAndRenderSync(text, { ...variables, facts, values }))
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const answer = fc.constantFrom<Truth>('yes', 'no', 'unknown');
const said = fc.constantFrom('', '14 months', '<b>*bold*</b>', 'a\nb', '{{ weight.kg }}');
/** Answers by the id's own letters, so that any two criteria may differ. */
const variables = fc
  .record({ answers: fc.array(answer, { minLength: 7, maxLength: 7 }), value: said, drugs: said, kg: said })
  .map(({ answers, value, drugs, kg }): TemplateVariables => {
    const of = (id: string) => answers[(id.length + id.charCodeAt(id.length - 1)) % 7] ?? 'unknown';
    return {
      facts: new Facts(of),
      values: new Facts((id) => (of(id) === 'yes' ? value : '')),
      orderedDrugs: drugs,
      weight: { kg, date: '2026-11-01', doseMg: '' },
    };
  });

const guidelineTexts = [...guideline.content.cards.map(({ file }) => file), ...guideline.content.orders]
  .flatMap((file) => textsIn(file, []).map(([, text]) => text))
  .filter((text) => text.includes('{'));

describe('what stands in a parsed text is what Liquid would put there', () => {
  test('there are texts to try', () => {
    expect(guidelineTexts.length).toBeGreaterThan(50);
  });

  test.each(guidelineTexts)('%s', (text) => {
    const parsed = parseText(text);
    fc.assert(
      fc.property(variables, fc.constantFrom(escapeMarkdown, plainText), (given, escape) => {
        expect(templateOf(parsed, escape).render(given)).toBe(byLiquid(text, given, escape));
      }),
      { numRuns: 30 },
    );
  });

  test('for any conditions, nested and joined in any way', () => {
    const variable = fc.constantFrom('facts["a"]', "facts['b']", 'facts.c', 'values["d"]', 'orderedDrugs', 'weight.kg');
    const compared = fc
      .tuple(variable, fc.constantFrom('==', '!='), fc.constantFrom('yes', 'no', 'unknown', ''))
      .map(([name, is, text]) => `${name} ${is} "${text}"`);
    const question = fc
      .array(fc.tuple(compared, fc.constantFrom('and', 'or')), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.map(([one, joined], at) => (at === 0 ? one : `${joined} ${one}`)).join(' '));
    const { text } = fc.letrec<{ text: string; tag: string }>((tie) => ({
      text: fc
        .array(
          fc.oneof(
            { maxDepth: 4 },
            fc.constantFrom('W', ' x\n', '- '),
            variable.map((name) => `{{ ${name} }}`),
            tie('tag'),
          ),
          {
            maxLength: 4,
          },
        )
        .map((parts) => parts.join('')),
      tag: fc
        .tuple(question, tie('text'), question, tie('text'), tie('text'))
        .map(([one, x, two, y, z]) => `{% if ${one} %}${x}{%- elsif ${two} -%}${y}{% else %}${z}{% endif %}`),
    }));
    fc.assert(
      fc.property(text, variables, (written, given) => {
        fc.pre(written.includes('{'));
        const parsed = templateOf(parseText(written), plainText);
        expect(parsed.render(given)).toBe(byLiquid(written, given, plainText));
      }),
      { numRuns: 500 },
    );
  });
});

test('a parsed text survives JSON', () => {
  for (const text of guidelineTexts) expect(JSON.parse(JSON.stringify(parseText(text)))).toEqual(parseText(text));
});
