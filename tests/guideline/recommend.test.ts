import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { Chart } from '../../src/chart/chart.ts';
import type { Guideline } from '../../src/guideline/guideline.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { type Occasion, recommend } from '../../src/guideline/recommend.ts';
import { guideline } from '../support/service.ts';
import { type Content, folderOfCards, plainCard } from './folder.ts';
import { chartOf } from './patient-chart.ts';

const opening: Occasion = { hook: 'patient-view', today: '2026-11-22', maxCards: 4 };
const signing: Occasion = { ...opening, hook: 'order-sign' };

const untreated = await chartOf('metastatic-untreated');
const drafting = await chartOf('metastatic-untreated', { draft: 'doxorubicin' });

/** So many cards for everyone, first `card-1`. */
function manyCards(count: number): Guideline {
  const cards = Array.from({ length: count }, (_, at) => plainCard(`card-${at + 1}`, { priority: 200 + at }));
  return loadGuideline(folderOfCards(...cards));
}

function oneCard(more: Content): Guideline {
  return loadGuideline(folderOfCards(plainCard('a', more)));
}

function shown(from: Guideline, occasion: Partial<Occasion> = {}, chart: Chart = untreated) {
  return recommend(from, chart, { ...opening, ...occasion }).shown;
}

describe('the cap', () => {
  test('four cards of six are shown, first first, and the last says how many more and which (CH-135, CH-198)', () => {
    const cards = shown(manyCards(6));
    expect(cards.map(({ id }) => id)).toEqual(['card-1', 'card-2', 'card-3', 'card-4']);
    expect(cards.map(({ detail }) => detail.includes('more card(s) apply'))).toEqual([false, false, false, true]);
    expect(cards[3]?.detail).toContain('2 more card(s) apply: Title of card-5; Title of card-6.');
  });

  test('nothing is said when nothing is left out', () => {
    const cards = shown(manyCards(4));
    expect(cards).toHaveLength(4);
    expect(cards.map(({ detail }) => detail).join()).not.toContain('more card(s)');
  });

  test('0 is no cap', () => {
    expect(shown(manyCards(6), { maxCards: 0 })).toHaveLength(6);
  });

  test('a cap of one leaves the first', () => {
    const cards = shown(manyCards(3), { maxCards: 1 });
    expect(cards.map(({ id }) => id)).toEqual(['card-1']);
    expect(cards[0]?.detail).toContain('2 more card(s) apply');
  });

  test.each(['order-sign', 'order-select', 'order-dispatch'])('%s is not cut', (hook) => {
    const cards = Array.from({ length: 6 }, (_, at) => plainCard(`card-${at + 1}`, { hooks: [hook], priority: at }));
    const all = shown(loadGuideline(folderOfCards(...cards)), { hook, maxCards: 2 });
    expect(all).toHaveLength(6);
    expect(all.map(({ detail }) => detail).join()).not.toContain('more card(s)');
  });

  test.each(['encounter-start', 'encounter-discharge', 'problem-list-item-create', 'appointment-book'])(
    '%s is cut',
    (hook) => {
      const cards = Array.from({ length: 6 }, (_, at) => plainCard(`card-${at + 1}`, { hooks: [hook], priority: at }));
      expect(shown(loadGuideline(folderOfCards(...cards)), { hook })).toHaveLength(4);
    },
  );
});

describe('beside what is shown', () => {
  const card = (id: string, more: Content) => plainCard(id, { version: '2.1.0', ...more });

  test('it says which cards were judged on this hook, whether they apply or not, and which the limit left out', () => {
    const cards = [
      card('shown', { priority: 1 }),
      card('cut', { priority: 2 }),
      card('not-applying', { when: { not: 'metastatic' } }),
      card('elsewhere', { hooks: ['order-sign'] }),
    ];
    const { judged, cut, shadow } = recommend(loadGuideline(folderOfCards(...cards)), untreated, {
      ...opening,
      maxCards: 1,
    });
    expect(judged.toSorted((one, other) => one.id.localeCompare(other.id))).toEqual(
      ['cut', 'not-applying', 'shown'].map((id) => ({ id, version: '2.1.0', isInShadow: false })),
    );
    expect([cut, shadow]).toEqual([[{ id: 'cut', version: '2.1.0' }], []]);
  });

  test('a card in shadow is judged, has the urgency it would be shown with, and is not left out', () => {
    const more = { indicator: [{ warning: 'metastatic' }, 'info'] };
    const hidden = { folder: 'site/', files: new Map([['hidden.yaml', 'because: It is new.\nstate: shadow\n']]) };
    const folder = folderOfCards(card('hidden', { ...more, priority: 1 }), card('seen', { priority: 2 }));
    const found = recommend(loadGuideline(folder, [hidden]), untreated, { ...opening, maxCards: 1 });
    expect(found.shown.map(({ id }) => id)).toEqual(['seen']);
    expect(found).toMatchObject({
      shadow: [{ id: 'hidden', version: '2.1.0', indicator: 'warning' }],
      judged: [
        { id: 'hidden', version: '2.1.0', isInShadow: true },
        { id: 'seen', version: '2.1.0', isInShadow: false },
      ],
      cut: [],
    });
  });

  test('nothing is judged of a patient who has died', () => {
    const none = { shown: [], shadow: [], judged: [], cut: [] };
    expect(recommend(manyCards(6), { ...untreated, deceased: true }, opening)).toEqual(none);
  });
});

describe('which cards apply', () => {
  test('the lower priority comes first, whatever the order of the files', () => {
    const cards = [
      plainCard('late', { priority: 300 }),
      plainCard('first', { priority: 1 }),
      plainCard('mid', { priority: 100 }),
    ];
    expect(shown(loadGuideline(folderOfCards(...cards))).map(({ id }) => id)).toEqual(['first', 'mid', 'late']);
  });

  test.each<[string, Content, number]>([
    ['whose condition holds', { when: 'metastatic' }, 1],
    ['whose condition does not hold', { when: { not: 'metastatic' } }, 0],
    ['whose condition is unknown', { when: 'progression-on-immunotherapy' }, 0],
    ['whose condition is not excluded', { when: { possibly: 'progression-on-immunotherapy' } }, 1],
    ['of another hook', { hooks: ['order-sign'] }, 0],
    ['whose hook has a condition that holds', { hooks: [{ 'patient-view': 'metastatic' }] }, 1],
    ['whose hook has a condition that does not', { hooks: [{ 'patient-view': 'ordering' }] }, 0],
    ['whose hook has a condition that is unknown', { hooks: [{ 'patient-view': 'progression-on-immunotherapy' }] }, 0],
  ])('a card %s', (_claim, card, count) => {
    expect(shown(oneCard(card))).toHaveLength(count);
  });

  test('a hook of which no card knows has none', () => {
    expect(shown(oneCard({ hooks: ['order-sign'] }), { hook: 'order-dispatch' })).toEqual([]);
  });
});

describe('the indicator', () => {
  test.each<[string, unknown, string]>([
    ['is the first that holds', [{ critical: 'ordering' }, { warning: 'metastatic' }, 'info'], 'warning'],
    ['is the last when none holds', [{ critical: 'ordering' }, 'info'], 'info'],
    ['is not one of which the condition is unknown', [{ warning: 'progression-on-immunotherapy' }, 'info'], 'info'],
  ])('%s', (_claim, indicator, expected) => {
    expect(shown(oneCard({ indicator }))[0]?.indicator).toBe(expected);
  });
});

describe('what could not be looked at', () => {
  const LINE = '**Not looked at in this call:** ';
  const lineOf = (detail: string) => detail.split('\n\n').filter((part) => part.startsWith(LINE));

  test('and no card names stands once, at the end of the first card', async () => {
    const chart = await chartOf('metastatic-untreated', { omit: ['careTeams', 'observationsBiomarkers'] });
    const cards = shown(manyCards(6), {}, chart);
    expect(cards.map(({ detail }) => lineOf(detail))).toEqual([
      [`${LINE}CareTeam, Observation (biomarkers) (not sent).`],
      [],
      [],
      [],
    ]);
    expect(cards[0]?.detail.endsWith('(not sent).')).toBe(true);
  });

  test('is not said again of what a card shown names, and is of what only a card left out names', async () => {
    const chart = await chartOf('metastatic-untreated', { omit: ['procedures', 'diagnosticReports', 'careTeams'] });
    const cards = [
      plainCard('first', { priority: 1 }),
      plainCard('naming', { priority: 2, when: { possibly: 'brain-mri-since-diagnosis' } }),
    ];
    const folder = loadGuideline(folderOfCards(...cards));
    const [first, naming] = shown(folder, {}, chart);
    expect(naming?.detail).toContain('Procedure (not sent), DiagnosticReport (not sent)');
    expect(lineOf(first?.detail ?? '')).toEqual([`${LINE}CareTeam (not sent).`]);
    const [only] = shown(folder, { maxCards: 1 }, chart);
    expect(lineOf(only?.detail ?? '')).toEqual([`${LINE}Procedure, DiagnosticReport, CareTeam (not sent).`]);
    expect(only?.detail).toMatch(/1 more card\(s\) apply: .+\n\n\*\*Not looked at/);
  });

  test('is nothing where all was read', () => {
    expect(shown(manyCards(2)).flatMap(({ detail }) => lineOf(detail))).toEqual([]);
  });

  test('stands in a brief detail too', async () => {
    const chart = await chartOf('metastatic-untreated', { omit: ['careTeams'] });
    const [card] = shown(manyCards(1), { detail: 'brief' }, chart);
    expect(lineOf(card?.detail ?? '')).toEqual([`${LINE}CareTeam (not sent).`]);
  });
});

describe('the detail', () => {
  test('has what to consider, what it is based on, evidence, regulatory position and limits, in this order (CH-93)', () => {
    const [card] = shown(oneCard({ when: { all: ['asps-established', 'metastatic'] } }));
    const parts = (card?.detail ?? '').split('\n\n');
    expect(parts[0]).toBe('Consider something.');
    expect(parts[1]).toMatch(/^\*\*Based on\*\*\n- ASPS diagnosis: .+\n- Metastasis: .+/);
    expect(parts[2]).toBe('**Evidence** (guideline): Some evidence.');
    expect(parts[3]).toBe('**Regulatory:** No regulator.');
    expect(parts[4]).toBe(`*${guideline.file.limits}*`);
    expect(parts).toHaveLength(5);
  });

  test('of a card past its review date says so, and not on the day itself', () => {
    const card = oneCard({ reviewDue: '2026-11-22' });
    expect(shown(card, { today: '2026-11-22' })[0]?.detail).not.toContain('review date');
    expect(shown(card, { today: '2026-11-23' })[0]?.detail).toContain(
      'This card is past its review date (2026-11-22).',
    );
  });

  test('shows what belongs under Based on besides, although it decided nothing', () => {
    expect(shown(oneCard({}))[0]?.detail).not.toContain('- Metastasis');
    expect(shown(oneCard({ alsoShow: ['metastatic'] }))[0]?.detail).toContain('- Metastasis');
  });
});

describe('a brief detail', () => {
  const card = () =>
    oneCard({ detail: { consider: 'Consider it.', evidence: 'A trial of 49.', regulatory: 'Approved somewhere.' } });
  const detailOf = (occasion: Partial<Occasion>) => shown(card(), occasion)[0]?.detail.split('\n\n') ?? [];
  const orderDrugs = new Set(
    guideline.cards.flatMap(({ file, suggestions }) =>
      suggestions.some(({ order }) => order?.file.resource.resourceType === 'MedicationRequest') ? [file.id] : [],
    ),
  );

  test('says where the evidence is, and everything else as ever', () => {
    const [full, brief] = [detailOf({}), detailOf({ detail: 'brief' })];
    expect(full[2]).toBe('**Evidence** (guideline): A trial of 49.');
    expect(brief).toEqual(full.with(2, '**Evidence** (guideline): see the page that this card links to.'));
  });

  test.each<[string, Content, boolean]>([
    ['orders a drug', { create: 'atezolizumab-1200-mg-q3w' }, true],
    ['replaces one', { delete: 'drafts', create: 'atezolizumab-1200-mg-q3w' }, true],
    ['corrects a drafted one', { update: 'drafts', to: 'atezolizumab-1200-mg-q3w' }, true],
    ['orders a scan', { create: 'mri-brain' }, false],
    ['removes a draft', { delete: 'drafts' }, false],
    ['would order a drug for children', { create: 'atezolizumab-1200-mg-q3w', when: { not: 'adult' } }, true],
  ])('of a card that %s: does it keep whom the drug was tried in?', async (_what, does, kept) => {
    const own = oneCard({
      hooks: ['order-sign'],
      when: { all: ['asps-established', 'anthracycline-order'] },
      detail: { consider: 'Consider it.', evidence: 'Ages 12 and up, n = 49.', regulatory: 'Approved somewhere.' },
      suggestions: [{ label: 'Do it', ...does }],
    });
    const [brief] = shown(own, { ...signing, detail: 'brief' }, drafting);
    expect(brief?.detail.includes('Ages 12 and up, n = 49.')).toBe(kept);
  });

  test('is not what is written unless it is asked for', () => {
    expect(detailOf({ detail: 'full' })).toEqual(detailOf({}));
  });

  test.each(['patient-view', 'order-sign'])(
    'of the shipped cards on %s keeps reasons, gaps, position and limits',
    (hook) => {
      const full = shown(guideline, { hook, maxCards: 0 }, drafting);
      const brief = shown(guideline, { hook, maxCards: 0, detail: 'brief' }, drafting);
      expect(brief.map(({ id }) => id)).toEqual(full.map(({ id }) => id));
      expect(brief.length).toBeGreaterThan(1);
      for (const [at, { detail, ...rest }] of brief.entries()) {
        const { detail: all = '', ...same } = full[at] ?? {};
        expect(rest).toEqual(same);
        expect(detail === all).toBe(orderDrugs.has(rest.id));
        expect(detail.length).toBeLessThanOrEqual(all.length);
        const parts = (text: string) => text.split('\n\n').filter((part) => !part.startsWith('**Evidence**'));
        expect(parts(detail)).toEqual(parts(all));
      }
    },
  );
});

describe('the reasons to decline a card', () => {
  const reasons = (...codes: readonly string[]) => shown(oneCard({ overrideReasons: codes }))[0]?.overrideReasons;
  const system = guideline.file.overrideReasonSystem;

  test("carry HL7's code for the same where there is one (CH-105)", () => {
    expect(reasons('done-elsewhere', 'other-cancer')).toEqual([
      {
        system,
        code: 'done-elsewhere',
        display: 'Already done elsewhere',
        standard: {
          system: 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes',
          code: 'action-completed',
          display: 'Recommended action was already completed',
        },
      },
      { system, code: 'other-cancer', display: 'Indicated for another cancer' },
    ]);
  });

  // As in HL7/cds-hooks (fb10ca7, input/vocabulary/CodeSystem-non-adherence-reason-codes.json).
  test.each([
    ['done-elsewhere', 'action-completed', 'Recommended action was already completed'],
    ['contraindicated', 'patient-contraindication', 'Patient has contraindication to recommended action'],
    ['patient-declined', 'patient-refuses', 'Patient refuses/declines (no context given)'],
    ['not-accessible', 'service-not-available', 'Treatment or service is not practically available'],
    ['disagree', 'recipient-does-not-trust', 'Recipient does not agree with or trust the recommended action'],
    ['diagnosis-differs', 'patient-ineligible', 'Patient does not meet eligibility for recommended action'],
  ])('%s is %s, in the words of HL7 without their footnotes (CH-104, CH-105)', (own, code, display) => {
    expect(reasons(own)?.[0]?.standard).toMatchObject({ code, display });
  });

  test.each(['trial-protocol', 'other-cancer', 'tumour-board', 'risk-discussed'])('%s has none', (own) => {
    expect(reasons(own)?.[0]).not.toHaveProperty('standard');
  });
});

test('a criterion is computed once a call, however many cards ask for it, and not at all when none on this hook does', () => {
  const asked = { neurologicalSymptoms: 0, therapy: 0, age: 0, weight: 0 };
  const watched = new Proxy(untreated, {
    get(chart, member, receiver) {
      if (typeof member === 'string' && member in asked) asked[member as keyof typeof asked] += 1;
      return Reflect.get(chart, member, receiver);
    },
  });
  const card = {
    when: { all: ['asps-established', { possibly: 'neurological-symptoms' }] },
    indicator: [{ warning: { not: 'neurological-symptoms' } }, 'info'],
    alsoShow: ['neurological-symptoms'],
    summary: 'Consider {{ facts["neurological-symptoms"] }}',
    suggestions: [{ label: 'Abc', when: { possibly: 'neurological-symptoms' } }],
  };
  shown(loadGuideline(folderOfCards(plainCard('a', card), plainCard('b', card), plainCard('c', card))), {}, watched);
  expect(asked).toMatchObject({ neurologicalSymptoms: 1, therapy: 0 });

  asked.neurologicalSymptoms = 0;
  const elsewhere = loadGuideline(folderOfCards(plainCard('a', { ...card, hooks: ['encounter-start'] })));
  expect(shown(elsewhere, {}, watched)).toEqual([]);
  expect(asked.neurologicalSymptoms).toBe(0);
});

describe('suggestions', () => {
  const REPLACE = {
    hooks: ['order-sign'],
    when: { all: ['asps-established', 'anthracycline-order'] },
    suggestions: [
      { label: 'Remove the {{ orderedDrugs }} order', delete: 'drafts' },
      { label: 'Replace it', delete: 'drafts', create: 'atezolizumab-1200-mg-q3w', recommended: true },
      { label: 'Order besides', create: 'mri-brain' },
    ],
  };
  const replacing = oneCard(REPLACE);
  const labels = (chart: Chart) => shown(replacing, signing, chart)[0]?.suggestions.map(({ label }) => label);

  test('a replacement removes the draft and creates another, in this order, and says what it takes the place of (CH-112)', () => {
    const [card] = shown(replacing, signing, drafting);
    expect(card?.suggestions.map(({ label }) => label)).toEqual([
      'Remove the doxorubicin order',
      'Replace it',
      'Order besides',
    ]);
    expect(card?.suggestions[1]).toMatchObject({
      isRecommended: true,
      actions: [
        {
          type: 'delete',
          resourceId: 'MedicationRequest/draft-doxorubicin',
          description: 'Remove the doxorubicin order',
        },
        {
          type: 'create',
          description: 'Order atezolizumab 1200 mg IV every 3 weeks in place of doxorubicin',
          resource: { resourceType: 'MedicationRequest', status: 'draft' },
        },
      ],
    });
  });

  test('one that removes drafts is left out when a draft has no id: it cannot be named', async () => {
    const nameless = await chartOf('metastatic-untreated', {
      draft: 'doxorubicin',
      editDraft: (text) => text.replaceAll(/"id":"draft-doxorubicin",?/g, ''),
    });
    expect(labels(nameless)).toEqual(['Order besides']);
  });

  test('and when only one of two drafts has one: half a replacement would order a second drug', async () => {
    const half = await chartOf('metastatic-untreated', {
      draft: 'doxorubicin',
      editDraft: (text) => {
        const bundle = JSON.parse(text) as { entry: { resource: { id?: string } }[] };
        const [entry] = bundle.entry;
        if (entry === undefined) throw new Error('The draft has an entry');
        const { id: _id, ...nameless } = entry.resource;
        return JSON.stringify({ ...bundle, entry: [entry, { resource: nameless }] });
      },
    });
    expect(labels(half)).toEqual(['Order besides']);
  });

  test('a draft that is there twice is removed once', async () => {
    const twice = await chartOf('metastatic-untreated', {
      draft: 'doxorubicin',
      editDraft: (text) => {
        const bundle = JSON.parse(text) as { entry: object[] };
        return JSON.stringify({ ...bundle, entry: [...bundle.entry, ...bundle.entry] });
      },
    });
    const [card] = shown(replacing, signing, twice);
    expect(card?.suggestions[1]?.actions.map(({ type }) => type)).toEqual(['delete', 'create']);
  });

  test('two drafts are both removed', async () => {
    const two = await chartOf('metastatic-untreated', {
      draft: 'doxorubicin',
      editDraft: (text) => {
        const bundle = JSON.parse(text) as { entry: { resource: object }[] };
        const second = { resource: { ...bundle.entry[0]?.resource, id: 'second' } };
        return JSON.stringify({ ...bundle, entry: [...bundle.entry, second] });
      },
    });
    const [card] = shown(replacing, signing, two);
    expect(card?.suggestions[1]?.actions.map(({ type }) => type)).toEqual(['delete', 'delete', 'create']);
  });

  test.each<[string, unknown, boolean]>([
    ['that holds', 'metastatic', true],
    ['that does not hold', { not: 'metastatic' }, false],
    ['that is unknown', 'progression-on-immunotherapy', false],
  ])('one with a condition %s', (_claim, when, isThere) => {
    const [card] = shown(oneCard({ suggestions: [{ label: 'I will see to it', when }] }));
    expect(card?.suggestions).toEqual(
      isThere ? [{ label: 'I will see to it', isRecommended: false, actions: [] }] : [],
    );
  });

  test.each<[string, unknown, boolean]>([
    ['always', true, true],
    ['never', false, false],
    ['under a condition that holds', 'metastatic', true],
    ['under a condition that does not hold', { not: 'metastatic' }, false],
    ['under a condition that is unknown', 'progression-on-immunotherapy', false],
  ])('one recommended %s', (_claim, recommended, isRecommended) => {
    const [card] = shown(oneCard({ suggestions: [{ label: 'I will see to it', recommended }] }));
    expect(card?.suggestions.map((suggestion) => suggestion.isRecommended)).toEqual([isRecommended]);
  });

  test('an order names the encounter, the ordering user and the Condition that decided', () => {
    const card = oneCard({ suggestions: [{ label: 'Order it', create: 'mri-brain' }] });
    const [made] = shown(card, { encounterId: 'e1', userId: 'Practitioner/u1' });
    expect(made?.suggestions[0]?.actions[0]).toMatchObject({
      description: 'Order MRI brain without and with contrast',
      resource: {
        subject: { reference: 'Patient/metastatic-untreated' },
        encounter: { reference: 'Encounter/e1' },
        requester: { reference: 'Practitioner/u1' },
        reasonReference: [{ reference: expect.stringMatching(/^Condition\/metastatic-untreated-/) }],
      },
    });
  });
});

describe('weight and age', () => {
  test('an adult weight is not put into any text', async () => {
    const adult = await chartOf('eighteen-today');
    const text = oneCard({ summary: 'Consider {{ weight.kg }}|{{ weight.doseMg }}|{{ weight.date }} of it' });
    expect(shown(text, {}, adult)[0]?.summary).toBe('Consider || of it');
  });

  test("a child's dose is computed from the weight by the order of the card", async () => {
    const child = await chartOf('child-9y');
    const text = oneCard({
      summary: 'Consider {{ weight.doseMg }} mg for {{ weight.kg }} kg of it',
      suggestions: [{ label: 'Order {{ weight.doseMg }} mg', create: 'atezolizumab-15-mg-per-kg-q3w' }],
    });
    const [card] = shown(text, {}, child);
    expect(card?.summary).toBe('Consider 420 mg for 28 kg of it');
    expect(card?.suggestions[0]?.label).toBe('Order 420 mg');
  });

  test('an order with a dose for this patient is marked, and no fixed one is', async () => {
    const drugsFor = async (patient: string) =>
      shown(guideline, { maxCards: 0 }, await chartOf(patient)).flatMap(({ suggestions }) =>
        suggestions.flatMap(({ actions }) =>
          actions.flatMap((action) =>
            action.type === 'create' && action.resource.resourceType === 'MedicationRequest'
              ? [[action.description.split(' (')[0], action.details]]
              : [],
          ),
        ),
      );
    expect(await drugsFor('child-9y')).toEqual([['Order atezolizumab 420 mg IV every 3 weeks', 'patient-specific']]);
    const adult = await drugsFor('metastatic-untreated');
    expect(adult.length).toBeGreaterThan(2);
    expect(adult.filter(([, details]) => details !== undefined)).toEqual([]);
  });

  const resource = {
    resourceType: 'MedicationRequest',
    medicationCodeableConcept: { text: 'Pazopanib' },
    dosageInstruction: [{ text: 'Daily', doseAndRate: [{ doseQuantity: { unit: 'mg' } }] }],
  };
  const order = { id: 'o', description: 'Order pazopanib', resource };

  test.each<[string, Content, 'patient-specific' | undefined]>([
    ['of which nothing is filled in', order, undefined],
    ['with a dose by weight that no text names', { ...order, dose: { mgPerKg: 1, maxMg: 9 } }, 'patient-specific'],
    [
      'that names the weight in its description',
      { ...order, description: 'For {{ weight.kg }} kg' },
      'patient-specific',
    ],
    [
      'with a date of its own',
      { ...order, description: 'Order it for {{ values["interval-ct-due"] }}' },
      'patient-specific',
    ],
    [
      'that names it in its text',
      { ...order, resource: { ...resource, medicationCodeableConcept: { text: 'For {{ weight.kg }} kg' } } },
      'patient-specific',
    ],
  ])('an order of a site %s', (_what, own, details) => {
    const card = plainCard('a', { suggestions: [{ label: 'Order it', create: 'o' }] });
    const site = loadGuideline(new Map([...folderOfCards(card), ['orders/o.yaml', stringify(own)]]));
    const [action] = shown(site)[0]?.suggestions[0]?.actions ?? [];
    expect(action).toMatchObject({ type: 'create' });
    expect(action?.type === 'create' ? action.details : 'none').toBe(details);
  });

  test('an order that a site has written without variables is marked while its button names a dose by weight', () => {
    const suggestions = [{ label: 'Order {{ weight.doseMg }} mg', create: 'o' }];
    const site = loadGuideline(
      new Map([...folderOfCards(plainCard('a', { suggestions })), ['orders/o.yaml', stringify(order)]]),
    );
    expect(shown(site)[0]?.suggestions[0]?.actions).toMatchObject([{ details: 'patient-specific' }]);
  });

  test('of two children in a row each has its own dose', async () => {
    const charts = [await chartOf('child-9y'), await chartOf('child-12y-pounds'), await chartOf('day-before-18')];
    const doses = [...charts, ...charts].map((chart) => {
      const [card] = shown(guideline, {}, chart).filter(({ id }) => id === 'atezolizumab-first-line');
      return /(\d+) mg\.\n/.exec(card?.detail ?? '')?.[1];
    });
    expect(doses).toEqual(['420', '600', '858', '420', '600', '858']);
  });
});

test('the same chart on the same occasion gets the same cards', () => {
  expect(shown(guideline, signing, drafting)).toEqual(shown(guideline, signing, drafting));
});
