import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { asObjects } from '../../src/chart/json.ts';
import { escapeMarkdown } from '../../src/guideline/escape.ts';
import { plainTemplate } from '../../src/guideline/template.ts';
import { changed, folderWith, problemsOf } from './folder.ts';
import { chartText, faultsOf, visible } from './markdown-check.ts';

const CARD = 'baseline-brain-mri.yaml';

describe('chart text in markdown', () => {
  test('a mail address is shown as it was written', () => {
    expect(visible(escapeMarkdown('ask a@b.example'))).toMatch(/^ask a ?@ ?b\.example$/);
  });

  test('any text with an @ is no more than text on one line', () => {
    fc.assert(
      fc.property(chartText, (text) => {
        expect(faultsOf(escapeMarkdown(`${text.slice(0, 30)}@`))).toEqual([]);
      }),
    );
  });

  // GFM, "Autolinks (extension)": www. links itself at the start of a line and after white space, *, _, ~ and (.
  test.each(['_www.attacker.example', '(_www.attacker.example', '__WWW.attacker.example'])('%s is no link', (text) => {
    expect(escapeMarkdown(text)).not.toMatch(/(?<![a-z0-9])www\./i);
  });

  // remark-gfm (react-markdown) looks for addresses once more in the text that the entities have become.
  test.each([
    'https://attacker.example/x',
    'www.attacker.example',
    'see (http://attacker.example)',
    'a@attacker.example',
  ])('%s is no link either where entities are resolved before links are looked for', (text) => {
    expect(visible(escapeMarkdown(text))).not.toMatch(/https?:\/\/\S|(?<![a-z0-9])www\.\S|[-.\w+]@[-\w]+\./i);
  });

  test('a character of two UTF-16 units is not cut in half', () => {
    expect(escapeMarkdown(`${'x'.repeat(78)}🩻 and more`).isWellFormed()).toBe(true);
  });
});

describe('every problem of a card is named at once', () => {
  test('unknown source, override reason, order and criteria', () => {
    const problems = problemsOf(
      folderWith(
        changed(CARD, (card) =>
          Object.assign(card, {
            sources: ['nobody-2001'],
            overrideReasons: ['bored'],
            when: { all: ['no-such-criterion', 'nor-this'] },
            suggestions: [{ label: 'Abc', create: 'nothing' }],
          }),
        ),
      ),
    ).join('\n');
    for (const what of ['nobody-2001', 'bored', 'no-such-criterion', 'nor-this', 'order nothing']) {
      expect(problems).toContain(what);
    }
  });

  test('two broken value sets, each with its file', () => {
    const problems = problemsOf(folderWith({ 'value-sets/asps.json': '{}', 'value-sets/m1.json': '{}' })).join('\n');
    expect(problems).toContain('value-sets/asps.json');
    expect(problems).toContain('value-sets/m1.json');
  });

  test.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['a resource of another type', '{"resourceType":"Patient","id":"asps"}'],
  ])('a value set that is %s is named with its file', (_claim, text) => {
    expect(problemsOf(folderWith({ 'value-sets/asps.json': text })).join('\n')).toContain('value-sets/asps.json');
  });

  test('a schema that is no JSON is named with its file', () => {
    expect(problemsOf(folderWith({ 'schema/order.schema.json': '{' })).join('\n')).toContain(
      'schema/order.schema.json',
    );
  });
});

describe('nothing is left to be found out during a call', () => {
  test.each(['{{ weight.lb }}', '{{ orderedDrugs.first.name }}', '{% if weight.age == "1" %}abc{% endif %}'])(
    'a member that no variable has is a problem: %s',
    (text) => {
      const problems = problemsOf(folderWith(changed(CARD, (card) => (card['summary'] = `Consider it ${text}`))));
      expect(problems.join('\n')).toContain(CARD);
    },
  );

  test('an unknown criterion in the text of an order is a problem', () => {
    const order = 'orders/mri-brain.yaml';
    const change = changed(order, (content) => (content['description'] = 'Order {{ facts["nobody"] }}'));
    expect(problemsOf(folderWith(change)).join('\n')).toMatch(/nobody/);
  });

  test('a criterion that is only known at the call is a problem', () => {
    const change = changed(CARD, (card) => (card['summary'] = 'Consider {% assign c = "nobody" %}{{ facts[c] }}'));
    expect(problemsOf(folderWith(change)).join('\n')).toContain(CARD);
  });

  test('a missing value set that the rules ask for by name is a problem', () => {
    const asked = ['asps', 'm0', 'm1', 'stage-iv', 'stage-below-iv', 'asps-localised', 'mri-brain', 'ct-chest'];
    const others = ['disease-status', 'disease-worsened', 'body-weight', 'malignant-neoplasm', 'neurological-symptoms'];
    const unnoticed = [...asked, ...others].filter(
      (id) => problemsOf(folderWith({ [`value-sets/${id}.json`]: undefined })).length === 0,
    );
    expect(unnoticed).toEqual([]);
  });
});

test('two sources of one id, or two override reasons of one code, are a problem', () => {
  const twice = (path: string) =>
    changed(path, (list) => {
      const items = asObjects(list) as unknown[];
      (list as unknown as unknown[]).push(items[0]);
    });
  expect(problemsOf(folderWith(twice('sources.yaml')))).not.toEqual([]);
  expect(problemsOf(folderWith(twice('override-reasons.yaml')))).not.toEqual([]);
});

test('a text cannot ask for an answer by a name of its own, which the memory of texts would not notice', () => {
  expect(() => plainTemplate('{% assign c = "metastatic" %}{{ facts[c] }}')).toThrow(/no variable/);
});
