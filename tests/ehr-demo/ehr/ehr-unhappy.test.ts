import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { callSigner, createSigningKey } from '../../../src/ehr-demo/call-signer.ts';
import { createEhr, type Ehr, type EhrOptions } from '../../../src/ehr-demo/ehr/ehr.ts';
import { SERVICE_SCOPES } from '../../../src/ehr-demo/ehr/service-scopes.ts';
import type { Session } from '../../../src/ehr-demo/ehr/session.ts';
import type { Resource } from '../../../src/ehr-demo/patient-store.ts';
import { serve } from '../../support/http.ts';
import { type Answering, discovery, type FakeService, json, plainCard, serveFake } from './fake-service.ts';
import { memoryRecords } from './memory-records.ts';

const PATIENTS: readonly Resource[] = [
  { resourceType: 'Patient', id: 'p1' },
  { resourceType: 'Patient', id: 'p2' },
];
const key = await createSigningKey();

let fake: FakeService;
let ehr: Ehr;
let id: string;
let records: ReturnType<typeof memoryRecords>;
beforeEach(async () => {
  fake = await serveFake();
  records = memoryRecords(PATIENTS);
  start();
});
afterEach(() => fake.close());

function start(own: Partial<EhrOptions> = {}): void {
  ehr = createEhr({
    publicUrl: fake.url,
    fhirBaseUrl: 'https://ehr.example/fhir',
    openFhirBaseUrl: 'https://ehr.example/open/fhir',
    records,
    signer: (character) => callSigner(`https://ehr.example/${character}`, key),
    issueToken: async () => 'token',
    launch: ({ patient, user, appContext }) => `${patient} ${user} ${appContext}`,
    watchTraffic: () => ({ stop: () => [] }),
    ...own,
  });
  ({ id } = ehr.session(undefined));
}

const open = (patientId = 'p1') => ehr.openChart(id, patientId);
const pick = (orderable = 'acetaminophen') => ehr.pickOrder(id, 'p1', orderable);
const sign = (anyway = false) => ehr.sign(id, 'p1', { anyway });
const summaries = ({ cards }: Session) => cards.map(({ card }) => card.summary);
const statuses = () => [...records.kept.values()].flatMap(({ status }) => status ?? []);

/** Answers when told to, and tells when it was asked. */
function answerLater(): { readonly asked: Promise<unknown>; readonly answer: (answering: Answering) => void } {
  const asked = Promise.withResolvers<void>();
  const answering = Promise.withResolvers<Answering>();
  fake.on('hook', async (body, response, request) => {
    asked.resolve();
    (await answering.promise)(body, response, request);
  });
  return { asked: asked.promise, answer: answering.resolve };
}

const FAULTS: readonly (readonly [string, Answering, RegExp])[] = [
  ['an error', json({ error: 'broken' }, 500), /It answered with 500/],
  [
    'its reason in an OperationOutcome',
    json({ resourceType: 'OperationOutcome', issue: [{ diagnostics: 'The chart is out of reach' }] }, 412),
    /It answered with 412: The chart is out of reach\./,
  ],
  ['no JSON', (_body, response) => response.end('<html>It works!</html>'), /What it answered are no cards\./],
  ['nothing', (_body, response) => response.writeHead(204).end(), /It answered with 204/],
  ['JSON of another kind', json(['cards']), /What it answered are no cards\./],
  ['a way to somebody else', (_body, response) => response.writeHead(302, { location: '/elsewhere' }).end(), /302/],
  ['more than anybody reads', (_body, response) => response.end(' '.repeat(5_000_001)), /longer than 5 MB\./],
  [
    'half of it',
    (_body, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"cards":');
      setImmediate(() => response.destroy());
    },
    /Its answer broke off\.|It cannot be reached\./,
  ],
  ['by hanging up', (_body, response) => response.destroy(), /It cannot be reached\./],
];

describe.each(FAULTS)('a service that answers %s', (_what, answering, reason) => {
  beforeEach(() => fake.on('hook', answering));

  test('brings no cards, and the reason is said', async () => {
    const session = await open();
    expect(session.cards).toEqual([]);
    expect(session.notice).toMatch(/^There is no advice from the decision support service\. /);
    expect(session.notice).toMatch(reason);
    expect(session.exchanges[0]).toMatchObject({ about: 'patient-view', response: expect.anything() });
  });

  test('does not keep an order from being signed, and that is said', async () => {
    await pick();
    const session = await sign();
    expect(session.notice).toMatch(/^Signed: 1 order\. There is no advice from the decision support service\. [^.]+/);
    expect(session.signing).toBe('idle');
    expect(statuses()).toEqual(['active']);
  });

  test('does not keep a problem from being added', async () => {
    const { notice } = await ehr.addProblem(id, 'p1', 'hypertension');
    expect(notice).toMatch(/^Added: Essential hypertension\. There is no advice/);
    expect([...records.kept.values()]).toContainEqual(expect.objectContaining({ resourceType: 'Condition' }));
  });
});

test('a redirection is not followed: the JWT is for one address', async () => {
  fake.on('hook', (_body, response) => response.writeHead(307, { location: '/elsewhere' }).end());
  await open();
  expect(fake.requests.map(({ path }) => path)).toEqual(['/cds-services', '/cds-services/fake-patient-view']);
});

test('a service that does not answer in time is not waited for', async () => {
  start({ patienceMs: 50 });
  fake.on('hook', () => {});
  await pick();
  expect((await sign()).notice).toMatch(/^Signed: 1 order\. There is no advice .* It did not answer within 0\.05 s\.$/);
});

test('where no service is, the EHR works without', async () => {
  const gone = await serve(() => {});
  await gone.close();
  start({ publicUrl: gone.url });
  expect((await open()).notice).toMatch(/It cannot be reached\.$/);
  await pick();
  expect((await sign()).notice).toMatch(/^Signed: 1 order\./);
  expect(statuses()).toEqual(['active']);
});

describe('discovery', () => {
  test.each<[string, Answering, RegExp]>([
    ['refused', json({}, 401), /Discovery was answered with 401/],
    ['of another kind', json({ services: 'all' }), /no list of services/],
    ['no JSON', (_body, response) => response.end('{'), /no list of services/],
  ])('%s is said, and tried again', async (_what, answering, reason) => {
    fake.on('discovery', answering);
    expect((await open()).notice).toMatch(reason);
    fake.on('discovery', json(discovery));
    expect(summaries(await open())).toEqual(['Consider this']);
  });

  test('without a service for the hook: nobody is asked', async () => {
    fake.on('discovery', json({ services: [] }));
    expect((await open()).notice).toBe('The service offers nothing for patient-view.');
    expect(fake.requests).toHaveLength(1);
  });

  test('is asked once by two charts that open at the same time', async () => {
    const { id: other } = ehr.session(undefined);
    await Promise.all([open(), ehr.openChart(other, 'p1')]);
    expect(fake.requests.filter(({ path }) => path === '/cds-services')).toHaveLength(1);
  });

  test('gets no other scopes, whatever it asks for in prefetch', async () => {
    const issued: unknown[] = [];
    start({
      issueToken: async ({ scopes }) => {
        issued.push(scopes);
        return 'token';
      },
    });
    const prefetch = {
      a: 'Appointment?patient={{context.patientId}}',
      odd: '{{context.patientId}}',
    };
    fake.on('discovery', json({ services: [{ id: 'a', hook: 'patient-view', prefetch }] }));
    await open();
    expect(issued).toEqual([SERVICE_SCOPES]);
  });

  test('may name a service as it likes', async () => {
    fake.on('discovery', json({ services: [{ id: '../a?b#c/ü', hook: 'patient-view' }] }));
    await open();
    expect(fake.requests.at(-1)?.path).toBe('/cds-services/..%2Fa%3Fb%23c%2F%C3%BC');
  });
});

test('cards that cannot be read are counted, and the others shown', async () => {
  fake.on('hook', json({ cards: [plainCard(), { summary: 'no source' }, null] }));
  const session = await open();
  expect(summaries(session)).toEqual(['Consider this']);
  expect(session.notice).toBe('1 card: 1 info. 2 cards could not be read and are not shown.');
});

test('of a thousand cards fifty are shown', async () => {
  fake.on('hook', json({ cards: Array.from({ length: 1000 }, () => plainCard()) }));
  const session = await open();
  expect(session.cards).toHaveLength(50);
  expect(session.notice).toBe('50 cards: 50 info. 950 more cards are not shown.');
});

test('a critical card holds the signature as a warning does, and an info card does not', async () => {
  fake.on('hook', json({ cards: [plainCard({ indicator: 'critical' })] }));
  await pick();
  expect(await sign()).toMatchObject({ signing: 'held' });
  expect(statuses()).toEqual(['draft']);
  fake.on('hook', json({ cards: [plainCard()] }));
  expect(await sign()).toMatchObject({
    signing: 'idle',
    notice: 'Signed: 1 order. 1 card about these orders: 1 info. Closed with the signature.',
    cards: [],
  });
  expect(statuses()).toEqual(['active']);
});

describe('an answer that comes too late', () => {
  const late = json({ cards: [plainCard({ summary: 'late', indicator: 'critical' })] });

  test('for a chart that is not open any more puts nothing on the screen of another', async () => {
    const { asked, answer } = answerLater();
    const opening = open('p1');
    await asked;
    ehr.enter(id, 'p2');
    answer(late);
    await opening;
    expect(ehr.session(id)).toMatchObject({ patientId: 'p2', cards: [], notice: '' });
  });

  test('for a chart that was left and entered again puts nothing on the screen', async () => {
    const { asked, answer } = answerLater();
    const opening = open('p1');
    await asked;
    ehr.enter(id, 'p2');
    ehr.enter(id, 'p1');
    answer(late);
    await opening;
    expect(ehr.session(id)).toMatchObject({ patientId: 'p1', cards: [] });
  });

  test('for another character puts nothing on the screen', async () => {
    const { asked, answer } = answerLater();
    const opening = open();
    await asked;
    ehr.become(id, 'minimal');
    answer(late);
    await opening;
    expect(ehr.session(id)).toMatchObject({ cards: [], notice: 'Now Minimal.' });
  });

  test('after a reset puts nothing on the screen', async () => {
    const { asked, answer } = answerLater();
    const opening = open();
    await asked;
    await ehr.reset(id);
    answer(late);
    await opening;
    expect(ehr.session(id).cards).toEqual([]);
  });

  test('does not overwrite what a newer call on the same hook has brought', async () => {
    const { asked, answer } = answerLater();
    const opening = open();
    await asked;
    fake.on('hook', json({ cards: [plainCard({ summary: 'newer' })] }));
    await open();
    answer(late);
    expect(summaries(await opening)).toEqual(['newer']);
  });

  test('on picking an order does not take away what order-sign has brought', async () => {
    const { asked, answer } = answerLater();
    const picking = pick();
    await asked;
    fake.on('hook', json({ cards: [plainCard({ summary: 'look again', indicator: 'warning' })] }));
    const { notice } = await sign();
    answer(late);
    await picking;
    expect(ehr.session(id)).toMatchObject({ signing: 'held', notice });
    expect(summaries(ehr.session(id))).toEqual(['look again']);
  });

  test('is in the list of exchanges all the same', async () => {
    const { asked, answer } = answerLater();
    const opening = open();
    await asked;
    ehr.enter(id, 'p2');
    answer(late);
    await opening;
    expect(ehr.session(id).exchanges[0]?.response).toMatchObject({ status: 200 });
  });

  test('says nothing of an order that was removed meanwhile', async () => {
    const { asked, answer } = answerLater();
    const picking = pick();
    await asked;
    const reference = [...records.kept.keys()].find((name) => name.startsWith('MedicationRequest/')) ?? '';
    await ehr.removeDraft(id, 'p1', reference);
    answer(late);
    await picking;
    expect(ehr.session(id)).toMatchObject({ cards: [], notice: 'The order is removed.' });
  });

  test.each<[string, () => unknown]>([
    ['another chart was opened', () => ehr.enter(id, 'p2')],
    ['another order was picked', () => void pick('ct-chest')],
  ])('signs nothing if %s: nobody would see what it says', async (_what, meanwhile) => {
    await pick();
    const { asked, answer } = answerLater();
    const signing = sign();
    await asked;
    await meanwhile();
    // Another pick is on file before the answer comes.
    while (statuses().length < 2 && ehr.session(id).patientId === 'p1') await new Promise(setImmediate);
    answer(json({ cards: [] }));
    await signing;
    expect(statuses()).not.toContain('active');
  });

  test('to the first of two clicks signs nothing twice', async () => {
    await pick();
    await Promise.all([sign(), sign()]);
    expect(statuses()).toEqual(['active']);
    expect(ehr.session(id).notice).toMatch(/^Signed: 1 order\./);
  });
});

describe('two clicks', () => {
  test.each<[string, () => Promise<Session>, RegExp]>([
    ['that pick an order', () => pick(), /^Picked: /],
    ['that add a problem', () => ehr.addProblem(id, 'p1', 'hypertension'), /^Added: /],
  ])('%s act once, and the second sees how things stand', async (_what, act, notice) => {
    await open();
    const size = records.kept.size;
    const { asked, answer } = answerLater();
    const first = act();
    await asked;
    expect((await act()).notice).toBe('1 card: 1 info.');
    answer(json({ cards: [] }));
    expect((await first).notice).toMatch(notice);
    expect(records.kept.size).toBe(size + 1);
    // What was done is done: it can be done again.
    await act();
    expect(records.kept.size).toBe(size + 2);
  });

  test('that sign act once', async () => {
    await pick();
    const { asked, answer } = answerLater();
    const first = sign();
    await asked;
    const count = fake.requests.length;
    await sign();
    expect(fake.requests).toHaveLength(count);
    answer(json({ cards: [] }));
    expect((await first).notice).toMatch(/^Signed: 1 order\./);
    expect(statuses()).toEqual(['active']);
  });

  test('on different orders pick both', async () => {
    await Promise.all([pick(), pick('ct-chest')]);
    expect(statuses()).toEqual(['draft', 'draft']);
  });

  test('in two browsers act both', async () => {
    const { id: other } = ehr.session(undefined);
    await Promise.all([pick(), ehr.pickOrder(other, 'p1', 'acetaminophen')]);
    expect(statuses()).toEqual(['draft', 'draft']);
  });

  test('one on Accept and one on Dismiss do not take the card from each other', async () => {
    const suggestions = [{ label: 'Understood', uuid: 'b' }];
    fake.on('hook', json({ cards: [plainCard({ uuid: 'a', suggestions })] }));
    const { cards } = await open();
    const card = cards[0]?.key ?? '';
    await Promise.all([ehr.accept(id, card, [0]), ehr.dismiss(id, card, {})]);
    expect(ehr.session(id)).toMatchObject({ cards: [{ state: 'accepted' }], notice: 'Accepted: Understood.' });
    const feedback = fake.requests.filter(({ path }) => path.endsWith('/feedback')).map(({ body }) => body);
    expect(feedback).toMatchObject([{ feedback: [{ outcome: 'accepted' }] }]);
  });
});

describe('once the chart has changed', () => {
  const suggestions = [{ label: 'Understood', uuid: 'b' }];
  const onFile = (summary: string, indicator = 'info') =>
    json({ cards: [plainCard({ uuid: summary, summary, indicator, suggestions })] });
  const states = () => ehr.session(id).cards.map(({ hook, state, card: { summary } }) => `${hook} ${summary} ${state}`);
  const CHANGES: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'by a signature',
      async () => {
        fake.on('hook', json({ cards: [] }));
        await pick();
        await sign();
      },
    ],
    [
      'by a problem',
      async () => {
        fake.on('hook', json({ cards: [] }));
        await ehr.addProblem(id, 'p1', 'hypertension');
      },
    ],
  ];

  test.each(CHANGES)('%s, a card from before cannot be accepted any more', async (_how, change) => {
    fake.on('hook', onFile('before'));
    const { cards } = await open();
    await change();
    expect(states()).toEqual(['patient-view before outdated']);
    const session = await ehr.accept(id, cards[0]?.key ?? '', [0]);
    expect(session.notice).toBe('This card is from before the chart changed. Ask again.');
    expect(states()).toEqual(['patient-view before outdated']);
    expect(fake.requests.some(({ path }) => path.endsWith('/feedback'))).toBe(false);
  });

  test.each(CHANGES)('%s, a card from before can be dismissed', async (_how, change) => {
    fake.on('hook', onFile('before'));
    const { cards } = await open();
    await change();
    expect(await ehr.dismiss(id, cards[0]?.key ?? '', {})).toMatchObject({ cards: [], notice: 'Dismissed.' });
    expect(fake.requests.at(-1)?.body).toMatchObject({ feedback: [{ card: 'before', outcome: 'overridden' }] });
  });

  test.each(CHANGES)('%s, a card that was accepted before stays so', async (_how, change) => {
    fake.on('hook', onFile('before'));
    const { cards } = await open();
    await ehr.accept(id, cards[0]?.key ?? '', [0]);
    await change();
    expect(states()).toEqual(['patient-view before accepted']);
  });

  test.each(CHANGES)('%s, cards that were on their way come as outdated, without a word', async (_how, change) => {
    const { asked, answer } = answerLater();
    const opening = open();
    await asked;
    await change();
    const { notice } = ehr.session(id);
    answer(onFile('before'));
    expect((await opening).notice).toBe(notice);
    expect(notice).toMatch(/^(?:Signed|Added): /);
    expect(states()).toEqual(['patient-view before outdated']);
  });

  test('cards on their way do not take the place of newer ones on their topic, or of their hook', async () => {
    fake.on('hook', onFile('earlier'));
    await open();
    const { asked, answer } = answerLater();
    const opening = open();
    await asked;
    fake.on('hook', onFile('same'));
    await ehr.addProblem(id, 'p1', 'hypertension');
    answer(json({ cards: [plainCard({ summary: 'same' }), plainCard({ summary: 'late', indicator: 'warning' })] }));
    await opening;
    expect(states()).toEqual([
      'patient-view late outdated',
      'problem-list-item-create same open',
      'patient-view earlier outdated',
    ]);
  });

  test('the cards of the problem itself are open, until the next change', async () => {
    fake.on('hook', onFile('before'));
    await open();
    fake.on('hook', onFile('after'));
    await ehr.addProblem(id, 'p1', 'hypertension');
    expect(states()).toEqual(['problem-list-item-create after open', 'patient-view before outdated']);
    fake.on('hook', json({ cards: [] }));
    await pick();
    await sign();
    expect(states()).toEqual(['problem-list-item-create after outdated', 'patient-view before outdated']);
  });

  test('to ask again takes the place of all cards of the chart, and of none about orders', async () => {
    fake.on('hook', onFile('before'));
    await open();
    fake.on('hook', onFile('after'));
    await ehr.addProblem(id, 'p1', 'hypertension');
    fake.on('hook', onFile('order'));
    await pick();
    fake.on('hook', onFile('again'));
    await open();
    expect(states()).toEqual(['patient-view again open', 'order-select order open']);
  });

  test('and the store refused to sign, nothing is outdated', async () => {
    records = memoryRecords(PATIENTS, (write) => write === 'update');
    start();
    fake.on('hook', onFile('before'));
    await open();
    await pick();
    await sign();
    expect(states()).toEqual(['order-sign before open', 'patient-view before open']);
  });
});

describe('when the store refuses', () => {
  const refusing = (what: string) => {
    records = memoryRecords(PATIENTS, (write) => write === what);
    start();
  };

  test('an order is not picked, and the reason is said', async () => {
    refusing('create');
    expect((await pick()).notice).toBe('Not picked: Acetaminophen (paracetamol). The store refuses this create.');
  });

  test('a problem is not added, the reason is said, and nobody is asked about it', async () => {
    refusing('create');
    const { cards } = await open();
    const session = await ehr.addProblem(id, 'p1', 'asps');
    expect(session.notice).toBe('Not added: Alveolar soft part sarcoma. The store refuses this create.');
    expect(session.cards).toEqual(cards);
    expect(fake.requests.map(({ path }) => path)).toEqual(['/cds-services', '/cds-services/fake-patient-view']);
  });

  test('orders are not signed, none of them', async () => {
    records = memoryRecords(
      PATIENTS,
      (write, { status, ['code']: code }) => write === 'update' && status === 'active' && code !== undefined,
    );
    start();
    await pick();
    await pick('ct-chest');
    expect((await sign()).notice).toMatch(/^The orders are not signed\. The store refuses this update\./);
    expect(statuses()).toEqual(['draft', 'draft']);
  });

  test('an order is not removed', async () => {
    refusing('delete');
    await pick();
    const reference = [...records.kept.keys()].find((name) => name.startsWith('MedicationRequest/')) ?? '';
    expect((await ehr.removeDraft(id, 'p1', reference)).notice).toBe('Not removed. The store refuses this delete.');
    expect(statuses()).toEqual(['draft']);
  });

  test('a suggestion is not accepted, not in part either, and no feedback says so', async () => {
    records = memoryRecords(PATIENTS, (_write, { ['note']: note }) => note === 'refuse');
    start();
    const subject = { reference: 'Patient/p1' };
    const creating = (more: object) => ({
      type: 'create',
      description: 'Order it',
      resource: { resourceType: 'ServiceRequest', status: 'draft', subject, ...more },
    });
    const suggestions = [{ label: 'Both', uuid: 'b', actions: [creating({}), creating({ note: 'refuse' })] }];
    fake.on('hook', json({ cards: [plainCard({ uuid: 'a', suggestions })] }));
    const { cards } = await open();
    const session = await ehr.accept(id, cards[0]?.key ?? '', [0]);
    expect(session.notice).toBe('Nothing was done. The store refuses this create.');
    expect(session.cards[0]?.state).toBe('open');
    expect(statuses()).toEqual([]);
    expect(fake.requests.some(({ path }) => path.endsWith('/feedback'))).toBe(false);
    // The button is there for another try.
    await ehr.accept(id, cards[0]?.key ?? '', [0]);
    expect(ehr.session(id).notice).toBe('Nothing was done. The store refuses this create.');
  });
});

describe('suggestions', () => {
  const suggestion = (uuid: string) => ({ label: `Suggestion ${uuid}`, uuid });
  const several = (selectionBehavior?: string) => {
    const suggestions = [suggestion('a'), suggestion('b'), suggestion('c')];
    fake.on(
      'hook',
      json({ cards: [plainCard({ uuid: 'card', suggestions, ...(selectionBehavior && { selectionBehavior }) })] }),
    );
  };
  const accept = async (...places: readonly number[]) => {
    const { cards } = await open();
    return ehr.accept(id, cards[0]?.key ?? '', places);
  };

  test('of which any may be taken are taken together', async () => {
    several('any');
    expect((await accept(2, 0, 2)).notice).toBe('Accepted: Suggestion c; Suggestion a.');
    expect(fake.requests.at(-1)?.body).toMatchObject({
      feedback: [{ outcome: 'accepted', acceptedSuggestions: [{ id: 'c' }, { id: 'a' }] }],
    });
  });

  test.each(['at-most-one', undefined, 'all'])(
    'of which one may be taken are not taken together: %j',
    async (behaviour) => {
      several(behaviour);
      expect((await accept(0, 1)).notice).toBe('Of this card one suggestion can be accepted: nothing was done.');
      expect((await accept(1)).notice).toBe('Accepted: Suggestion b.');
    },
  );

  test('of another patient are not carried out', async () => {
    const resource = { resourceType: 'ServiceRequest', status: 'draft', subject: { reference: 'Patient/p2' } };
    const actions = [{ type: 'create', description: 'Order it', resource }];
    fake.on('hook', json({ cards: [plainCard({ suggestions: [{ label: 'Order it', actions }] })] }));
    expect((await accept(0)).notice).toBe('Nothing was done. What is to be created is not of this patient.');
    expect(statuses()).toEqual([]);
  });
});

describe('feedback', () => {
  const dismiss = async () => {
    const { cards } = await open();
    return ehr.dismiss(id, cards[0]?.key ?? '', {});
  };
  beforeEach(() => fake.on('hook', json({ cards: [plainCard({ uuid: 'card' })] })));

  test.each<[string, Answering, RegExp]>([
    [
      'refuses',
      json({ resourceType: 'OperationOutcome', issue: [{ diagnostics: 'No' }] }, 400),
      /refused with 400: No\.$/,
    ],
    ['cannot be reached', (_body, response) => response.destroy(), /did not arrive\. It cannot be reached\.$/],
  ])('that the service %s is said, and the card is gone all the same', async (_what, answering, reason) => {
    fake.on('feedback', answering);
    const session = await dismiss();
    expect(session.notice).toMatch(/^Dismissed\. /);
    expect(session.notice).toMatch(reason);
    expect(session.cards).toEqual([]);
    expect(session.exchanges[0]?.about).toBe('feedback');
  });

  test('is not sent for a card without a uuid, and that is said', async () => {
    fake.on('hook', json({ cards: [plainCard()] }));
    expect((await dismiss()).notice).toBe('Dismissed. No feedback: the card has no uuid.');
    expect(fake.requests.some(({ path }) => path.endsWith('/feedback'))).toBe(false);
  });

  test('is not sent twice for two clicks on Dismiss', async () => {
    const { cards } = await open();
    const [first] = cards;
    await Promise.all([ehr.dismiss(id, first?.key ?? '', {}), ehr.dismiss(id, first?.key ?? '', {})]);
    expect(fake.requests.filter(({ path }) => path.endsWith('/feedback'))).toHaveLength(1);
  });
});

describe('a SMART link', () => {
  const links = [
    { label: 'Page', url: 'https://app.example/page', type: 'absolute' },
    {
      label: 'App',
      url: 'https://app.example/launch?a=1&iss=https://attacker.example#top',
      type: 'smart',
      appContext: '{"card":"a"}',
    },
    { label: 'Plain app', url: 'https://app.example/launch', type: 'smart' },
  ];
  beforeEach(() => fake.on('hook', json({ cards: [plainCard({ links })] })));
  const launch = async (link: number) => {
    const { cards } = await open();
    return ehr.launchLink(id, cards[0]?.key ?? '', link);
  };

  test('is launched in the context of the chart, with what the card says, and by this EHR alone', async () => {
    const url = new URL((await launch(1)) ?? '');
    expect(`${url.origin}${url.pathname}`).toBe('https://app.example/launch');
    expect(url.searchParams.getAll('iss')).toHaveLength(1);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      a: '1',
      iss: 'https://ehr.example/fhir',
      launch: 'p1 Practitioner/demo-clinician {"card":"a"}',
    });
  });

  test('may come without appContext', async () => {
    expect(new URL((await launch(2)) ?? '').searchParams.get('launch')).toBe(
      'p1 Practitioner/demo-clinician undefined',
    );
  });

  test.each([0, 3, -1, 0.5, Number.NaN])('is none where another link or none is: %d', async (link) => {
    expect(await launch(link)).toBeUndefined();
  });
});

test('the service is shown exactly as it spoke', async () => {
  const text = '{ "cards" : [ ] , "extra": "ä\\u0000" }\n';
  fake.on('hook', (_body, response) => response.writeHead(200, { 'x-request-id': '7' }).end(text));
  const { exchanges } = await open();
  expect(exchanges[0]?.response).toMatchObject({ status: 200, headers: { 'x-request-id': '7' }, body: text });
  expect(JSON.parse(exchanges[0]?.request.body ?? '')).toEqual(fake.requests.at(-1)?.body);
});

test('what the service asks of the FHIR server meanwhile is shown with the call', async () => {
  const exchange = { method: 'GET', path: 'Patient/p1', status: 200, milliseconds: 1, bytes: 2, token: 'token' };
  const watched: (string | undefined)[] = [];
  start({
    watchTraffic: (token) => {
      watched.push(token);
      return { stop: () => [exchange] };
    },
  });
  expect((await open()).exchanges[0]?.fhirTraffic).toEqual([exchange]);
  ehr.become(id, 'minimal');
  await open();
  expect(watched).toEqual(['token', undefined]);
});
