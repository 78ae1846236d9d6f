import { describe, expect, test } from '@jest/globals';
import { criteriaOf } from '../../src/guideline/compile.ts';
import { GuidelineError, loadGuideline } from '../../src/guideline/load.ts';
import { type Content, changed, folderOfCards, folderWith, plainCard, problemsOf, shipped } from './folder.ts';

const CARD = 'baseline-brain-mri.yaml';
const ORDER = 'orders/atezolizumab-15-mg-per-kg-q3w.yaml';

type Files = Readonly<Record<string, string | undefined>>;
type Rule = readonly [claim: string, files: Files, file: string, problem: RegExp];

const onCard = (claim: string, change: (card: Content) => unknown, problem: RegExp): Rule => [
  claim,
  changed(CARD, change),
  CARD,
  problem,
];
const onOrder = (claim: string, change: (order: Content) => unknown, problem: RegExp): Rule => [
  claim,
  changed(ORDER, change),
  ORDER,
  problem,
];

/** Changes the first item of a file that is a list. */
function onFirst(file: string) {
  return (claim: string, change: (item: Content) => unknown, problem: RegExp): Rule => [
    claim,
    changed(file, (list) => change((list as unknown as Content[])[0] ?? {})),
    file,
    problem,
  ];
}
const onSource = onFirst('sources.yaml');
const onReason = onFirst('override-reasons.yaml');
const onDrug = onFirst('drugs.yaml');

const onGuideline = (claim: string, change: (file: Content) => unknown, problem: RegExp): Rule => [
  claim,
  changed('guideline.yaml', change),
  'guideline.yaml',
  problem,
];

/** The rule that a member must be there, once for each. */
function required(on: (claim: string, change: (item: Content) => unknown, problem: RegExp) => Rule, members: string[]) {
  return members.map((member) =>
    on(`without ${member}`, (item) => delete item[member], new RegExp(`must have required property '${member}'`)),
  );
}

/** One card, one order and what they refer to: most rules need no more, and a folder of 90 files takes its time. */
const SMALL = new Set([
  CARD,
  ORDER,
  'orders/mri-brain.yaml',
  'guideline.yaml',
  'sources.yaml',
  'override-reasons.yaml',
]);
const OTHERS = Object.fromEntries(
  [...shipped.keys()]
    .filter((path) => !SMALL.has(path) && !path.startsWith('schema/'))
    .map((path) => [path, undefined]),
);

/** What is wrong with one file of the folder, in which these are changed. */
function problemsWith(files: Files, file: string): string {
  const folder = file === 'drugs.yaml' ? files : { ...OTHERS, 'drugs.yaml': '[]', ...files };
  return problemsOf(folderWith(folder))
    .filter((one) => one.startsWith(`cards/${file}:`))
    .join('\n');
}

test('the shipped folder has no problem', () => {
  expect(problemsOf(shipped)).toEqual([]);
});

describe('every problem is named at once, each with its file', () => {
  test('problems of many files', () => {
    const problems = problemsOf(
      folderWith({
        'guideline.yaml': undefined,
        'sources.yaml': 'just text',
        ...changed(CARD, (card) => Object.assign(card, { title: '', priority: -1 })),
        ...changed(ORDER, (order) => delete order['description']),
        'value-sets/asps.json': '{',
        'record-stage.yaml': 'id: [',
      }),
    );
    for (const file of [
      'cards/guideline.yaml: missing',
      'cards/sources.yaml:1: / must be array',
      `cards/${CARD}:2: /title`,
      `cards/${CARD}:26: /priority`,
      `cards/${ORDER}:1: /`,
      'cards/value-sets/asps.json: is not JSON',
      'cards/record-stage.yaml:1: ',
    ]) {
      expect(problems.join('\n')).toContain(file);
    }
  });

  test('and the message lists them, one a line', () => {
    const files = folderWith({ 'guideline.yaml': undefined, 'sources.yaml': undefined });
    expect(() => loadGuideline(files)).toThrow(GuidelineError);
    expect(() => loadGuideline(files)).toThrow(
      /^The guideline has \d+ problem\(s\):\n- cards\/guideline\.yaml: missing\n- cards\/sources\.yaml: missing/,
    );
  });
});

describe('files', () => {
  test.each(['guideline.yaml', 'sources.yaml', 'override-reasons.yaml', 'drugs.yaml'])('%s is missing', (file) => {
    expect(problemsOf(folderWith({ [file]: undefined }))).toContain(`cards/${file}: missing`);
  });

  test.each(['card', 'order', 'guideline', 'sources', 'drugs', 'override-reasons'])(
    'the schema of %s is missing',
    (name) => {
      const file = `schema/${name}.schema.json`;
      expect(problemsOf(folderWith({ [file]: undefined }))).toContain(`cards/${file}: missing`);
    },
  );

  test('there is no file at all', () => {
    expect(problemsOf(new Map())).toEqual(
      expect.arrayContaining(['cards/guideline.yaml: missing', 'there is no card']),
    );
  });

  test('there is no card', () => {
    expect(problemsOf(folderOfCards())).toEqual(['there is no card']);
  });

  test.each<Rule>([
    ['that is no YAML', { [CARD]: 'id: [a' }, CARD, /Flow sequence/],
    ['with the same key twice', { [CARD]: `${shipped.get(CARD)}\ntitle: Another` }, CARD, /Map keys must be unique/],
    ['of two documents', { [CARD]: `${shipped.get(CARD)}\n---\nid: x\n` }, CARD, /multiple documents/i],
    ['that is empty', { [CARD]: '' }, CARD, /must be object/],
    ['that is text', { [CARD]: 'text' }, CARD, /must be object/],
    [
      'whose id is another',
      { 'other.yaml': shipped.get(CARD) },
      'other.yaml',
      /the id is baseline-brain-mri; file and id must agree/,
    ],
  ])('a card %s', (_claim, files, file, problem) => {
    expect(problemsWith(files, file)).toMatch(problem);
  });

  test('an order whose id is another', () => {
    expect(problemsWith({ 'orders/x.yaml': shipped.get(ORDER) }, 'orders/x.yaml')).toMatch(/file and id must agree/);
  });

  test('files in other folders are no cards', () => {
    expect(problemsOf(folderWith({ 'drafts/x.yaml': 'id: [', 'README.md': 'x' }))).toEqual([]);
  });
});

describe('references', () => {
  test.each<Rule>([
    onCard(
      'an unknown criterion in when',
      (card) => (card['when'] = { all: ['asps-established', { not: 'nobody' }] }),
      /no criterion nobody/,
    ),
    onCard(
      'an unknown criterion on a hook',
      (card) => (card['hooks'] = [{ 'patient-view': 'nobody' }]),
      /no criterion nobody/,
    ),
    onCard(
      'an unknown criterion of an indicator',
      (card) => (card['indicator'] = [{ warning: 'nobody' }, 'info']),
      /no criterion nobody/,
    ),
    onCard(
      'an unknown criterion of a suggestion',
      (card) => (card['suggestions'] = [{ label: 'Abc', when: 'nobody' }]),
      /no criterion nobody/,
    ),
    onCard(
      'an unknown criterion of a recommendation',
      (card) => (card['suggestions'] = [{ label: 'Abc', recommended: { not: 'nobody' } }]),
      /no criterion nobody/,
    ),
    onCard('an unknown criterion in alsoShow', (card) => (card['alsoShow'] = ['nobody']), /no criterion nobody/),
    onCard(
      'an unknown criterion in the summary',
      (card) => (card['summary'] = 'Consider {{ facts["nobody"] }}'),
      /no criterion nobody/,
    ),
    onCard(
      'an unknown criterion in a label',
      (card) => (card['suggestions'] = [{ label: 'A {{ facts["nobody"] }}' }]),
      /no criterion nobody/,
    ),
    ...['consider', 'evidence', 'regulatory'].map((part) =>
      onCard(
        `an unknown criterion in ${part}`,
        (card) =>
          Object.assign(card['detail'] as Content, { [part]: '{% if facts["nobody"] == "no" %}abc{% endif %}' }),
        /no criterion nobody/,
      ),
    ),
    onCard(
      'a criterion that is a member of every object',
      (card) => (card['when'] = 'constructor'),
      /no criterion constructor/,
    ),
    onCard('an unknown source', (card) => (card['sources'] = ['portera-2001', 'nobody-2001']), /no source nobody-2001/),
    onCard(
      'an unknown override reason',
      (card) => (card['overrideReasons'] = ['disagree', 'bored']),
      /no override reason bored/,
    ),
    onCard(
      'an unknown order',
      (card) => (card['suggestions'] = [{ label: 'Abc', create: 'nothing' }]),
      /no order nothing/,
    ),
    onCard(
      'an unknown order to take over',
      (card) => (card['suggestions'] = [{ label: 'Abc', update: 'drafts', to: 'nothing' }]),
      /no order nothing/,
    ),
    onCard(
      'an order without a dosage to take over',
      (card) => (card['suggestions'] = [{ label: 'Abc', update: 'drafts', to: 'mri-brain' }]),
      /the order mri-brain has no dosage/,
    ),
    onCard('an unknown variable', (card) => (card['summary'] = 'Consider {{ patient }}'), /no variable patient/),
    onCard(
      'an unknown filter',
      (card) => (card['summary'] = 'Consider {{ orderedDrugs | shout }}'),
      /undefined filter/,
    ),
    onCard(
      'a condition without an end',
      (card) => (card['summary'] = 'Consider {% if facts["adult"] == "yes" %}'),
      /not closed/,
    ),
    onCard(
      'a last indicator with a condition',
      (card) => (card['indicator'] = ['info', { warning: 'metastatic' }]),
      /the last indicator must have no condition/,
    ),
    onOrder(
      'an unknown variable in an order',
      (order) => (order['resource'] = { resourceType: 'ServiceRequest', code: { text: '{{ name }}' } }),
      /no variable name/,
    ),
    onOrder(
      'an unknown variable in the description of an order',
      (order) => (order['description'] = 'Order {{ dose.mg }}'),
      /no variable dose/,
    ),
    [
      'a drug without its value set',
      { 'value-sets/drug-sunitinib.json': undefined },
      'drugs.yaml',
      /sunitinib: there is no value set drug-sunitinib/,
    ],
  ])('%s', (_claim, files, file, problem) => {
    expect(problemsWith(files, file)).toMatch(problem);
  });
});

describe('value sets', () => {
  test.each<Rule>([
    ['that is no JSON', { 'value-sets/asps.json': '{"id":' }, 'value-sets/asps.json', /is not JSON/],
    ['without an id', { 'value-sets/asps.json': '{"resourceType":"ValueSet"}' }, 'value-sets/asps.json', /has no id/],
    [
      'with a filter that is no regex',
      {
        'value-sets/asps.json': JSON.stringify({
          resourceType: 'ValueSet',
          id: 'asps',
          compose: { include: [{ filter: [{ property: 'concept', op: 'is-a', value: '1' }] }] },
        }),
      },
      'value-sets/asps.json',
      /a filter other than a regex on code/,
    ],
    [
      'with a regex that is none',
      {
        'value-sets/asps.json': JSON.stringify({
          resourceType: 'ValueSet',
          id: 'asps',
          compose: { include: [{ filter: [{ property: 'code', op: 'regex', value: '(' }] }] },
        }),
      },
      'value-sets/asps.json',
      /Invalid regular expression/,
    ],
  ])('a value set %s', (_claim, files, file, problem) => {
    expect(problemsWith(files, file)).toMatch(problem);
  });

  test('those of CPT can be left out', () => {
    const cpt = [...shipped.keys()].filter((path) => path.startsWith('value-sets/cpt/'));
    expect(cpt.length).toBeGreaterThan(0);
    expect(problemsOf(folderWith(Object.fromEntries(cpt.map((path) => [path, undefined]))))).toEqual([]);
  });
});

const CARD_MEMBERS =
  'id title version reviewed reviewDue statements sources evidenceLevel jurisdiction hooks priority when indicator summary detail overrideReasons'.split(
    ' ',
  );
const LONG = 'x'.repeat(200);

describe('the schema of a card', () => {
  test.each<Rule>([
    ...required(onCard, CARD_MEMBERS),
    onCard('a member that nobody knows', (card) => (card['colour'] = 'red'), /must NOT have additional properties/),
    onCard('an id that is not kebab-case', (card) => (card['id'] = 'Brain_MRI'), /\/id must match pattern/),
    onCard('an id that is too long', (card) => (card['id'] = LONG), /\/id must NOT have more than 60/),
    onCard('a title that is too short', (card) => (card['title'] = 'ab'), /\/title must NOT have fewer/),
    onCard('a title that is too long', (card) => (card['title'] = LONG), /\/title must NOT have more/),
    onCard('a version of two numbers', (card) => (card['version'] = '1.0'), /\/version must match pattern/),
    onCard('a day that is none', (card) => (card['reviewed'] = '2026-02-30'), /\/reviewed must match format "date"/),
    onCard('a review due that is no day', (card) => (card['reviewDue'] = 'next year'), /\/reviewDue must match format/),
    onCard('no statement', (card) => (card['statements'] = []), /\/statements must NOT have fewer/),
    onCard(
      'a statement of another form',
      (card) => (card['statements'] = ['S-1']),
      /\/statements\/0 must match pattern/,
    ),
    onCard(
      'a statement twice',
      (card) => (card['statements'] = ['S-001', 'S-001']),
      /\/statements must NOT have duplicate/,
    ),
    onCard('no source', (card) => (card['sources'] = []), /\/sources must NOT have fewer/),
    onCard(
      'a source twice',
      (card) => (card['sources'] = ['portera-2001', 'portera-2001']),
      /\/sources must NOT have duplicate/,
    ),
    onCard('a source that is no id', (card) => (card['sources'] = ['Portera 2001']), /\/sources\/0 must match pattern/),
    onCard('another evidence level', (card) => (card['evidenceLevel'] = 'strong'), /\/evidenceLevel must be equal/),
    onCard('no jurisdiction', (card) => (card['jurisdiction'] = []), /\/jurisdiction must NOT have fewer/),
    onCard('another jurisdiction', (card) => (card['jurisdiction'] = ['Mars']), /\/jurisdiction\/0 must be equal/),
    onCard('no hook', (card) => (card['hooks'] = []), /\/hooks must NOT have fewer/),
    onCard('an unknown hook', (card) => (card['hooks'] = ['patient-viewed']), /\/hooks\/0 must be equal/),
    onCard(
      'an unknown hook with a condition',
      (card) => (card['hooks'] = [{ 'patient-viewed': 'metastatic' }]),
      /\/hooks\/0 property name must be valid/,
    ),
    onCard(
      'two hooks in one',
      (card) => (card['hooks'] = [{ 'order-sign': 'metastatic', 'patient-view': 'adult' }]),
      /\/hooks\/0 must NOT have more/,
    ),
    onCard('a priority below 0', (card) => (card['priority'] = -1), /\/priority must be >= 0/),
    onCard('a priority above 399', (card) => (card['priority'] = 400), /\/priority must be <= 399/),
    onCard('a priority with a fraction', (card) => (card['priority'] = 1.5), /\/priority must be integer/),
    onCard('no indicator', (card) => (card['indicator'] = []), /\/indicator must NOT have fewer/),
    onCard('another indicator', (card) => (card['indicator'] = ['hard-stop']), /\/indicator\/0 must be equal/),
    onCard(
      'another indicator with a condition',
      (card) => (card['indicator'] = [{ stop: 'adult' }, 'info']),
      /\/indicator\/0 property name/,
    ),
    onCard('a summary that is too short', (card) => (card['summary'] = 'Consider'), /\/summary must NOT have fewer/),
    onCard('alsoShow that is no list', (card) => (card['alsoShow'] = 'metastatic'), /\/alsoShow must be array/),
    ...['consider', 'evidence', 'regulatory'].map((part) =>
      onCard(
        `a detail without ${part}`,
        (card) => delete (card['detail'] as Content)[part],
        new RegExp(`/detail must have required property '${part}'`),
      ),
    ),
    ...['consider', 'evidence', 'regulatory'].map((part) =>
      onCard(
        `a detail with nothing under ${part}`,
        (card) => Object.assign(card['detail'] as Content, { [part]: '' }),
        new RegExp(`/detail/${part} must NOT have fewer`),
      ),
    ),
    onCard(
      'a detail with another part',
      (card) => Object.assign(card['detail'] as Content, { more: 'x' }),
      /\/detail must NOT have additional/,
    ),
    onCard(
      'a suggestion without a label',
      (card) => (card['suggestions'] = [{ create: 'mri-brain' }]),
      /\/suggestions\/0 must have required property 'label'/,
    ),
    onCard(
      'a label that is too short',
      (card) => (card['suggestions'] = [{ label: 'OK' }]),
      /\/suggestions\/0\/label must NOT have fewer/,
    ),
    onCard(
      'a suggestion with another member',
      (card) => (card['suggestions'] = [{ label: 'Abc', modify: 'x' }]),
      /\/suggestions\/0 must NOT have additional/,
    ),
    onCard(
      'a suggestion that deletes anything else',
      (card) => (card['suggestions'] = [{ label: 'Abc', delete: 'all' }]),
      /\/suggestions\/0\/delete must be equal/,
    ),
    onCard(
      'a suggestion that updates and does not say to what',
      (card) => (card['suggestions'] = [{ label: 'Abc', update: 'drafts' }]),
      /\/suggestions\/0 must have property to/,
    ),
    onCard(
      'a suggestion with a dosage and no draft for it',
      (card) => (card['suggestions'] = [{ label: 'Abc', to: 'mri-brain' }]),
      /\/suggestions\/0 must have property update/,
    ),
    onCard(
      'a suggestion that updates and creates',
      (card) => (card['suggestions'] = [{ label: 'Abc', update: 'drafts', to: 'mri-brain', create: 'mri-brain' }]),
      /\/suggestions\/0 must NOT be valid/,
    ),
    onCard(
      'a suggestion that creates what is no id',
      (card) => (card['suggestions'] = [{ label: 'Abc', create: 'MRI' }]),
      /\/suggestions\/0\/create must match/,
    ),
    onCard(
      'a recommendation that is neither a yes or no nor a condition',
      (card) => (card['suggestions'] = [{ label: 'Abc', recommended: 7 }]),
      /\/suggestions\/0\/recommended must/,
    ),
    onCard('no override reason', (card) => (card['overrideReasons'] = []), /\/overrideReasons must NOT have fewer/),
    onCard(
      'an override reason twice',
      (card) => (card['overrideReasons'] = ['disagree', 'disagree']),
      /\/overrideReasons must NOT have duplicate/,
    ),
    onCard('a condition of nothing', (card) => (card['when'] = { all: [] }), /\/when\/all must NOT have fewer/),
    onCard(
      'a condition with two operators',
      (card) => (card['when'] = { all: ['adult'], any: ['adult'] }),
      /\/when must match exactly one schema/,
    ),
    onCard(
      'a condition with an unknown operator',
      (card) => (card['when'] = { xor: ['adult'] }),
      /\/when must match exactly one schema/,
    ),
    onCard('a list where a condition belongs', (card) => (card['when'] = ['adult']), /\/when must/),
    onCard('a yes where a criterion belongs', (card) => (card['when'] = { not: true }), /\/when\/not must be string/),
    onCard(
      'a slip deep in a condition',
      (card) => (card['when'] = { all: [{ not: { possibly: { any: [7] } } }] }),
      /any\/0 must be string/,
    ),
  ])('%s', (_claim, files, file, problem) => {
    expect(problemsWith(files, file)).toMatch(problem);
  });
});

describe('the schema of an order', () => {
  test.each<Rule>([
    ...required(onOrder, ['id', 'description', 'resource']),
    onOrder('a member that nobody knows', (order) => (order['x'] = 1), /must NOT have additional/),
    onOrder('an id that is not kebab-case', (order) => (order['id'] = 'A b'), /\/id must match pattern/),
    onOrder(
      'a description that is too short',
      (order) => (order['description'] = 'x'),
      /\/description must NOT have fewer/,
    ),
    onOrder(
      'a dose without its cap',
      (order) => (order['dose'] = { mgPerKg: 15 }),
      /\/dose must have required property 'maxMg'/,
    ),
    onOrder(
      'a dose without its weight',
      (order) => (order['dose'] = { maxMg: 15 }),
      /\/dose must have required property 'mgPerKg'/,
    ),
    onOrder('a dose of nothing', (order) => (order['dose'] = { mgPerKg: 0, maxMg: 1 }), /\/dose\/mgPerKg must be > 0/),
    onOrder('a cap of nothing', (order) => (order['dose'] = { mgPerKg: 1, maxMg: 0 }), /\/dose\/maxMg must be > 0/),
    onOrder(
      'a dose with another member',
      (order) => (order['dose'] = { mgPerKg: 1, maxMg: 1, min: 1 }),
      /\/dose must NOT have additional/,
    ),
    onOrder(
      'another type of resource',
      (order) => (order['resource'] = { resourceType: 'Task' }),
      /\/resource\/resourceType must be equal/,
    ),
    onOrder(
      'no type of resource',
      (order) => (order['resource'] = {}),
      /\/resource must have required property 'resourceType'/,
    ),
    ...['subject', 'status', 'intent', 'reasonReference', 'requester', 'encounter'].map((member) =>
      onOrder(
        `a ${member}, which the call gives`,
        (order) => Object.assign(order['resource'] as Content, { [member]: 'x' }),
        /\/resource must NOT be valid/,
      ),
    ),
  ])('%s', (_claim, files, file, problem) => {
    expect(problemsWith(files, file)).toMatch(problem);
  });
});

describe('the schemas of the other files', () => {
  test.each<Rule>([
    ...required(onGuideline, ['name', 'version', 'topicSystem', 'overrideReasonSystem', 'limits']),
    onGuideline('a member that nobody knows', (file) => (file['x'] = 1), /must NOT have additional/),
    onGuideline('a name that is too short', (file) => (file['name'] = 'x'), /\/name must NOT have fewer/),
    onGuideline('a version that is none', (file) => (file['version'] = '1'), /\/version must match pattern/),
    onGuideline(
      'a system that is no URI',
      (file) => (file['topicSystem'] = 'cards'),
      /\/topicSystem must match format "uri"/,
    ),
    onGuideline(
      'another system that is no URI',
      (file) => (file['overrideReasonSystem'] = 'x y'),
      /\/overrideReasonSystem must match format "uri"/,
    ),
    onGuideline('limits that say nothing', (file) => (file['limits'] = '-'), /\/limits must NOT have fewer/),
    ...required(onSource, ['id', 'label', 'level', 'population']),
    onSource('a member that nobody knows', (source) => (source['x'] = 1), /\/0 must NOT have additional/),
    onSource('an id that is not kebab-case', (source) => (source['id'] = 'A'), /\/0\/id must match pattern/),
    onSource('a label that is too long', (source) => (source['label'] = LONG), /\/0\/label must NOT have more/),
    onSource('another level', (source) => (source['level'] = 'rumour'), /\/0\/level must be equal/),
    onSource('a year that is none', (source) => (source['year'] = 1900), /\/0\/year must be >= 1950/),
    onSource(
      'a URL of another scheme',
      (source) => (source['url'] = 'ftp://x.example/y'),
      /\/0\/url must match pattern/,
    ),
    onSource('a URL that is none', (source) => (source['url'] = 'https://x y'), /\/0\/url must match format "uri"/),
    onSource('an empty population', (source) => (source['population'] = ''), /\/0\/population must NOT have fewer/),
    onSource('an empty regulator', (source) => (source['regulator'] = ''), /\/0\/regulator must NOT have fewer/),
    onSource('an empty note', (source) => (source['note'] = ''), /\/0\/note must NOT have fewer/),
    ...required(onReason, ['code', 'display']),
    onReason('a member that nobody knows', (reason) => (reason['x'] = 1), /\/0 must NOT have additional/),
    onReason('a code that is not kebab-case', (reason) => (reason['code'] = 'A b'), /\/0\/code must match pattern/),
    onReason('a display that is too long', (reason) => (reason['display'] = LONG), /\/0\/display must NOT have more/),
    onReason('an HL7 code without display', (reason) => (reason['hl7'] = { code: 'x' }), /\/0\/hl7 must have required/),
    onReason(
      'an HL7 code that is none',
      (reason) => (reason['hl7'] = { code: 'A B', display: 'Abc' }),
      /\/0\/hl7\/code must match pattern/,
    ),
    ...required(onDrug, ['drug', 'class', 'names']),
    onDrug('a member that nobody knows', (drug) => (drug['x'] = 1), /\/0 must NOT have additional/),
    onDrug('another class', (drug) => (drug['class'] = 'vitamin'), /\/0\/class must be equal/),
    onDrug(
      'a value set that is not of drugs',
      (drug) => (drug['valueSet'] = 'asps'),
      /\/0\/valueSet must match pattern/,
    ),
    onDrug('no name', (drug) => (drug['names'] = []), /\/0\/names must NOT have fewer/),
    onDrug(
      'a name too short to be told from other words',
      (drug) => (drug['names'] = ['ab']),
      /\/0\/names\/0 must NOT have fewer/,
    ),
  ])('%s', (_claim, files, file, problem) => {
    expect(problemsWith(files, file)).toMatch(problem);
  });
});

describe('a loaded guideline', () => {
  test('has its cards by priority, then by id', () => {
    const { cards } = loadGuideline(
      folderOfCards(
        plainCard('b', { priority: 10 }),
        plainCard('a', { priority: 20 }),
        plainCard('c', { priority: 10 }),
      ),
    );
    expect(cards.map(({ file }) => file.id)).toEqual(['b', 'c', 'a']);
  });

  test('knows the hooks of a card with their conditions, and its indicators in order', () => {
    const card = plainCard('a', {
      hooks: ['patient-view', { 'order-sign': { not: 'adult' } }],
      indicator: [{ critical: 'metastatic' }, 'warning'],
    });
    const [loaded] = loadGuideline(folderOfCards(card)).cards;
    expect([...(loaded?.hooks ?? [])]).toEqual([
      ['patient-view', undefined],
      ['order-sign', { not: 'adult' }],
    ]);
    expect(loaded?.indicators).toEqual([{ level: 'critical', when: 'metastatic' }, { level: 'warning' }]);
  });

  test('names every criterion of a card once, wherever it stands', () => {
    const card = plainCard('a', {
      hooks: [{ 'patient-view': 'adult' }],
      when: { all: ['asps-established', { not: 'metastatic' }] },
      indicator: [{ warning: 'unresectable' }, 'info'],
      alsoShow: ['recent-weight'],
      summary: 'Consider {{ facts["stage-found"] }} and {{ facts["metastatic"] }}',
      suggestions: [{ label: 'A {{ facts["under-2"] }}', when: 'ordering' }],
    });
    const [loaded] = loadGuideline(folderOfCards(card)).cards;
    expect(loaded === undefined ? [] : [...criteriaOf(loaded)].toSorted()).toEqual([
      'adult',
      'asps-established',
      'metastatic',
      'ordering',
      'recent-weight',
      'stage-found',
      'under-2',
      'unresectable',
    ]);
  });
});
