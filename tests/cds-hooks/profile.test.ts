import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type {
  ActionContent,
  CardContent,
  OverrideReasonContent,
  SuggestionContent,
} from '../../src/cds-hooks/card-content.ts';
import {
  CLIENT_FEATURES,
  type ClientFeature,
  type ClientProfile,
  clientProfile,
  type DeleteShape,
  EPIC_ORDER_SET,
  EPIC_PREFERENCE_LIST,
  PROFILE_IDS,
  type ProfileId,
} from '../../src/cds-hooks/profile.ts';
import { respond } from '../../src/cds-hooks/response.ts';
import type { Card, Link } from '../../src/cds-hooks/types.ts';
import { profileProblems } from '../support/schemas/profile-response.ts';

const topicSystem = 'https://example.org/cards';

const CREATE = {
  type: 'create',
  description: 'Order the drug',
  resource: { resourceType: 'MedicationRequest', status: 'draft' },
} as const;
const UPDATE = { ...CREATE, type: 'update', description: 'Change the draft' } as const;
const SERVICE = {
  type: 'create',
  description: 'Order the scan',
  resource: { resourceType: 'ServiceRequest', status: 'draft' },
} as const;
const DELETE = { type: 'delete', description: 'Remove the draft', resourceId: 'MedicationRequest/d1' } as const;

const content: CardContent = {
  id: 'a-card-2b',
  title: 'A card',
  summary: 'Consider it.',
  detail: 'Because.',
  indicator: 'critical',
  source: { label: 'Guideline' },
  suggestions: [],
  overrideReasons: [],
  links: [],
};

function suggestion(label: string, actions: SuggestionContent['actions'], isRecommended = false): SuggestionContent {
  return { label, isRecommended, actions };
}

/** The one card of the answer to a client of this profile; the answer is valid for it. */
function sent(more: Partial<CardContent>, id: ProfileId, ...supports: readonly ClientFeature[]): Card {
  const profile = clientProfile(id, supports);
  const answer = respond([{ ...content, ...more }], { topicSystem, profile });
  expect(profileProblems(profile)(answer)).toEqual([]);
  const [card] = answer.cards;
  if (card === undefined) throw new Error('There is a card');
  return card;
}

function labels(more: Partial<CardContent>, id: ProfileId): readonly string[] | undefined {
  return sent(more, id).suggestions?.map(({ label }) => label);
}

describe('a client of 1.0', () => {
  const full: Partial<CardContent> = {
    suggestions: [suggestion('Replace it', [DELETE, CREATE], true), suggestion('Done', [])],
    overrideReasons: [{ code: 'x', system: 'https://example.org/reasons', display: 'X' }],
  };

  test('gets no uuid, topic, reasons or recommendation (CH-91, CH-100, CH-103, CH-109)', () => {
    const card = sent(full, 'cds-hooks-1.0');
    expect(Object.keys(card)).toEqual(['summary', 'detail', 'indicator', 'source', 'suggestions', 'selectionBehavior']);
    expect(card.source).toEqual({ label: 'Guideline' });
    expect(card.selectionBehavior).toBe('at-most-one'); // CH-102
  });

  test('gets the uuid of a suggestion, which 1.0 has (CH-108)', () => {
    expect(sent(full, 'cds-hooks-1.0').suggestions?.map((one) => Object.keys(one))).toEqual([
      ['label', 'uuid', 'actions'],
      ['label', 'uuid'],
    ]);
  });

  test('gets a deletion that names its order in `resource` (CH-119)', () => {
    expect(sent(full, 'cds-hooks-1.0').suggestions?.[0]?.actions).toEqual([
      { type: 'delete', description: 'Remove the draft', resource: 'MedicationRequest/d1' },
      CREATE,
    ]);
  });

  test.each<[ProfileId, DeleteShape]>([
    ['default', 'resource'],
    ['epic', 'resource'],
    ['cds-hooks-1.0', 'resourceId'],
  ])('a client of %s can be configured to have it in `%s` (CH-119, CH-120)', (id, deleteShape) => {
    const profile = clientProfile(id, [], { deleteShape });
    const answer = respond([{ ...content, suggestions: [suggestion('Remove it', [DELETE])] }], {
      topicSystem,
      profile,
    });
    expect(profileProblems(profile)(answer)).toEqual([]);
    expect(answer.cards[0]?.suggestions?.[0]?.actions).toEqual([
      { type: 'delete', description: 'Remove the draft', [deleteShape]: 'MedicationRequest/d1' },
    ]);
  });

  test('others get one that names it in `resourceId`, and no resource (CH-120, CH-121)', () => {
    expect(sent(full, 'default').suggestions?.[0]?.actions).toEqual([DELETE, CREATE]);
  });
});

/** The order with two codes, the second of this system. */
function coded(resource: { readonly resourceType: string }, system: string) {
  const concept = {
    coding: [
      { system: 'http://example.org/codes', code: '1' },
      { system, code: 'KEY' },
    ],
  };
  return resource.resourceType === 'MedicationRequest'
    ? { ...resource, medicationCodeableConcept: concept }
    : { ...resource, code: concept };
}

describe('Epic', () => {
  const drug = (description: string, system = EPIC_PREFERENCE_LIST) => ({
    ...CREATE,
    description,
    resource: coded(CREATE.resource, system),
  });
  const service = (description: string, system = EPIC_PREFERENCE_LIST) => ({
    ...SERVICE,
    description,
    resource: coded(SERVICE.resource, system),
  });
  const removal = (description: string, resourceId: string) => ({ ...DELETE, description, resourceId });

  test('gets `any`, and of several drugs the recommended one alone: two would be taken together (CH-102, CH-110)', () => {
    const alternatives = [suggestion('One dose', [drug('One')]), suggestion('Another dose', [drug('Other')], true)];
    const card = sent({ suggestions: alternatives }, 'epic');
    expect(card.selectionBehavior).toBe('any');
    expect(card.suggestions?.map(({ label }) => label)).toEqual(['Another dose']);
  });

  test('gets the first of several drugs of which none is recommended', () => {
    expect(labels({ suggestions: [suggestion('One', [drug('1')]), suggestion('Other', [drug('2')])] }, 'epic')).toEqual(
      ['One'],
    );
  });

  test('gets the first drug that it can take where the recommended one is not mapped', () => {
    const suggestions = [
      suggestion('One', [CREATE], true),
      suggestion('Other', [drug('2')]),
      suggestion('3', [drug('3')]),
    ];
    expect(labels({ suggestions }, 'epic')).toEqual(['Other']);
  });

  test('gets everything that is no drug beside it: nothing of that excludes anything', () => {
    const suggestions = [
      suggestion('Biopsy', [service('Biopsy')], true),
      suggestion('Remove the operation', [removal('Remove it', 'ServiceRequest/op')]),
      suggestion('A drug', [drug('A')]),
      suggestion('Opinion', [service('Opinion')]),
      suggestion('Another drug', [drug('B')]),
    ];
    expect(labels({ suggestions }, 'epic')).toEqual(['Biopsy', 'Remove the operation', 'A drug', 'Opinion']);
  });

  test('gets of a replacement the removals alone, each named by what it does: the new drug would be taken singly (CH-111)', () => {
    const other = removal('Remove the other draft', 'MedicationRequest/d2');
    const replacement = suggestion('Replace them', [DELETE, other, drug('Order the drug')], true);
    const { suggestions } = sent({ suggestions: [replacement] }, 'epic');
    expect(suggestions?.map(({ label, isRecommended, actions }) => [label, isRecommended, actions])).toEqual([
      ['Remove the draft', undefined, [DELETE]],
      ['Remove the other draft', undefined, [other]],
    ]);
    expect(new Set(suggestions?.map(({ uuid }) => uuid)).size).toBe(2);
  });

  test('gets each removal once, whoever else on the card removes the same', () => {
    const suggestions = [
      suggestion('Remove it', [DELETE]),
      suggestion('Replace it', [DELETE, drug('One')], true),
      suggestion('Replace it otherwise', [DELETE, drug('Other')]),
    ];
    expect(labels({ suggestions }, 'epic')).toEqual(['Remove it']);
  });

  test('has no drug and no removal ticked, and of services single ones: isRecommended acts by itself there (CH-109)', () => {
    const suggestions = [
      suggestion('A drug', [drug('A')], true),
      suggestion('A removal', [DELETE], true),
      suggestion('A service', [service('S')], true),
      suggestion('Another', [service('T')]),
      suggestion('A set, which may hold drugs', [service('U', EPIC_ORDER_SET)], true),
    ];
    const ticked = (of: SuggestionContent[]) =>
      sent({ suggestions: of }, 'epic').suggestions?.flatMap(({ label, isRecommended = false }) =>
        isRecommended ? [label] : [],
      );
    expect(ticked(suggestions)).toEqual(['A service']);
    expect(ticked(suggestions.slice(4))).toEqual([]);
  });

  test.each<[string, ActionContent, boolean]>([
    ['a drug of its preference list', drug('A'), true],
    ['a service of its preference list', service('A'), true],
    ['one of its order sets', service('A', EPIC_ORDER_SET), true],
    ['a drug as an order set, which is not documented', drug('A', EPIC_ORDER_SET), false],
    ['a drug by RxNorm', drug('A', 'http://www.nlm.nih.gov/research/umls/rxnorm'), false],
    ['a service by LOINC', service('A', 'http://loinc.org'), false],
    ['a drug without a code', CREATE, false],
    [
      'a drug with a dose computed for the patient, mapped or not',
      { ...drug('A'), details: 'patient-specific' },
      false,
    ],
    ['a service on a date, mapped or not', { ...service('A'), details: 'patient-specific' }, false],
  ])('%s: is it offered? Epic creates it from its own records, with their dose', (_what, action, offered) => {
    expect(labels({ suggestions: [suggestion('Order it', [action])] }, 'epic')).toEqual(
      offered ? ['Order it'] : undefined,
    );
    expect(labels({ suggestions: [suggestion('Order it', [action])] }, 'default')).toEqual(['Order it']);
  });

  test.each<[string, SuggestionContent]>([
    ['an update', suggestion('Change it', [UPDATE], true)],
    [
      'a replacement of an order it cannot remove',
      suggestion('Replace it', [{ ...DELETE, resourceId: 'Task/1' }, drug('A')], true),
    ],
    ['an order of another type', suggestion('Order it', [{ ...CREATE, resource: { resourceType: 'Task' } }], true)],
    ['two orders that belong together', suggestion('Order both', [service('A'), service('B')], true)],
    ['an acknowledgement (CH-111)', suggestion('Done', [], true)],
  ])('gets no part of %s, and the next suggestion all the same', (_what, impossible) => {
    expect(labels({ suggestions: [impossible, suggestion('Order it', [drug('A')])] }, 'epic')).toEqual(['Order it']);
    const alone = sent({ suggestions: [impossible] }, 'epic');
    expect(alone).not.toHaveProperty('suggestions');
    expect(alone).not.toHaveProperty('selectionBehavior');
  });

  test.each<[string, string]>([
    ['baseline-brain-mri', 'baselineBrainMri'],
    ['pd-l1-not-required', 'pdL1NotRequired'],
    ['x', 'x'],
    [`a-${'long-'.repeat(40)}id`, `a${'Long'.repeat(24)}Lon`],
  ])('gets the topic %s as %s, which it can keep (CH-100)', (id, code) => {
    expect(sent({ id }, 'epic').source.topic).toEqual({ system: topicSystem, code, display: 'A card' });
    expect(sent({ id }, 'default').source.topic?.code).toBe(id);
  });
});

test('one action at a time, of which one may be taken: what belongs together is not sent in parts that exclude each other', () => {
  const profile: ClientProfile = { ...clientProfile('default'), actionsPerSuggestion: 'one' };
  const suggestions = [suggestion('Replace it', [DELETE, CREATE], true), suggestion('Remove it', [DELETE])];
  const { cards } = respond([{ ...content, suggestions }], { topicSystem, profile });
  expect(cards[0]?.suggestions?.map(({ label }) => label)).toEqual(['Remove it']);
});

test.each<[ProfileId, readonly string[]]>([
  ['default', ['info', 'warning', 'critical']],
  ['epic', ['info', 'warning', 'critical']],
  ['oracle-health', ['info', 'warning', 'warning']],
])('%s is sent info, warning and critical as %j (CH-95)', (id, expected) => {
  const indicators = (['info', 'warning', 'critical'] as const).map((indicator) => sent({ indicator }, id).indicator);
  expect(indicators).toEqual(expected);
});

describe('links', () => {
  const page: Link = { label: 'Page', url: 'https://example.org/page', type: 'absolute' };
  const app: Link = {
    label: 'App',
    url: 'https://example.org/launch',
    type: 'smart',
    appContext: 'card',
    autolaunchable: true,
  };
  const { autolaunchable: _hint, ...shown } = app;
  const { appContext: _context, ...plain } = shown;
  const launching = ['autolaunchable'] as const;

  test.each<[string, ProfileId, readonly ClientFeature[], readonly Link[]]>([
    ['are sent without a hint that few know (CH-129)', 'default', [], [page, shown]],
    ['are sent with the hint where it is known (CH-129, CH-130)', 'default', launching, [page, app]],
    ['lose what their app could not be told (CH-127)', 'oracle-health', [], [page, plain]],
    ['are pages alone where nothing can be launched (CH-126)', 'sandbox', launching, [page]],
  ])('%s', (_claim, id, supports, expected) => {
    expect(sent({ links: [page, app] }, id, ...supports).links).toEqual(expected);
  });

  test('a page is never launched by itself (CH-128, CH-129)', () => {
    const links = [{ ...page, appContext: 'x', autolaunchable: true }];
    expect(sent({ links }, 'default', 'autolaunchable').links).toEqual([page]);
  });

  test('that are none are left out (CH-20)', () => {
    expect(sent({ links: [app] }, 'sandbox')).not.toHaveProperty('links');
  });
});

describe('actionSelectionBehavior', () => {
  const suggestions = [suggestion('Replace it', [DELETE, CREATE]), suggestion('Remove it', [DELETE])];

  test('says `all` to a client that knows it, where there are several actions (CH-113)', () => {
    const card = sent({ suggestions }, 'default', 'action-selection-behavior');
    expect(card.suggestions?.map((one) => one.actionSelectionBehavior)).toEqual(['all', undefined]);
  });

  test.each(PROFILE_IDS)('is not sent to %s, of which it is not known (CH-114)', (id) => {
    const others = CLIENT_FEATURES.filter((feature) => feature !== 'action-selection-behavior');
    expect(JSON.stringify(sent({ suggestions }, id, ...others))).not.toContain('actionSelectionBehavior');
  });
});

describe('override reasons', () => {
  const own = (code: string) => ({ code, system: 'https://example.org/reasons', display: `Our ${code}` });
  const hl7 = (code: string) => ({
    code,
    system: 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes',
    display: `HL7 ${code}`,
  });
  const overrideReasons: readonly OverrideReasonContent[] = [
    { ...own('a'), standard: hl7('x') },
    own('b'),
    { ...own('c'), standard: hl7('x') },
  ];

  test('are our own (CH-103, CH-104)', () => {
    expect(sent({ overrideReasons }, 'default').overrideReasons).toEqual([own('a'), own('b'), own('c')]);
  });

  test("are HL7's where there is one, each once, to a client that knows those (CH-105)", () => {
    expect(sent({ overrideReasons }, 'default', 'non-adherence-reason-codes').overrideReasons).toEqual([
      hl7('x'),
      own('b'),
    ]);
  });
});

describe('whatever a card says', () => {
  const words = fc.string({ minLength: 1, maxLength: 150 }).map((text) => `x${text.replaceAll('<', '(')}`);
  const kebab = fc.stringMatching(/^[a-z0-9]{1,12}(-[a-z0-9]{1,12}){0,12}$/);
  const url = kebab.map((path) => `https://example.org/${path}`);
  const type = fc.constantFrom('Condition', 'MedicationRequest', 'ServiceRequest', 'Task', 'Appointment');
  const action = fc.oneof(
    fc.record(
      {
        type: fc.constantFrom('create', 'update'),
        description: words,
        resource: fc
          .tuple(type, fc.constantFrom(EPIC_PREFERENCE_LIST, EPIC_ORDER_SET, 'http://loinc.org'))
          .map(([resourceType, system]) => coded({ resourceType }, system)),
        details: fc.constant('patient-specific'),
      },
      { requiredKeys: ['type', 'description', 'resource'] },
    ),
    fc.record({
      type: fc.constant('delete'),
      description: words,
      resourceId: fc.tuple(type, kebab).map(([of, id]) => `${of}/${id.slice(0, 60)}`),
    }),
  );
  const coding = fc.record({ code: kebab, system: url, display: words });
  const anyCard: fc.Arbitrary<CardContent> = fc.record({
    id: kebab,
    title: words,
    summary: words,
    detail: fc.oneof(words, fc.constant('')),
    indicator: fc.constantFrom('info', 'warning', 'critical'),
    source: fc.record({ label: words, url: fc.oneof(url, fc.constant('')) }, { requiredKeys: ['label'] }),
    suggestions: fc.array(
      fc.record({ label: words, isRecommended: fc.boolean(), actions: fc.array(action, { maxLength: 4 }) }),
      { maxLength: 4 },
    ),
    overrideReasons: fc.array(
      fc.record(
        { code: kebab, system: url, display: words, standard: coding },
        { requiredKeys: ['code', 'system', 'display'] },
      ),
      { maxLength: 4 },
    ),
    links: fc.array(
      fc.record(
        {
          label: words,
          url,
          type: fc.constantFrom('absolute', 'smart'),
          appContext: fc.oneof(words, fc.constant('')),
          autolaunchable: fc.boolean(),
        },
        { requiredKeys: ['label', 'url', 'type'] },
      ),
      { maxLength: 4 },
    ),
  });

  // Compiled once: 5 profiles, with and without all that clients can know.
  const profiles = PROFILE_IDS.flatMap((id) => [clientProfile(id), clientProfile(id, CLIENT_FEATURES)]);
  const judged = fc.constantFrom(...profiles.map((profile) => ({ profile, problems: profileProblems(profile) })));

  test('a client gets what the schema of its profile allows, and nothing that is not on the card', () => {
    fc.assert(
      fc.property(fc.array(anyCard, { maxLength: 2 }), judged, (contents, { profile, problems }) => {
        const { cards } = respond(contents, { topicSystem, profile });
        expect(problems({ cards })).toEqual([]);
        expect(cards).toHaveLength(contents.length);
        for (const [at, card] of cards.entries()) expect(addedTo(card, contents[at] ?? content)).toEqual([]);
        const special = /"(?:actionSelectionBehavior|autolaunchable)":/.test(JSON.stringify(cards));
        expect(special && profile.supports.size === 0).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  /** What a card says that its content does not: an action, a recommendation, a link, a reason, more urgency. */
  function addedTo(
    card: Card,
    { suggestions, links, overrideReasons, indicator, detail }: CardContent,
  ): readonly string[] {
    const did = suggestions.flatMap(({ actions }) => actions.map(({ description }) => description));
    const does = (card.suggestions ?? []).flatMap(({ actions = [] }) => actions.map(({ description }) => description));
    const reasons = overrideReasons.flatMap(({ code, standard }) => [code, ...(standard ? [standard.code] : [])]);
    const recommended = (card.suggestions ?? []).some(({ isRecommended }) => isRecommended === true);
    const urgency = ['info', 'warning', 'critical'];
    return [
      ...does.filter((description) => !did.includes(description)),
      ...(recommended && !suggestions.some(({ isRecommended }) => isRecommended) ? ['a recommendation'] : []),
      ...(card.links ?? []).map((link) => link.url).filter((link) => !links.some(({ url: own }) => own === link)),
      ...(card.overrideReasons ?? []).map(({ code }) => code).filter((code) => !reasons.includes(code)),
      ...(urgency.indexOf(card.indicator) > urgency.indexOf(indicator) ? ['urgency'] : []),
      ...(card.detail !== undefined && card.detail !== detail ? ['detail'] : []),
    ];
  }
});

describe('the schema of a profile', () => {
  const MAPPED = { ...CREATE, resource: coded(CREATE.resource, EPIC_PREFERENCE_LIST) };
  const uuid = '00000000-0000-4000-8000-000000000001';
  const card = { summary: 'x', indicator: 'info', source: { label: 'x' } };
  const card2 = { ...card, uuid };
  const button = { label: 'x', uuid };
  const offering = (selectionBehavior: string, one: object, on: object = card2) => ({
    ...on,
    selectionBehavior,
    suggestions: [one],
  });
  const app = { label: 'x', url: 'https://x.org', type: 'smart', appContext: 'x' };

  test.each<[ProfileId, string, object]>([
    ['cds-hooks-1.0', 'a uuid', card2],
    [
      'cds-hooks-1.0',
      'a topic',
      { ...card, source: { label: 'x', topic: { code: 'x', system: 'https://x.org', display: 'x' } } },
    ],
    ['cds-hooks-1.0', 'reasons', { ...card, overrideReasons: [{ code: 'x', system: 'https://x.org', display: 'x' }] }],
    ['cds-hooks-1.0', 'a recommendation', offering('at-most-one', { ...button, isRecommended: true }, card)],
    ['cds-hooks-1.0', '`any`', offering('any', button, card)],
    ['cds-hooks-1.0', 'a resourceId', offering('at-most-one', { ...button, actions: [DELETE] }, card)],
    ['oracle-health', 'a critical card', { ...card, indicator: 'critical' }],
    ['oracle-health', 'appContext', { ...card, links: [app] }],
    ['epic', '`at-most-one`', offering('at-most-one', { ...button, actions: [DELETE] })],
    ['epic', 'two actions', offering('any', { ...button, actions: [DELETE, MAPPED] })],
    ['epic', 'an order that is not mapped', offering('any', { ...button, actions: [CREATE] })],
    ['epic', 'a ticked drug', offering('any', { ...button, isRecommended: true, actions: [MAPPED] })],
    ['epic', 'a ticked removal', offering('any', { ...button, isRecommended: true, actions: [DELETE] })],
    [
      'epic',
      'two drugs',
      {
        ...card2,
        selectionBehavior: 'any',
        suggestions: [1, 2].map(() => ({ ...button, actions: [MAPPED] })),
      },
    ],
    ['epic', 'an update', offering('any', { ...button, actions: [UPDATE] })],
    ['epic', 'another resource', offering('any', { ...button, actions: [{ ...DELETE, resourceId: 'Task/1' }] })],
    ['epic', 'an acknowledgement', offering('any', button)],
    [
      'epic',
      'a hyphen',
      { ...card2, source: { label: 'x', topic: { code: 'x-y', system: 'https://x.org', display: 'x' } } },
    ],
    ['sandbox', 'a SMART link', { ...card2, links: [app] }],
    ['default', 'autolaunchable', { ...card2, links: [{ ...app, autolaunchable: true }] }],
    ['default', 'actionSelectionBehavior', offering('at-most-one', { ...button, actionSelectionBehavior: 'all' })],
  ])('of %s refuses %s', (id, _what, wrong) => {
    expect(profileProblems(clientProfile(id))({ cards: [wrong] })).not.toEqual([]);
  });

  test('of Epic takes a mapped drug, and a ticked service', () => {
    const scan = { ...SERVICE, resource: coded(SERVICE.resource, EPIC_PREFERENCE_LIST) };
    const problems = profileProblems(clientProfile('epic'));
    expect(problems({ cards: [offering('any', { ...button, actions: [MAPPED] })] })).toEqual([]);
    expect(problems({ cards: [offering('any', { ...button, isRecommended: true, actions: [scan] })] })).toEqual([]);
  });

  test('of a client that knows more takes more', () => {
    const problems = profileProblems(clientProfile('default', CLIENT_FEATURES));
    expect(problems({ cards: [{ ...card2, links: [{ ...app, autolaunchable: true }] }] })).toEqual([]);
    expect(problems({ cards: [offering('at-most-one', { ...button, actionSelectionBehavior: 'all' })] })).toEqual([]);
  });
});
