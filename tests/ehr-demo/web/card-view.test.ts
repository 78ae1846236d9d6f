import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Card } from '../../../src/ehr-demo/card-text.ts';
import { cardGroups } from '../../../src/ehr-demo/web/card-groups.ts';
import { cardView } from '../../../src/ehr-demo/web/card-view.ts';
import { shown } from './ehr-stand-in.ts';

const view = (card: object, sendsFeedback = true) => cardView(shown(card), sendsFeedback);

test.each([
  ['info', 'INFO'],
  ['warning', 'WARNING'],
  ['critical', 'CRITICAL'],
] as const)('%s is told in a word', (indicator, word) => {
  expect(view({ indicator })).toMatchObject({ indicator, word });
});

describe('a detail', () => {
  const reasons = '**Based on**\n- the chart';
  const evidence = `**Evidence** ${'long '.repeat(100)}`;

  test('that is short stands whole on the card', () => {
    const { lead, more } = view({ detail: `Do it.\n\n${reasons}` });
    expect([lead.length, more.length]).toEqual([3, 0]);
  });

  test('that is long shows what it is based on, and folds the rest away', () => {
    const { lead, more } = view({ detail: `Do it.\n\n${reasons}\n\n${evidence}` });
    expect([lead.length, more.length]).toEqual([3, 1]);
  });

  test('that is long and has no reasons shows its first paragraph', () => {
    const { lead, more } = view({ detail: `Do it.\n\n${evidence}\n\n${evidence}` });
    expect([lead.length, more.length]).toEqual([1, 2]);
  });
});

test('of a suggestion is told what it does, unless its label says so', () => {
  const actions = (description: string, dose?: string) => [
    { type: 'create', description, resource: { dosageInstruction: [{ text: dose }] } },
  ];
  const { suggestions } = view({
    suggestions: [
      { label: 'MRI brain', actions: actions('Order MRI brain') },
      { label: 'MRI brain', actions: actions('MRI brain') },
      { label: 'Drug', actions: actions('Order drug', '1 mg'), isRecommended: true },
      { label: 'Replace it', actions: [...actions('Remove the order'), ...actions('Order the other', '2 mg')] },
    ],
  });
  expect(suggestions).toEqual([
    { index: 0, label: 'MRI brain', isRecommended: false, effects: [] },
    { index: 1, label: 'MRI brain', isRecommended: false, effects: [] },
    { index: 2, label: 'Drug', isRecommended: true, effects: ['1 mg'] },
    { index: 3, label: 'Replace it', isRecommended: false, effects: ['Remove the order', 'Order the other: 2 mg'] },
  ]);
});

test('a reason is asked for only where the service gets to know it', () => {
  const card = { overrideReasons: [{ code: 'done', display: 'Done elsewhere' }, { code: 'other' }, {}] };
  expect(view(card)).toMatchObject({
    tellsWhy: true,
    reasons: [
      { value: 'done', label: 'Done elsewhere' },
      { value: 'other', label: 'other' },
    ],
  });
  expect(view(card, false).tellsWhy).toBe(false);
  expect(view({ ...card, uuid: undefined }).tellsWhy).toBe(false);
});

test('links of the web lead there, apps are launched, and others are only named', () => {
  const { links, apps } = view({
    links: [
      { label: 'Page', url: 'https://example.org/', type: 'absolute' },
      { label: 'App', url: 'https://app.example/launch', type: 'smart' },
      { label: 'Script', url: 'javascript:alert(1)', type: 'absolute' },
      { label: 'Odd', url: 'https://', type: 'absolute' },
    ],
  });
  expect(links).toEqual([
    { label: 'Page', url: 'https://example.org/' },
    { label: 'Script', url: '' },
    { label: 'Odd', url: '' },
  ]);
  expect(apps).toEqual([{ index: 1, label: 'App' }]);
});

test('a card of any shape is shown, with texts alone', () => {
  const names = ['summary', 'indicator', 'detail', 'source', 'suggestions', 'overrideReasons', 'links', 'uuid'];
  const inner = ['label', 'url', 'type', 'actions', 'description', 'resource', 'code', 'display', 'dosageInstruction'];
  const { anything } = fc.letrec((tie) => ({
    anything: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('anything'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...inner), tie('anything')),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), anything), (card) => {
      const seen = cardView({ ...shown({}), card: card as unknown as Card }, true);
      const { summary, word, source, suggestions, reasons, links } = seen;
      const texts = [summary, word, source.label, source.url, ...suggestions.flatMap(({ effects }) => effects)];
      const more = [...suggestions, ...reasons, ...links].map(({ label }) => label);
      for (const told of [...texts, ...more]) expect(typeof told).toBe('string');
    }),
    { numRuns: 100 },
  );
});

describe('the cards of a chart', () => {
  const card = (key: string, hook: string) => shown({}, { key, hook });

  test('stand in one group without a title while nothing is said of orders', () => {
    const groups = cardGroups([card('a', 'patient-view'), card('b', 'problem-list-item-create')], true);
    expect(groups.map(({ title, cards }) => [title, cards.map(({ key }) => key)])).toEqual([['', ['a', 'b']]]);
  });

  test('come after those of the orders, each group in its own order, and the focus goes on to the next one shown', () => {
    const groups = cardGroups(
      [card('a', 'patient-view'), card('b', 'order-sign'), card('c', 'patient-view'), card('d', 'order-sign')],
      true,
    );
    expect(groups.map(({ title, cards }) => [title, cards.map(({ key, focusAfter }) => [key, focusAfter])])).toEqual([
      [
        'About these orders',
        [
          ['b', 'd-title'],
          ['d', 'a-title'],
        ],
      ],
      [
        'About this chart',
        [
          ['a', 'c-title'],
          ['c', 'status'],
        ],
      ],
    ]);
  });

  test('are no group at all when there are none', () => {
    expect(cardGroups([], true)).toEqual([]);
  });
});
