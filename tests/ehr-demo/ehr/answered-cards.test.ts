import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { answeredCards } from '../../../src/ehr-demo/ehr/answered-cards.ts';

const card = { summary: 'Consider this', indicator: 'info', source: { label: 'A guideline' } };
const read = (...cards: readonly unknown[]) => answeredCards(JSON.stringify({ cards }));

test('the most urgent come first, otherwise they stay in the order of the service', () => {
  const cards = [
    { ...card, summary: 'info 1' },
    { ...card, summary: 'warning 1', indicator: 'warning' },
    { ...card, summary: 'info 2' },
    { ...card, summary: 'critical', indicator: 'critical' },
    { ...card, summary: 'warning 2', indicator: 'warning' },
  ];
  expect(read(...cards)?.cards.map(({ summary }) => summary)).toEqual([
    'critical',
    'warning 1',
    'warning 2',
    'info 1',
    'info 2',
  ]);
});

test('everything that an EHR acts on is kept', () => {
  const whole = {
    ...card,
    uuid: 'b6e3b1d6-9b6a-4b3f-9d5b-0d6a7a4e8b10',
    detail: 'Because.',
    source: { label: 'A guideline', url: 'https://example.org/guideline', topic: { code: 'a' } },
    suggestions: [
      {
        label: 'Do it',
        uuid: 'c',
        isRecommended: true,
        actions: [{ type: 'delete', description: 'Removes it', resourceId: 'ServiceRequest/1' }],
      },
    ],
    selectionBehavior: 'any',
    overrideReasons: [{ code: 'no', system: 'urn:x', display: 'No' }],
    links: [{ label: 'App', url: 'https://example.org/launch', type: 'smart', appContext: '{}' }],
  };
  expect(read(whole)).toEqual({ cards: [whole], unreadable: 0, surplus: 0 });
});

describe('a card is left out and counted, and the others stay, if', () => {
  test.each<[string, unknown]>([
    ['it is null', null],
    ['it is a text', 'Consider this'],
    ['it has no summary', { ...card, summary: undefined }],
    ['its summary is empty', { ...card, summary: '' }],
    ['its summary is no text', { ...card, summary: { toString: 1 } }],
    ['its indicator is unknown', { ...card, indicator: 'hard-stop' }],
    ['it has no source', { ...card, source: undefined }],
    ['its source is a text', { ...card, source: 'A guideline' }],
    ['its detail is a list', { ...card, detail: ['Because'] }],
    ['its suggestions are no list', { ...card, suggestions: { label: 'Do it' } }],
    ['a suggestion has no label', { ...card, suggestions: [{}] }],
    ['an action is unknown', { ...card, suggestions: [{ label: 'a', actions: [{ type: 'run', description: '' }] }] }],
    ['a reason has no code', { ...card, overrideReasons: [{ display: 'No' }] }],
    ['a link is a text', { ...card, links: ['https://example.org'] }],
    ['its uuid is a number', { ...card, uuid: 7 }],
  ])('%s', (_why, bad) => {
    expect(read(card, bad, card)).toEqual({ cards: [card, card], unreadable: 1, surplus: 0 });
  });
});

test.each(['javascript:alert(1)', 'data:text/html,x', '/relative', 'no address', 'file:///etc/passwd'])(
  'a link to %s leads nowhere, and its card is shown',
  (url) => {
    const links = [
      { label: 'bad', url, type: 'absolute' },
      { label: 'good', url: 'http://example.org/', type: 'absolute' },
    ];
    expect(read({ ...card, source: { label: 'A guideline', url }, links })?.cards).toEqual([
      { ...card, links: [links[1]] },
    ]);
  },
);

test('of a thousand cards the fifty most urgent are shown, and the others counted', () => {
  const many = Array.from({ length: 999 }, () => card);
  const answered = read(...many, { ...card, summary: 'The last', indicator: 'critical' });
  expect(answered?.cards).toHaveLength(50);
  expect(answered?.cards[0]).toMatchObject({ summary: 'The last' });
  expect(answered).toMatchObject({ unreadable: 0, surplus: 950 });
});

test('no cards are an answer', () => {
  expect(read()).toEqual({ cards: [], unreadable: 0, surplus: 0 });
});

test.each(['', 'cards', '[]', 'null', '{}', '{"cards":{}}', '{"cards":null}', '<html>', '{"cards":[}'])(
  'what is none is none: %s',
  (body) => {
    expect(answeredCards(body)).toBeUndefined();
  },
);

test('whatever comes, each card is shown or counted', () => {
  const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.record({ ...mostlyFitting() }, { requiredKeys: [] }));
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 60 }), (cards) => {
      const answered = answeredCards(JSON.stringify({ cards }));
      expect(answered).toBeDefined();
      if (answered === undefined) return;
      expect(answered.cards.length + answered.unreadable + answered.surplus).toBe(cards.length);
      for (const { summary, source } of answered.cards)
        expect([typeof summary, typeof source.label]).toEqual(['string', 'string']);
    }),
  );
});

function mostlyFitting() {
  return {
    summary: fc.oneof(fc.string(), fc.jsonValue()),
    indicator: fc.constantFrom('info', 'warning', 'critical', 'stop'),
    source: fc.oneof(fc.record({ label: fc.string(), url: fc.string() }), fc.jsonValue()),
    links: fc.oneof(fc.jsonValue(), fc.array(fc.record({ label: fc.string(), url: fc.webUrl(), type: fc.string() }))),
  };
}
