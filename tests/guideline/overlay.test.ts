import { describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { readCodedText } from '../../src/chart/coding.ts';
import { REQUIRED_VALUE_SETS } from '../../src/chart/terminology.ts';
import type { CardFile } from '../../src/guideline/card.ts';
import { GuidelineError, loadGuideline } from '../../src/guideline/load.ts';
import type { Overlay } from '../../src/guideline/overlay.ts';
import { recommend } from '../../src/guideline/recommend.ts';
import type { GuidelineFiles } from '../../src/guideline/source-file.ts';
import { type Content, changed, folderOfCards, folderWith, plainCard, problemsOf, shipped } from './folder.ts';
import { chartOf } from './patient-chart.ts';

jest.setTimeout(30_000);

const CARD = 'baseline-brain-mri.yaml';
const BECAUSE = 'because: The board wants it so.\n';

/** The parts of the guideline that most overlays here touch; the whole folder takes its time to load. */
const few: GuidelineFiles = new Map(
  [...folderWith({ 'drugs.yaml': '[]' })].filter(([path]) =>
    /^(schema\/.*|orders\/.*|(value-sets\/(cpt\/)?mri-brain\.json)|(guideline|sources|override-reasons|settings|drugs|baseline-brain-mri|record-stage)\.yaml)$/.test(
      path,
    ),
  ),
);

/** A few cards and what a guideline cannot do without, so that it loads. */
const small: GuidelineFiles = new Map([
  ...few,
  ...[...shipped].filter(
    ([path]) =>
      path.startsWith('value-sets/') && REQUIRED_VALUE_SETS.includes(path.slice('value-sets/'.length, -'.json'.length)),
  ),
]);

function overlayOf(files: Readonly<Record<string, string>>, folder = 'site/'): Overlay {
  return { folder, files: new Map(Object.entries(files)) };
}

const chart = await chartOf('metastatic-untreated');

/** What is wrong with the overlay. */
function faults(files: Readonly<Record<string, string>>, on: GuidelineFiles = few): readonly string[] {
  return problemsOf(on, [overlayOf(files)]).filter((problem) => problem.startsWith('site/'));
}

const SITE_ORDER = {
  id: 'mri-brain',
  description: 'Order MRI brain',
  resource: {
    resourceType: 'ServiceRequest',
    code: { coding: [{ system: 'https://h.example/orders', code: 'MRI-1', display: 'MRI brain' }], text: 'MRI brain' },
  },
};

function valueSet(compose: Content, id = 'mri-brain'): Readonly<Record<string, string>> {
  return {
    [`value-sets/${id}.json`]: JSON.stringify({ resourceType: 'ServiceRequest', id, compose }, undefined, 2).replace(
      'ServiceRequest',
      'ValueSet',
    ),
  };
}

const LOCAL = { system: 'https://h.example/orders', concept: [{ code: 'MRI-1', display: 'MRI brain' }] };

describe('what is wrong is named with file, line and field', () => {
  test.each<[claim: string, files: Readonly<Record<string, string>>, problems: readonly string[]]>([
    [
      'a card that there is not',
      { 'baseline-brain-mir.yaml': BECAUSE },
      ['site/baseline-brain-mir.yaml: there is no card baseline-brain-mir'],
    ],
    ['no reason', { [CARD]: 'priority: 5\n' }, [`site/${CARD}:1: / must have required property 'because'`]],
    [
      'an empty reason',
      { [CARD]: 'because: so\n' },
      [`site/${CARD}:1: /because must NOT have fewer than 10 characters`],
    ],
    [
      'a member that nobody knows',
      { [CARD]: `${BECAUSE}sumary: Consider something\n` },
      [`site/${CARD}:2: / must NOT have additional properties: sumary`],
    ],
    ...[
      'id: baseline-brain-mri',
      'version: 2.0.0',
      'when: metastatic',
      'statements: [S-001]',
      'sources: [portera-2001]',
      'alsoShow: [metastatic]',
      'evidenceLevel: guideline',
      'jurisdiction: [any]',
    ].map((line): [string, Readonly<Record<string, string>>, readonly string[]] => [
      `the guideline’s own ${line}`,
      { [CARD]: `${BECAUSE}${line}\n` },
      [`site/${CARD}:2: /${line.split(':')[0] ?? ''} cannot be changed by an overlay`],
    ]),
    [
      'a state that is none',
      { [CARD]: `${BECAUSE}state: hidden\n` },
      [`site/${CARD}:2: /state must be equal to one of the allowed values: on, shadow, off`],
    ],
    [
      'a hook that the card is not for',
      { [CARD]: `${BECAUSE}hooks:\n  - patient-view\n  - order-select\n` },
      [`site/${CARD}:4: /hooks/1 the card is not for order-select: an overlay can only take hooks away`],
    ],
    [
      'a condition on a hook',
      { [CARD]: `${BECAUSE}hooks:\n  - order-sign: metastatic\n` },
      [
        `site/${CARD}:3: /hooks/0 must be equal to one of the allowed values: patient-view, encounter-start, encounter-discharge, order-select, order-sign, order-dispatch, appointment-book, problem-list-item-create`,
      ],
    ],
    [
      'an unknown criterion in an indicator',
      { [CARD]: `${BECAUSE}indicator:\n  - warning: { any: [adult,\n      nobody] }\n  - info\n` },
      [`site/${CARD}:4: /indicator/0/warning/any/1 there is no criterion nobody`],
    ],
    [
      'a last indicator with a condition',
      { [CARD]: `${BECAUSE}indicator:\n  - warning: adult\n` },
      [`site/${CARD}:3: /indicator/0 the last indicator must have no condition`],
    ],
    [
      'an unknown criterion in a text',
      { [CARD]: `${BECAUSE}detail:\n  consider: x\n  evidence: 'Some evidence {{ facts["nobody"] }}'\n` },
      [`site/${CARD}:3: /detail/consider must NOT have fewer than 10 characters`],
    ],
    [
      'an unknown criterion in a part of the detail',
      {
        [CARD]: `${BECAUSE}detail:\n  consider: Consider something.\n  evidence: 'Some evidence {{ facts["nobody"] }}'\n`,
      },
      [`site/${CARD}:4: /detail/evidence there is no criterion nobody`],
    ],
    [
      'an unknown variable in a text',
      { [CARD]: `${BECAUSE}summary: Consider a {{ scanner }}\n` },
      [`site/${CARD}:2: /summary there is no variable scanner`],
    ],
    [
      'a part of the detail that there is not',
      { [CARD]: `${BECAUSE}detail:\n  note: Something else\n` },
      [`site/${CARD}:3: /detail must NOT have additional properties: note`],
    ],
    [
      'an order that there is not',
      { [CARD]: `${BECAUSE}suggestions:\n  - label: Order it\n    create: mri-brian\n` },
      [`site/${CARD}:4: /suggestions/0/create there is no order mri-brian`],
    ],
    [
      'an override reason that there is not',
      { [CARD]: `${BECAUSE}overrideReasons: [disagree, bored]\n` },
      [`site/${CARD}:2: /overrideReasons/1 there is no override reason bored`],
    ],
    [
      'a link that is not https',
      { [CARD]: `${BECAUSE}links:\n  - label: Protocol\n    url: http://h.example/protocol\n` },
      [`site/${CARD}:4: /links/0/url must match pattern "^https://"`],
    ],
    [
      'a day that is none',
      { [CARD]: `${BECAUSE}reviewDue: 2026-02-30\n` },
      [`site/${CARD}:2: /reviewDue must match format "date"`],
    ],
    [
      'YAML that is none',
      { [CARD]: `${BECAUSE}priority: [5\n` },
      [`site/${CARD}:3: Flow sequence in block collection must be sufficiently indented and end with a ]`],
    ],
    [
      'the same member twice',
      { [CARD]: `${BECAUSE}priority: 5\npriority: 6\n` },
      [`site/${CARD}:3: Map keys must be unique`],
    ],
    [
      'an alias',
      { [CARD]: `${BECAUSE}hooks: &h [patient-view]\nlinks: *h\n` },
      [`site/${CARD}: aliases (*name) are not allowed`],
    ],
    [
      'a setting that nobody knows',
      { 'settings.yaml': '# ours\nbrainMriIntervalMonths: 3\n' },
      ['site/settings.yaml:2: / must NOT have additional properties: brainMriIntervalMonths'],
    ],
    [
      'a setting out of its bounds',
      { 'settings.yaml': 'workUpDays: 90\nbrainImagingIntervalMonths: 0\n' },
      ['site/settings.yaml:2: /brainImagingIntervalMonths must be >= 1'],
    ],
    [
      'settings that exclude each other',
      { 'settings.yaml': 'transitionAge:\n  from: 21\n  to: 18\n' },
      ['site/settings.yaml:1: /transitionAge must have a from that is not above its to'],
    ],
    [
      'half of a setting',
      { 'settings.yaml': 'intervalCtDays: { least: 60 }\n' },
      ["site/settings.yaml:1: /intervalCtDays must have required property 'most'"],
    ],
    [
      'no setting at all',
      { 'settings.yaml': '{}\n' },
      ['site/settings.yaml:1: / must NOT have fewer than 1 properties'],
    ],
    [
      'nothing in the file',
      { 'settings.yaml': '# brainImagingIntervalMonths: 3\n' },
      ['site/settings.yaml:1: / must be object'],
    ],
    [
      'an order of another name',
      { 'orders/mri-brain.yaml': stringify({ ...SITE_ORDER, id: 'mri-head' }) },
      ['site/orders/mri-brain.yaml:1: /id is mri-head; file and id must agree'],
    ],
    [
      'an order that nothing creates',
      { 'orders/mri-brian.yaml': stringify({ ...SITE_ORDER, id: 'mri-brian' }) },
      ['site/orders/mri-brian.yaml:1: /id there is no order mri-brian to replace, and no card creates one'],
    ],
    [
      'an order of another type',
      {
        'orders/mri-brain.yaml': stringify({
          ...SITE_ORDER,
          resource: { resourceType: 'MedicationRequest', medicationCodeableConcept: { text: 'Contrast' } },
        }),
      },
      ['site/orders/mri-brain.yaml:4: /resource/resourceType must be ServiceRequest, as in the order it replaces'],
    ],
    [
      'an order with a patient',
      { 'orders/mri-brain.yaml': stringify({ ...SITE_ORDER, resource: { ...SITE_ORDER.resource, subject: {} } }) },
      ['site/orders/mri-brain.yaml:3: /resource must NOT be valid'],
    ],
    [
      'an order without a code',
      { 'orders/mri-brain.yaml': stringify({ ...SITE_ORDER, resource: { resourceType: 'ServiceRequest' } }) },
      ["site/orders/mri-brain.yaml:3: /resource must have required property 'code'"],
    ],
    [
      'an order whose code has no text',
      { 'orders/mri-brain.yaml': stringify({ ...SITE_ORDER, resource: { resourceType: 'ServiceRequest', code: {} } }) },
      ["site/orders/mri-brain.yaml:5: /resource/code must have required property 'text'"],
    ],
    [
      'an order with an unknown variable',
      { 'orders/mri-brain.yaml': stringify({ ...SITE_ORDER, description: 'Order MRI {{ dose }}' }) },
      ['site/orders/mri-brain.yaml:2: /description there is no variable dose'],
    ],
    [
      'a value set that there is not',
      valueSet({ include: [LOCAL] }, 'mri-brian'),
      ['site/value-sets/mri-brian.json:3: /id there is no value set mri-brian'],
    ],
    [
      'a value set of another name',
      { 'value-sets/ct-head.json': valueSet({ include: [LOCAL] })['value-sets/mri-brain.json'] ?? '' },
      ['site/value-sets/ct-head.json:3: /id is mri-brain; file and id must agree'],
    ],
    [
      'a code to leave out that is not in it',
      valueSet({ exclude: [{ system: 'http://loinc.org', concept: [{ code: '1-1' }] }] }),
      [
        'site/value-sets/mri-brain.json:10: /compose/exclude/0/concept/0/code the value set has no code 1-1 of http://loinc.org',
      ],
    ],
    [
      'a pattern that is none',
      valueSet({ include: [{ system: 'https://h.example', filter: [{ property: 'code', op: 'regex', value: '(' }] }] }),
      ['site/value-sets/mri-brain.json:5: /compose/include Invalid regular expression: /(/: Unterminated group'],
    ],
    [
      'concepts outside compose',
      {
        'value-sets/mri-brain.json':
          '{ "resourceType": "ValueSet",\n "id": "mri-brain", "compose": { "include": [{ "system": "https://h.example" }] },\n "concept": [] }',
      },
      [
        'site/value-sets/mri-brain.json:3: / must NOT have additional properties: concept',
        'site/value-sets/mri-brain.json:2: /compose/include/0 must NOT have fewer than 2 properties',
      ],
    ],
    [
      'what an overlay says of itself, half',
      { 'overlay.yaml': 'name: Site\nversion: 1.0.0\nmaintainer: Informatics\n' },
      ["site/overlay.yaml:1: / must have required property 'date'"],
    ],
    [
      'another file of the guideline',
      { 'sources.yaml': '[]', 'drugs.yaml': '[]' },
      ['site/drugs.yaml: cannot be changed by an overlay', 'site/sources.yaml: cannot be changed by an overlay'],
    ],
    [
      'files that nothing reads',
      {
        'record-stage.yml': BECAUSE,
        'order/x.yaml': '',
        'value-sets/cpt/x.json': '{}',
        'schema/card.schema.json': '{}',
      },
      [
        'site/order/x.yaml: is no part of an overlay',
        'site/record-stage.yml: is no part of an overlay',
        'site/schema/card.schema.json: is no part of an overlay',
        'site/value-sets/cpt/x.json: is no part of an overlay',
      ],
    ],
    ['nothing at all', {}, ['site/: holds no overlay: neither a .yaml nor a .json file']],
  ])('%s', (_claim, files, problems) => {
    expect(faults(files)).toEqual(problems);
  });

  test('a summary that would be cut, with the longest wording', () => {
    const summary = `{% if facts["adult"] == "no" %}${'long '.repeat(30)}{% else %}Consider something{% endif %}`;
    expect(faults({ [CARD]: BECAUSE + stringify({ summary }) })).toEqual([
      `site/${CARD}:2: /summary can be 149 characters long; at most 139 are shown: ${'long '.repeat(30).trim()}`,
    ]);
  });

  test('a detail that nobody would read to its end', () => {
    const detail = { consider: 'Consider it. '.repeat(60), evidence: 'Some evidence. '.repeat(30) };
    expect(faults({ [CARD]: BECAUSE + stringify({ detail }) })).toEqual([
      expect.stringMatching(
        /:2: \/detail can be 1\d{3} characters long in all its parts; at most 1000 can be read at a glance$/,
      ),
    ]);
  });

  test('all codes of a value set left out', () => {
    const only = JSON.stringify({
      resourceType: 'ValueSet',
      id: 'mri-brain',
      compose: { include: [LOCAL] },
    });
    const base = new Map([...few].filter(([path]) => path !== 'value-sets/cpt/mri-brain.json')).set(
      'value-sets/mri-brain.json',
      only,
    );
    expect(faults(valueSet({ exclude: [LOCAL] }), base)).toEqual([
      'site/value-sets/mri-brain.json:5: /compose/exclude leaves the value set without a code',
    ]);
  });

  test('everything at once, and nothing is loaded', () => {
    const overlays = [
      overlayOf({ 'settings.yaml': 'workUpDays: -1\n', [CARD]: `${BECAUSE}when: adult\n` }),
      overlayOf({ 'nobody.yaml': BECAUSE }, 'ward/'),
    ];
    expect(() => loadGuideline(small, overlays)).toThrow(GuidelineError);
    expect(problemsOf(small, overlays)).toEqual([
      'site/settings.yaml:1: /workUpDays must be >= 0',
      `site/${CARD}:2: /when cannot be changed by an overlay`,
      'ward/nobody.yaml: there is no card nobody',
    ]);
  });
});

describe('what an overlay changes', () => {
  const base = loadGuideline(small);

  function cardWith(change: string, id = 'baseline-brain-mri') {
    const { cards, off } = loadGuideline(small, [overlayOf({ [`${id}.yaml`]: BECAUSE + change })]);
    const card = [...cards, ...off].find(({ file }) => file.id === id);
    if (card === undefined) throw new Error(`no card ${id}`);
    return card;
  }
  const own = base.cards.find(({ file }) => file.id === 'baseline-brain-mri')?.file;

  test.each<[string, string, Partial<CardFile>]>([
    ['nothing but the reason', '', {}],
    ['a priority', 'priority: 7\n', { priority: 7 }],
    ['a title', 'title: Brain MRI here\n', { title: 'Brain MRI here' }],
    ['a summary', 'summary: Consider our MRI\n', { summary: 'Consider our MRI' }],
    ['an indicator', 'indicator: [critical]\n', { indicator: ['critical'] }],
    ['the suggestions, whole', 'suggestions:\n  - label: I will ask\n', { suggestions: [{ label: 'I will ask' }] }],
    ['override reasons', 'overrideReasons: [disagree]\n', { overrideReasons: ['disagree'] }],
    [
      'its review',
      'reviewed: 2026-12-01\nreviewDue: 2027-01-01\n',
      { reviewed: '2026-12-01', reviewDue: '2027-01-01' },
    ],
    [
      'links',
      'links: [{ label: Protocol, url: "https://h.example/p" }]\n',
      { links: [{ label: 'Protocol', url: 'https://h.example/p' }] },
    ],
  ])('%s, and nothing else of the card', (_what, change, expected) => {
    const { file, because } = cardWith(change);
    expect(file).toEqual({ ...own, ...expected });
    expect(because).toEqual(['The board wants it so.']);
  });

  test('one part of the detail, and the others stay', () => {
    expect(cardWith('detail:\n  consider: Consider our protocol.\n').file.detail).toEqual({
      ...own?.detail,
      consider: 'Consider our protocol.',
    });
  });

  test('hooks are taken away, and the condition of one that stays stays too', () => {
    expect([...cardWith('hooks: [order-sign]\n').hooks]).toEqual([['order-sign', 'staging-imaging-drafted']]);
  });

  test('settings, each by itself', () => {
    const settings = 'brainImagingIntervalMonths: 3\nsarcomaCentres: [General Hospital Sarcoma Centre]\n';
    expect(loadGuideline(small, [overlayOf({ 'settings.yaml': settings })]).settings).toEqual({
      ...base.settings,
      brainImagingIntervalMonths: 3,
      sarcomaCentres: ['General Hospital Sarcoma Centre'],
    });
  });

  test('an order, whole; and a new one that a card creates', () => {
    const another = { ...SITE_ORDER, id: 'mri-sedation', description: 'Order MRI in sedation' };
    const { cards } = loadGuideline(small, [
      overlayOf({
        'orders/mri-brain.yaml': stringify(SITE_ORDER),
        'orders/mri-sedation.yaml': stringify(another),
        [CARD]: `${BECAUSE}suggestions:\n  - { label: One, create: mri-brain }\n  - { label: Two, create: mri-sedation }\n`,
      }),
    ]);
    const { suggestions = [] } = cards.find(({ file }) => file.id === 'baseline-brain-mri') ?? {};
    expect(suggestions.map(({ order }) => order?.file)).toEqual([SITE_ORDER, another]);
  });

  test('the codes of a value set: some are added, some left out, those of a pattern and of CPT too', () => {
    const codes = (system: string, code: string) => readCodedText({ coding: [{ system, code }] });
    const { terminology } = loadGuideline(small, [
      overlayOf({
        ...valueSet({
          include: [
            LOCAL,
            { system: 'https://h.example/orders', filter: [{ property: 'code', op: 'regex', value: 'MB-.*' }] },
          ],
          exclude: [
            { system: 'http://loinc.org', concept: [{ code: '24590-2' }] },
            { system: 'http://www.ama-assn.org/go/cpt', concept: [{ code: '70551' }] },
          ],
        }),
        ...valueSet(
          { exclude: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', concept: [{ code: 'C79.51' }] }] },
          'metastasis-bone',
        ),
      }),
    ]);
    const isIn = (set: string, system: string, code: string) => [
      base.terminology.isIn(codes(system, code), set),
      terminology.isIn(codes(system, code), set),
      terminology.valueSetsOf(codes(system, code)).includes(set),
    ];
    expect(isIn('mri-brain', 'https://h.example/orders', 'MRI-1')).toEqual([false, true, true]);
    expect(isIn('mri-brain', 'https://h.example/orders', 'MB-7')).toEqual([false, true, true]);
    expect(isIn('mri-brain', 'http://loinc.org', '24590-2')).toEqual([true, false, false]);
    expect(isIn('mri-brain', 'http://loinc.org', '30657-1')).toEqual([true, true, true]);
    expect(isIn('mri-brain', 'http://www.ama-assn.org/go/cpt', '70551')).toEqual([true, false, false]);
    expect(isIn('metastasis-bone', 'http://hl7.org/fhir/sid/icd-10-cm', 'C79.51')).toEqual([true, false, false]);
    expect(terminology.tokens('mri-brain')).not.toContain('http://loinc.org|24590-2');
  });

  test('what it says of itself', () => {
    const about = { name: 'Site', version: '1.0.0', maintainer: 'Informatics', date: '2026-11-22' };
    expect(loadGuideline(small, [overlayOf({ 'overlay.yaml': stringify(about) })]).overlays).toEqual([about]);
  });

  test('a second overlay changes what the first left, and wins where both speak', () => {
    const { cards, settings } = loadGuideline(small, [
      overlayOf({
        [CARD]: `${BECAUSE}state: off\npriority: 7\n`,
        'settings.yaml': 'workUpDays: 10\nfewMetastaticSites: 3\n',
      }),
      overlayOf(
        {
          [CARD]: 'because: This ward wants it.\nstate: on\nsummary: Consider our MRI\n',
          'settings.yaml': 'workUpDays: 20\n',
        },
        'ward/',
      ),
    ]);
    const card = cards.find(({ file }) => file.id === 'baseline-brain-mri');
    expect(card).toMatchObject({ state: 'on', file: { priority: 7, summary: 'Consider our MRI' } });
    expect(card?.because).toEqual(['The board wants it so.', 'This ward wants it.']);
    expect(settings).toMatchObject({ workUpDays: 20, fewMetastaticSites: 3 });
  });

  test('a slip that comes of both layers is put where the part was written', () => {
    const broken = new Map([
      ...small,
      ...Object.entries(changed(CARD, (card) => (card['overrideReasons'] = ['bored']))),
    ]);
    const overlays = [overlayOf({ [CARD]: `${BECAUSE}summary: Consider {{ nothing }}\n` })];
    expect(problemsOf(broken, overlays)).toEqual([
      expect.stringMatching(/^site\/baseline-brain-mri\.yaml:2: \/summary there is no variable/),
      expect.stringMatching(
        /^cards\/baseline-brain-mri\.yaml:\d+: \/overrideReasons\/0 there is no override reason bored$/,
      ),
    ]);
  });

  test('every setting of the guideline can be changed', () => {
    const members = (name: string) =>
      Object.keys((JSON.parse(shipped.get(`schema/${name}.schema.json`) ?? '{}') as { properties: object }).properties);
    expect(members('overlay-settings').toSorted()).toEqual(members('settings').toSorted());
  });

  test('every member of a card is either changed or refused by name', () => {
    const members = (name: string) =>
      Object.keys((JSON.parse(shipped.get(`schema/${name}.schema.json`) ?? '{}') as { properties: object }).properties);
    expect(members('overlay-card').toSorted()).toEqual([...members('card'), 'because', 'state'].toSorted());
  });
});

describe('a card in shadow, and one switched off', () => {
  const cards = ['a', 'b', 'c'].map((id, at) => plainCard(id, { priority: at }));
  const states = (state: string, maxCards = 0) => {
    const files = { 'a.yaml': `${BECAUSE}state: ${state}\n` };
    const guideline = loadGuideline(folderOfCards(...cards), [overlayOf(files)]);
    const { shown, shadow } = recommend(guideline, chart, { hook: 'patient-view', today: '2026-11-22', maxCards });
    return {
      shown,
      ids: shown.map(({ id }) => id),
      shadow: shadow.map(({ id }) => id),
      off: guideline.off.map(({ file }) => file.id),
    };
  };

  test('shadow: it applies and nobody sees it', () => {
    expect(states('shadow')).toMatchObject({ ids: ['b', 'c'], shadow: ['a'], off: [] });
  });

  test('shadow: it takes no place from those that are shown, and is not among those left out', () => {
    expect(states('shadow', 2)).toMatchObject({ ids: ['b', 'c'], shadow: ['a'] });
    const { shown } = states('shadow', 1);
    expect(shown[0]?.detail).toContain('1 more card(s) apply: Title of c.');
  });

  test('off: it is not even evaluated', () => {
    expect(states('off')).toMatchObject({ ids: ['b', 'c'], shadow: [], off: ['a'] });
  });

  test('on: as if nothing were said', () => {
    expect(states('on')).toMatchObject({ ids: ['a', 'b', 'c'], shadow: [], off: [] });
  });
});

describe('any overlay', () => {
  const word = fc.constantFrom(
    'adult',
    'metastatic',
    'nobody',
    'info',
    'warning',
    'patient-view',
    'order-sign',
    'off',
    'shadow',
    'Consider something',
    'Consider {{ facts["adult"] }}',
    '{% if',
    'mri-brain',
    'disagree',
    '2026-01-01',
    '',
  );
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      word,
      fc.integer({ min: -1, max: 400 }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'any',
          'not',
          'info',
          'warning',
          'label',
          'create',
          'when',
          'consider',
          'least',
          'most',
          'system',
          'code',
          'concept',
          'include',
          'exclude',
          'resourceType',
          '__proto__',
        ),
        tie('value'),
        { maxKeys: 3 },
      ),
    ),
  })).value;
  const member = fc.constantFrom(
    'because',
    'state',
    'title',
    'summary',
    'detail',
    'hooks',
    'indicator',
    'priority',
    'suggestions',
    'overrideReasons',
    'links',
    'when',
    'workUpDays',
    'intervalCtDays',
    'sarcomaCentres',
    'id',
    'resource',
    'compose',
    'name',
    '__proto__',
  );
  const text = fc.oneof(
    fc
      .dictionary(member, value, { maxKeys: 4 })
      .map((content) => stringify({ because: 'The board wants it so.', ...content })),
    fc.dictionary(member, value, { maxKeys: 4 }).map((content) => JSON.stringify(content)),
    fc.string(),
  );
  const path = fc.constantFrom(
    CARD,
    'record-stage.yaml',
    'settings.yaml',
    'overlay.yaml',
    'orders/mri-brain.yaml',
    'value-sets/mri-brain.json',
    'nobody.yaml',
  );
  /** What speaks against how the overlay was taken: a problem without a place, or a card that does not stand by itself. */
  function complaints(files: Readonly<Record<string, string>>): readonly string[] {
    try {
      const { cards, off } = loadGuideline(small, [overlayOf(files)]);
      const merged = [...cards, ...off].map(
        ({ file }) => [`${file.id}.yaml`, stringify(file, { aliasDuplicateObjects: false })] as const,
      );
      return problemsOf(new Map([...small, ...merged]));
    } catch (error) {
      if (!(error instanceof GuidelineError)) throw error;
      if (error.problems.length === 0) return ['refused without a problem'];
      return error.problems.filter((problem) => !/^site\/[\w./-]+:(\d+:)? /.test(problem));
    }
  }

  test('is refused with the places of what is wrong, or gives a guideline whose cards stand by themselves', () => {
    fc.assert(
      fc.property(fc.dictionary(path, text, { minKeys: 1, maxKeys: 3 }), (files) => {
        expect(complaints(files)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
