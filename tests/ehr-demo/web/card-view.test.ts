import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Card } from '../../../src/ehr-demo/card-text.ts';
import type { Character } from '../../../src/ehr-demo/ehr/character.ts';
import type { ShownCard } from '../../../src/ehr-demo/ehr/session.ts';
import { cardGroups } from '../../../src/ehr-demo/web/card-groups.ts';
import { cardView } from '../../../src/ehr-demo/web/card-view.ts';
import { shown } from './ehr-stand-in.ts';

const COMPLETE = { profile: 'default', sendsFeedback: true } as const;
const view = (card: object, character: Partial<Character> = {}) => cardView(shown(card), { ...COMPLETE, ...character });

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

  test('of a card that is outdated is folded away, however short', () => {
    const { lead, more, state } = cardView(shown({ detail: `Do it.\n\n${reasons}` }, { state: 'outdated' }), COMPLETE);
    expect([lead.length, more.length, state]).toEqual([0, 3, 'outdated']);
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

test('an Epic shows what the actions are described as, and a label only where there is no action', () => {
  const create = (description: string) => ({
    type: 'create',
    description,
    resource: { dosageInstruction: [{ text: '1 mg' }] },
  });
  const suggestions = [
    { label: 'MRI', actions: [create('Order MRI brain with contrast')] },
    { label: 'Replace it', actions: [{ type: 'delete', description: 'Remove the order' }, create('Order the other')] },
    { label: 'Think of it' },
    { label: 'Think twice', actions: [{ type: 'create' }] },
  ];
  const told = (profile: Character['profile']) =>
    view({ suggestions }, { profile }).suggestions.map(({ label, effects }) => [label, ...effects]);
  expect(told('epic')).toEqual([
    ['Order MRI brain with contrast', '1 mg'],
    ['Remove the order; Order the other', '1 mg'],
    ['Think of it'],
    ['Think twice'],
  ]);
  expect(told('default')).toEqual([
    ['MRI', 'Order MRI brain with contrast: 1 mg'],
    ['Replace it', 'Remove the order', 'Order the other: 1 mg'],
    ['Think of it'],
    ['Think twice'],
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
  expect(view(card, { sendsFeedback: false }).tellsWhy).toBe(false);
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
    fc.property(
      fc.dictionary(fc.constantFrom(...names), anything),
      fc.constantFrom('default', 'epic'),
      (card, profile) => {
        const seen = cardView({ ...shown({}), card: card as unknown as Card }, { ...COMPLETE, profile });
        const { summary, word, source, suggestions, reasons, links } = seen;
        const texts = [summary, word, source.label, source.url, ...suggestions.flatMap(({ effects }) => effects)];
        const more = [...suggestions, ...reasons, ...links].map(({ label }) => label);
        for (const told of [...texts, ...more]) expect(typeof told).toBe('string');
      },
    ),
    { numRuns: 100 },
  );
});

describe('the cards of a chart', () => {
  const card = (key: string, hook: string, indicator: Card['indicator'] = 'info', state: ShownCard['state'] = 'open') =>
    shown({ indicator }, { key, hook, state });
  const grouped = (...cards: readonly ShownCard[]) =>
    cardGroups(cards, COMPLETE).map(({ title, cards: members }) => [title, ...members.map(({ key }) => key)]);

  test('stand in one group without a title while nothing is said of orders', () => {
    expect(grouped(card('a', 'patient-view'), card('b', 'problem-list-item-create'))).toEqual([['', 'a', 'b']]);
  });

  test('come after those of the orders that are as urgent, each group in its own order', () => {
    expect(
      grouped(
        card('a', 'patient-view', 'warning'),
        card('b', 'order-sign', 'warning'),
        card('c', 'patient-view'),
        card('d', 'order-select'),
      ),
    ).toEqual([
      ['About these orders', 'b', 'd'],
      ['About this chart', 'a', 'c'],
    ]);
  });

  test('come before those of the orders if one of them is more urgent', () => {
    expect(grouped(card('a', 'patient-view', 'warning'), card('b', 'patient-view'), card('c', 'order-select'))).toEqual(
      [
        ['About this chart', 'a', 'b'],
        ['About these orders', 'c'],
      ],
    );
  });

  test('that are outdated come last, however urgent they were, and can be asked for again', () => {
    const groups = cardGroups(
      [
        card('a', 'patient-view', 'critical', 'outdated'),
        card('b', 'order-select', 'info'),
        card('c', 'problem-list-item-create', 'info'),
      ],
      COMPLETE,
    );
    expect(groups.map(({ id, hasOutdated, cards }) => [id, hasOutdated, ...cards.map(({ key }) => key)])).toEqual([
      ['orders', false, 'b'],
      ['chart', true, 'c', 'a'],
    ]);
  });

  test('pass the focus on to the next one that is shown, the last one to the status line', () => {
    const groups = cardGroups(
      [card('a', 'order-sign'), card('b', 'patient-view', 'warning'), card('c', 'patient-view')],
      COMPLETE,
    );
    expect(groups.flatMap(({ cards }) => cards.map(({ key, focusAfter }) => [key, focusAfter]))).toEqual([
      ['b', 'c-title'],
      ['c', 'a-title'],
      ['a', 'status'],
    ]);
  });

  test('are no group at all when there are none', () => {
    expect(grouped()).toEqual([]);
  });
});
