import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { CardContent, SuggestionContent } from '../../src/cds-hooks/card-content.ts';
import { clientProfile } from '../../src/cds-hooks/profile.ts';
import { respond } from '../../src/cds-hooks/response.ts';
import { responseProblems } from '../support/schemas/cds-hooks-response.ts';

const topicSystem = 'https://example.org/cards';
const options = { topicSystem, profile: clientProfile('default') };

const order: SuggestionContent = {
  label: 'Order it',
  isRecommended: true,
  actions: [
    { type: 'create', description: 'Order', resource: { resourceType: 'ServiceRequest', status: 'draft' } as never },
    { type: 'delete', description: 'Remove the other', resourceId: 'ServiceRequest/1' },
  ],
};

const full: CardContent = {
  id: 'card-1',
  title: 'A card',
  summary: 'Consider it.',
  detail: 'Because **so**.',
  indicator: 'warning',
  source: { label: 'Guideline', url: 'https://example.org/guideline' },
  suggestions: [order, { label: 'Done', isRecommended: false, actions: [] }],
  overrideReasons: [{ code: 'done', system: 'https://example.org/reasons', display: 'Done elsewhere' }],
  links: [
    { label: 'App', url: 'https://example.org/launch', type: 'smart', appContext: 'card-1' },
    { label: 'Evidence', url: 'https://example.org/evidence', type: 'absolute' },
  ],
};

const bare: CardContent = {
  id: 'card-2',
  title: 'Another',
  summary: 'Note.',
  detail: '',
  indicator: 'info',
  source: { label: 'Guideline', url: '' },
  suggestions: [],
  overrideReasons: [],
  links: [],
};

function numbered(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
}

test('nothing to say is an empty list of cards (CH-89)', () => {
  expect(respond([], options)).toEqual({ cards: [] });
});

test('a card goes out with what the protocol adds (CH-95 to CH-98, CH-100 to CH-103, CH-106 to CH-108)', () => {
  expect(respond([full], { ...options, newUuid: numbered() })).toEqual({
    cards: [
      {
        uuid: '00000000-0000-4000-8000-000000000003',
        summary: 'Consider it.',
        detail: 'Because **so**.',
        indicator: 'warning',
        source: {
          label: 'Guideline',
          url: 'https://example.org/guideline',
          topic: { system: topicSystem, code: 'card-1', display: 'A card' },
        },
        suggestions: [
          {
            label: 'Order it',
            uuid: '00000000-0000-4000-8000-000000000001',
            isRecommended: true,
            actions: order.actions,
          },
          { label: 'Done', uuid: '00000000-0000-4000-8000-000000000002' },
        ],
        selectionBehavior: 'at-most-one',
        overrideReasons: full.overrideReasons,
        links: full.links,
      },
    ],
  });
});

test('what is empty is left out, and so is what there never is: systemActions (CH-19 to CH-22)', () => {
  expect(respond([bare], { ...options, newUuid: numbered() })).toEqual({
    cards: [
      {
        uuid: '00000000-0000-4000-8000-000000000001',
        summary: 'Note.',
        indicator: 'info',
        source: { label: 'Guideline', topic: { system: topicSystem, code: 'card-2', display: 'Another' } },
      },
    ],
  });
});

test('uuids are new each time, one for each card and suggestion, and lower-case (CH-91)', () => {
  const answers = [respond([full, full], options), respond([full, full], options)];
  const uuids = [...JSON.stringify(answers).matchAll(/"uuid":"([^"]+)"/g)].map(([, uuid]) => uuid);
  expect(new Set(uuids).size).toBe(12);
  expect(uuids.every((uuid) => uuid === uuid?.toLowerCase())).toBe(true);
  expect(respond([bare], { ...options, newUuid: () => 'ABC' }).cards[0]?.uuid).toBe('abc');
});

test('only the first of several recommended suggestions stays recommended (CH-110)', () => {
  const { cards } = respond([{ ...full, suggestions: [{ ...order, isRecommended: false }, order, order] }], options);
  expect(cards[0]?.suggestions?.map(({ isRecommended }) => isRecommended)).toEqual([undefined, true, undefined]);
});

test('appContext stays on SMART links alone (CH-128)', () => {
  const links = [
    { label: 'Page', url: 'https://example.org', type: 'absolute', appContext: 'x' },
    { label: 'App', url: 'https://example.org', type: 'smart', appContext: '' },
  ] as const;
  expect(respond([{ ...full, links }], options).cards[0]?.links).toEqual([
    { label: 'Page', url: 'https://example.org', type: 'absolute' },
    { label: 'App', url: 'https://example.org', type: 'smart' },
  ]);
});

describe('the summary', () => {
  const cut = (summary: string) => respond([{ ...bare, summary }], options).cards[0]?.summary;

  test.each<[string, string, string]>([
    ['139 units stay', 'x'.repeat(139), 'x'.repeat(139)],
    ['140 units are cut', 'x'.repeat(140), `${'x'.repeat(138)}…`],
    ['a word is not cut', 'word '.repeat(40), `${'word '.repeat(26)}word…`],
    ['no punctuation is left hanging', `${'x'.repeat(130)}, ${'y'.repeat(20)}`, `${'x'.repeat(130)}…`],
    ['no character is halved', '😀'.repeat(70), `${'😀'.repeat(69)}…`],
    ['white space around it goes', ' Note. ', 'Note.'],
  ])('%s (CH-92)', (_claim, summary, expected) => {
    expect(cut(summary)).toBe(expected);
  });

  test('is always shorter than 140 units and well-formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (summary) => {
        const result = cut(summary) ?? '';
        expect(result.length).toBeLessThan(140);
        expect(result.isWellFormed()).toBe(summary.isWellFormed());
      }),
    );
  });
});

describe('the schema', () => {
  test('takes what we send', () => {
    expect(responseProblems(respond([full, bare], options))).toEqual([]);
    expect(responseProblems({ cards: [] })).toEqual([]);
  });

  const uuid = '00000000-0000-4000-8000-000000000001';
  const card = { uuid, summary: 'x', indicator: 'info', source: { label: 'x' } };
  const button = { label: 'x', uuid };
  const withAction = (action: object) => ({
    ...card,
    selectionBehavior: 'any',
    suggestions: [{ ...button, actions: [action] }],
  });
  const resource = { resourceType: 'ServiceRequest', status: 'draft' };

  test.each<[string, object]>([
    ['null', { ...card, detail: null }],
    ['an empty list', { ...card, links: [] }],
    ['an empty text', { ...card, detail: '' }],
    ['HTML', { ...card, detail: '<b>x</b>' }],
    ['140 characters', { ...card, summary: 'x'.repeat(140) }],
    ['an old indicator (CH-95)', { ...card, indicator: 'hard-stop' }],
    ['a card without source (CH-96)', { ...card, source: undefined }],
    ['a source without label (CH-97)', { ...card, source: { url: 'https://x.org' } }],
    ['a source at a relative address (CH-98)', { ...card, source: { label: 'x', url: '/x' } }],
    [
      'a topic without code (CH-132)',
      { ...card, source: { label: 'x', topic: { system: 'https://x.org', display: 'x' } } },
    ],
    ['an empty list of suggestions (CH-101)', { ...card, suggestions: [], selectionBehavior: 'any' }],
    ['a suggestion without label (CH-107)', { ...card, selectionBehavior: 'any', suggestions: [{ uuid }] }],
    ['a link without label (CH-124)', { ...card, links: [{ url: 'https://x.org', type: 'absolute' }] }],
    ['a link without address (CH-125)', { ...card, links: [{ label: 'x', type: 'absolute' }] }],
    ['an empty list of links (CH-106)', { ...card, links: [] }],
    ['a card without uuid', { ...card, uuid: undefined }],
    ['an upper-case uuid', { ...card, uuid: 'ABCDEF00-0000-4000-8000-000000000001' }],
    ['suggestions without selectionBehavior', { ...card, suggestions: [button] }],
    [
      'two recommended',
      {
        ...card,
        selectionBehavior: 'at-most-one',
        suggestions: [1, 2].map(() => ({ ...button, isRecommended: true })),
      },
    ],
    ['an action without description (CH-116)', withAction({ type: 'create', resource })],
    ['an upper-case action (CH-115)', withAction({ type: 'CREATE', description: 'x', resource })],
    ['a create without resource (CH-117)', withAction({ type: 'create', description: 'x' })],
    ['a resource as text (CH-24)', withAction({ type: 'create', description: 'x', resource: '{}' })],
    [
      'an empty member in a resource',
      withAction({ type: 'create', description: 'x', resource: { ...resource, note: [] } }),
    ],
    ['a delete without resourceId', withAction({ type: 'delete', description: 'x' })],
    [
      'a delete with a resource',
      withAction({ type: 'delete', description: 'x', resourceId: 'ServiceRequest/1', resource }),
    ],
    [
      'appContext on a page',
      { ...card, links: [{ label: 'x', url: 'https://x.org', type: 'absolute', appContext: 'x' }] },
    ],
    ['a relative link', { ...card, links: [{ label: 'x', url: '/x', type: 'absolute' }] }],
    ['a reason without system (CH-132)', { ...card, overrideReasons: [{ code: 'x', display: 'x' }] }],
    ['a reason without display (CH-104)', { ...card, overrideReasons: [{ code: 'x', system: 'https://x.org' }] }],
    ['an unknown member', { ...card, name: 'x' }],
    ['an extension that is a list', { ...card, extension: [1] }],
  ])('refuses %s', (_what, wrong) => {
    expect(responseProblems(JSON.parse(JSON.stringify({ cards: [wrong] })))).not.toEqual([]);
  });

  test.each<[string, object]>([
    [
      'two recommended where any may be chosen',
      { ...card, selectionBehavior: 'any', suggestions: [1, 2].map(() => ({ ...button, isRecommended: true })) },
    ],
    ['an extension', { ...card, extension: { 'org.example.x': { a: 1 } } }],
    ['a deletion', withAction({ type: 'delete', description: 'x', resourceId: 'ServiceRequest/1' })],
  ])('takes %s', (_what, right) => {
    expect(responseProblems({ cards: [right] })).toEqual([]);
  });
});

test('an update carries the whole resource (CH-118)', () => {
  const resource = { resourceType: 'MedicationRequest', id: 'd1', status: 'draft' };
  const change: SuggestionContent = {
    label: 'Change it',
    isRecommended: false,
    actions: [{ type: 'update', description: 'Change the draft', resource }],
  };
  const answer = respond([{ ...bare, suggestions: [change] }], options);
  expect(answer.cards[0]?.suggestions?.[0]?.actions).toEqual([
    { type: 'update', description: 'Change the draft', resource },
  ]);
  expect(responseProblems(answer)).toEqual([]);
});
