import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../../../src/cds-hooks/json.ts';
import { draftsIn } from '../../../src/ehr-demo/ehr/ehr.ts';
import type { Exchange } from '../../../src/ehr-demo/ehr/exchange.ts';
import type { Session, ShownCard } from '../../../src/ehr-demo/ehr/session.ts';
import { TODAY } from '../../support/service.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const PATIENT = 'metastatic-untreated';
const RANKS = ['critical', 'warning', 'info'];

let place: Workplace;
let id: string;
beforeAll(async () => {
  place = await openWorkplace();
});
afterAll(() => place.close());
beforeEach(() => {
  id = place.ehr.session(undefined).id;
  place.feedback.kept.length = 0;
});
afterEach(() => place.ehr.reset(id));

const open = () => place.ehr.openChart(id, PATIENT);
const pick = (orderable = 'doxorubicin') => place.ehr.pickOrder(id, PATIENT, orderable);
const sign = (anyway = false) => place.ehr.sign(id, PATIENT, { anyway });

async function drafts(patientId = PATIENT) {
  const chart = await place.records.chartOf(patientId);
  if (chart === undefined) throw new Error(`no chart of ${patientId}`);
  return draftsIn(chart);
}

async function activeOrders(patientId = PATIENT) {
  const chart = await place.records.chartOf(patientId);
  return (chart?.resources ?? []).filter(
    ({ resourceType, status }) => resourceType.endsWith('Request') && status === 'active',
  );
}

function sent({ exchanges: [exchange] }: Session): JsonObject {
  const body: unknown = JSON.parse(exchange?.request.body ?? 'null');
  if (!isJsonObject(body)) throw new Error('nothing was sent');
  return body;
}

function latest({ exchanges }: Session, about: string): Exchange {
  const found = exchanges.find((exchange) => exchange.about === about);
  if (found === undefined) throw new Error(`no exchange about ${about}`);
  return found;
}

/** The first card of this hook on which something can be accepted. */
function suggesting({ cards }: Session, hook: string, label: RegExp): { readonly key: string; readonly at: number } {
  for (const { key, card, hook: of } of cards) {
    const at = (card.suggestions ?? []).findIndex((suggestion) => label.test(suggestion.label));
    if (of === hook && at !== -1) return { key, at };
  }
  throw new Error(`no card of ${hook} suggests ${label}`);
}

function byHook(cards: readonly ShownCard[]): ReadonlySet<string> {
  return new Set(cards.map(({ hook }) => hook));
}

describe('opening a chart', () => {
  test('brings cards, the most urgent first, and says how many', async () => {
    const session = await open();
    expect(session.cards.length).toBeGreaterThan(1);
    expect(session.patientId).toBe(PATIENT);
    expect(byHook(session.cards)).toEqual(new Set(['patient-view']));
    const ranks = session.cards.map(({ card }) => RANKS.indexOf(card.indicator));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(session.notice).toBe('4 cards: 1 warning, 3 info.');
    expect(new Set(session.cards.map(({ key }) => key)).size).toBe(session.cards.length);
  });

  test('where the guideline has nothing to say, says so', async () => {
    const session = await place.ehr.openChart(id, 'primary-care');
    expect(session.cards).toEqual([]);
    expect(session.notice).toBe('No cards: the guideline has nothing to say.');
  });

  test.each(['nobody', '', '../primary-care', '__proto__', 'Patient/primary-care'])(
    'of a patient who is not there, says so and asks nobody: %j',
    async (patientId) => {
      const session = await place.ehr.openChart(id, patientId);
      expect(session).toMatchObject({
        patientId: undefined,
        cards: [],
        exchanges: [],
        notice: 'There is no such patient.',
      });
    },
  );

  test('sends a signed call with prefetch and a token for what the service asks for, and no more', async () => {
    const session = await open();
    const { request, response, milliseconds, fhirTraffic } = latest(session, 'patient-view');
    const body = sent(session);
    const { access_token: token, ...authorization } = body['fhirAuthorization'] as JsonObject;
    expect(request).toMatchObject({
      method: 'POST',
      headers: { authorization: expect.stringMatching(/^Bearer eyJ/), 'content-type': 'application/json' },
    });
    expect(request.url).toMatch(/\/cds-services\/asps-patient-view$/);
    expect(body).toMatchObject({
      hook: 'patient-view',
      hookInstance: expect.stringMatching(/^[0-9a-f-]{36}$/),
      fhirServer: place.fhirBaseUrl,
      context: { userId: 'Practitioner/demo-clinician', patientId: PATIENT },
      prefetch: { patient: { id: PATIENT } },
    });
    expect(body).not.toHaveProperty('extension');
    expect(authorization).toEqual({
      token_type: 'Bearer',
      expires_in: 300,
      scope: expect.stringMatching(/^patient\/CareTeam\.rs patient\/Condition\.rs .*patient\/Medication\.rs /),
      subject: 'asps-cds-service',
      patient: PATIENT,
    });
    expect(token).toEqual(expect.any(String));
    expect(authorization['scope']).not.toMatch(/\*|Practitioner|user\/|system\/|\.(?!rs)/);
    expect(place.issued.at(-1)).toEqual({
      scopes: String(authorization['scope']).split(' '),
      patient: PATIENT,
      client: 'asps-cds-service',
      seconds: 300,
    });
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('json') } });
    expect(milliseconds).toBeGreaterThan(0);
    expect(fhirTraffic).toEqual([]);
  });

  test('gives the records the address that they have on the FHIR server', async () => {
    const { prefetch } = sent(await open()) as { prefetch: Record<string, { entry?: { fullUrl: string }[] }> };
    expect(prefetch['conditions']?.entry?.[0]?.fullUrl).toMatch(new RegExp(`^${place.fhirBaseUrl}/Condition/`));
  });

  test('names the encounter under way', async () => {
    const { resources } = (await place.records.chartOf('primary-care')) ?? { resources: [] };
    const [visit] = resources.filter(({ resourceType }) => resourceType === 'Encounter');
    if (visit === undefined) throw new Error('no encounter on file');
    await place.records.change([{ kind: 'update', resource: { ...visit, status: 'in-progress' } }]);
    const { context } = sent(await place.ehr.openChart(id, 'primary-care'));
    expect(context).toMatchObject({ encounterId: visit.id });
  });

  test.each([PATIENT, 'primary-care'])('names no encounter where none is under way: %s', async (patientId) => {
    expect(sent(await place.ehr.openChart(id, patientId))['context']).not.toHaveProperty('encounterId');
  });

  test('reads discovery once for each character', async () => {
    await open();
    const { id: other } = place.ehr.session(undefined);
    const { exchanges } = await place.ehr.openChart(other, PATIENT);
    expect(exchanges.map(({ about }) => about)).toEqual(['patient-view']);
  });

  test('again takes the place of the cards that it brought before', async () => {
    const before = await open();
    const after = await open();
    expect(after.cards).toHaveLength(before.cards.length);
    expect(after.cards.map(({ key }) => key)).not.toEqual(before.cards.map(({ key }) => key));
  });
});

describe('ordering', () => {
  test('picking an order puts a draft on file, of today, and asks about that', async () => {
    const session = await pick();
    const [draft] = await drafts();
    expect(draft).toMatchObject({
      resourceType: 'MedicationRequest',
      status: 'draft',
      authoredOn: '2026-11-22',
      subject: { reference: `Patient/${PATIENT}` },
    });
    expect(sent(session)['context']).toMatchObject({
      selections: [`MedicationRequest/${draft?.id}`],
      draftOrders: { resourceType: 'Bundle', entry: [{ resource: { id: draft?.id } }] },
    });
    expect(session.notice).toBe('Picked: Doxorubicin. 2 cards about these orders: 1 warning, 1 info.');
    expect(byHook(session.cards)).toEqual(new Set(['order-select']));
  });

  test('a second pick sends all drafts and selects the new ones', async () => {
    await pick('ct-chest');
    const session = await pick('ifosfamide-gemcitabine');
    const context = sent(session)['context'] as { selections: string[]; draftOrders: { entry: unknown[] } };
    expect(context.draftOrders.entry).toHaveLength(3);
    expect(context.selections).toHaveLength(2);
    expect(context.selections.every((selection) => selection.startsWith('MedicationRequest/'))).toBe(true);
  });

  test('cards of the chart stay beside those of the order', async () => {
    await open();
    expect(byHook((await pick()).cards)).toEqual(new Set(['patient-view', 'order-select']));
  });

  test.each(['', 'nothing', '__proto__', '../patients/x'])(
    'an order that is not in the catalogue is none: %j',
    async (order) => {
      const { notice } = await pick(order);
      expect(notice).toBe('There is no such order to pick.');
      expect(await drafts()).toEqual([]);
    },
  );

  test('an order is removed with what was said of it', async () => {
    await open();
    await pick();
    const [draft] = await drafts();
    const session = await place.ehr.removeDraft(id, PATIENT, `MedicationRequest/${draft?.id}`);
    expect(await drafts()).toEqual([]);
    expect(byHook(session.cards)).toEqual(new Set(['patient-view']));
    expect(session.notice).toBe('The order is removed.');
  });

  test.each([`Patient/${PATIENT}`, `Condition/${PATIENT}-asps`, 'MedicationRequest/x', ''])(
    'what is no unsigned order is not removed: %j',
    async (reference) => {
      const before = await place.records.chartOf(PATIENT);
      const { notice } = await place.ehr.removeDraft(id, PATIENT, reference);
      expect(notice).toBe('There is no such unsigned order.');
      expect(await place.records.chartOf(PATIENT)).toMatchObject({ resources: before?.resources });
    },
  );

  test("another patient's unsigned order is not removed", async () => {
    await pick();
    const [draft] = await drafts();
    await place.ehr.removeDraft(id, 'primary-care', `MedicationRequest/${draft?.id}`);
    expect(await drafts()).toEqual([draft]);
  });

  test('a warning holds the signature, and the orders stay drafts', async () => {
    await pick();
    const session = await sign();
    expect(session).toMatchObject({
      signing: 'held',
      notice: 'Not signed yet: look again. 2 cards about these orders: 1 warning, 1 info.',
    });
    expect(byHook(session.cards)).toEqual(new Set(['order-sign']));
    expect(await drafts()).toHaveLength(1);
  });

  test('signed anyway, the orders are active, nobody is asked again, and their cards go', async () => {
    const before = await activeOrders();
    await open();
    await pick();
    const { exchanges } = await sign();
    const session = await sign(true);
    expect(session.exchanges).toEqual(exchanges);
    expect(session).toMatchObject({ signing: 'idle', notice: 'Signed: 1 order. The advice was overruled.' });
    expect(new Set(session.cards.map(({ hook, state }) => `${hook} ${state}`))).toEqual(
      new Set(['patient-view outdated']),
    );
    expect(await drafts()).toEqual([]);
    expect(await activeOrders()).toHaveLength(before.length + 1);
  });

  test('nothing is signed anyway that was not held before', async () => {
    await pick();
    expect(await sign(true)).toMatchObject({ signing: 'held' });
    expect(await drafts()).toHaveLength(1);
  });

  test('an order that came after the orders were held is not signed with them', async () => {
    await pick();
    await sign();
    const { id: colleague } = place.ehr.session(undefined);
    await place.ehr.pickOrder(colleague, PATIENT, 'ct-chest');
    await sign(true);
    expect(await drafts()).toMatchObject([{ resourceType: 'ServiceRequest' }]);
  });

  test('another pick takes the hold off', async () => {
    await pick();
    await sign();
    expect(await pick('ct-chest')).toMatchObject({ signing: 'idle' });
    expect(await sign(true)).toMatchObject({ signing: 'held' });
    expect(await drafts()).toHaveLength(2);
  });

  test('where nothing is said against it, an order is signed at once', async () => {
    await pick('acetaminophen');
    const session = await sign();
    expect(session).toMatchObject({
      signing: 'idle',
      notice: 'Signed: 1 order. No cards about these orders: the guideline has nothing to say.',
    });
    expect(await drafts()).toEqual([]);
  });

  test('without an order there is nothing to sign', async () => {
    expect(await sign()).toMatchObject({ notice: 'There is no order to sign.', exchanges: [] });
  });
});

describe('adding a problem', () => {
  const add = (problem: string) => place.ehr.addProblem(id, PATIENT, problem);
  const problems = async () => (await place.records.chartOf(PATIENT))?.byType('Condition') ?? [];

  test('keeps it, and then asks about it as it is on file', async () => {
    const before = await problems();
    const session = await add('brain-metastasis');
    const added = (await problems()).filter((problem) => !before.some((old) => old.id === problem.id));
    expect(added).toMatchObject([
      { code: { text: 'Secondary malignant neoplasm of brain' }, recordedDate: '2026-11-22' },
    ]);
    const context = sent(session)['context'] as { conditions: { entry: { resource: JsonObject }[] } };
    expect(context.conditions.entry.map(({ resource }) => resource)).toEqual(added);
    expect(JSON.stringify(sent(session)['prefetch'])).toContain(added[0]?.id);
    expect(session.notice).toMatch(/^Added: Metastasis to the brain\. \d cards?: /);
  });

  test('the next call knows of it', async () => {
    await place.ehr.addProblem(id, 'primary-care', 'asps');
    const session = await place.ehr.openChart(id, 'primary-care');
    expect(JSON.stringify(sent(session)['prefetch'])).toContain('404056007');
    expect(session.cards.length).toBeGreaterThan(0);
  });

  test('that is not in the catalogue adds nothing', async () => {
    const before = await problems();
    expect(await add('plague')).toMatchObject({ notice: 'There is no such problem to add.', exchanges: [] });
    expect(await problems()).toEqual(before);
  });
});

describe('a card', () => {
  test('accepted orders what it suggests, and the next call knows of it', async () => {
    const session = await open();
    const { key, at } = suggesting(session, 'patient-view', /MRI brain/);
    const after = await place.ehr.accept(id, key, [at]);
    expect(after.notice).toBe('Accepted: Order MRI brain without and with contrast.');
    expect(after.cards.find((card) => card.key === key)?.state).toBe('accepted');
    expect(await drafts()).toMatchObject([{ resourceType: 'ServiceRequest', status: 'draft' }]);
    const again = await open();
    expect(JSON.stringify(sent(again)['prefetch'])).toContain('24587-8');
  });

  test('accepted replaces an order: the old one goes, the new one comes', async () => {
    const session = await pick();
    const { key, at } = suggesting(session, 'order-select', /^Replace/);
    await place.ehr.accept(id, key, [at]);
    const [left, ...others] = await drafts();
    expect(others).toEqual([]);
    expect(JSON.stringify(left)).toContain('1792776');
    const signed = await sign();
    expect(JSON.stringify(sent(signed)['context'])).not.toContain('3639');
  });

  test('accepted and signed is an order of the day on which it was signed', async () => {
    const before = await activeOrders();
    const { key, at } = suggesting(await open(), 'patient-view', /Atezolizumab 1200/);
    await place.ehr.accept(id, key, [at]);
    await sign();
    await sign(true);
    const signed = (await activeOrders()).filter((order) => !before.some((old) => old.id === order.id));
    expect(signed).toMatchObject([{ resourceType: 'MedicationRequest', status: 'active', authoredOn: '2026-11-22' }]);
  });

  test('accepted is reported to the service, by the uuids of card and suggestion', async () => {
    const session = await open();
    const { key, at } = suggesting(session, 'patient-view', /MRI brain/);
    const shown = session.cards.find((card) => card.key === key)?.card;
    const after = await place.ehr.accept(id, key, [at]);
    expect(latest(after, 'feedback')).toMatchObject({
      request: { url: expect.stringMatching(/\/cds-services\/asps-patient-view\/feedback$/) },
      response: { status: 200 },
    });
    expect(sent(after)).toEqual({
      feedback: [
        {
          card: shown?.uuid,
          outcome: 'accepted',
          acceptedSuggestions: [{ id: shown?.suggestions?.[at]?.uuid }],
          outcomeTimestamp: TODAY.toISOString(),
        },
      ],
    });
    expect(place.feedback.kept).toMatchObject([
      { service: 'asps-patient-view', entries: [{ card: shown?.uuid, outcome: 'accepted' }] },
    ]);
  });

  test('is accepted once, even if somebody clicks twice', async () => {
    const { key, at } = suggesting(await open(), 'patient-view', /MRI brain/);
    await Promise.all([place.ehr.accept(id, key, [at]), place.ehr.accept(id, key, [at])]);
    const third = await place.ehr.accept(id, key, [at]);
    expect(third.notice).toBe('That card was accepted before.');
    expect(await drafts()).toHaveLength(1);
    expect(place.feedback.kept).toHaveLength(1);
  });

  test.each([[[]], [[-1]], [[99]], [[0.5]], [[Number.NaN]], [[0, 1]]])(
    'is not accepted by suggestions that cannot be taken: %j',
    async (places) => {
      const { key } = suggesting(await open(), 'patient-view', /Atezolizumab 1200/);
      const session = await place.ehr.accept(id, key, places);
      expect(session.notice).toMatch(/nothing was done\.$/);
      expect(await drafts()).toEqual([]);
      expect(place.feedback.kept).toEqual([]);
    },
  );

  test('accepted for an order that somebody else has removed changes nothing', async () => {
    const { key, at } = suggesting(await pick(), 'order-select', /^Replace/);
    const { id: colleague } = place.ehr.session(undefined);
    const [draft] = await drafts();
    await place.ehr.removeDraft(colleague, PATIENT, `MedicationRequest/${draft?.id}`);
    const session = await place.ehr.accept(id, key, [at]);
    expect(session.notice).toBe('Nothing was done. What is to be removed is not on file any more.');
    expect(session.cards.find((card) => card.key === key)?.state).toBe('open');
    expect(await drafts()).toEqual([]);
  });

  test.each([/^Replace/, /^Remove/])(
    'accepted for an order that somebody else has signed leaves that as it is: %s',
    async (label) => {
      const { key, at } = suggesting(await pick(), 'order-select', label);
      const { id: colleague } = place.ehr.session(undefined);
      await place.ehr.sign(colleague, PATIENT, { anyway: false });
      await place.ehr.sign(colleague, PATIENT, { anyway: true });
      const before = await activeOrders();
      const session = await place.ehr.accept(id, key, [at]);
      expect(session.notice).toBe('Nothing was done. What is to be removed is signed by now.');
      expect(await activeOrders()).toEqual(before);
      expect(await drafts()).toEqual([]);
      expect(place.feedback.kept).toEqual([]);
    },
  );

  test('takes the hold off when it changes the orders', async () => {
    await pick();
    const { key, at } = suggesting(await sign(), 'order-sign', /^Replace/);
    expect(await place.ehr.accept(id, key, [at])).toMatchObject({ signing: 'idle' });
  });

  test('dismissed with a reason and a comment is gone, and the service is told both', async () => {
    const { cards } = await open();
    const [first] = cards;
    const reason = first?.card.overrideReasons?.[1];
    const after = await place.ehr.dismiss(id, first?.key ?? '', { reason: '1', comment: '  done elsewhere ' });
    expect(after.notice).toBe('Dismissed.');
    expect(after.cards.map(({ key }) => key)).toEqual(cards.slice(1).map(({ key }) => key));
    expect(sent(after)).toEqual({
      feedback: [
        {
          card: first?.card.uuid,
          outcome: 'overridden',
          overrideReason: { reason, userComment: 'done elsewhere' },
          outcomeTimestamp: TODAY.toISOString(),
        },
      ],
    });
    expect(reason).toMatchObject({ code: expect.any(String), system: expect.any(String), display: expect.any(String) });
    expect(place.feedback.kept).toMatchObject([
      { entries: [{ outcome: 'overridden', hasComment: true, overrideReasons: [{ code: reason?.code }] }] },
    ]);
  });

  test('is dismissed by the code of a reason, or without any', async () => {
    const { cards } = await open();
    const code = cards[0]?.card.overrideReasons?.[0]?.code ?? '';
    const first = await place.ehr.dismiss(id, cards[0]?.key ?? '', { reason: code });
    expect(sent(first)).toMatchObject({ feedback: [{ overrideReason: { reason: { code } } }] });
    const second = await place.ehr.dismiss(id, cards[1]?.key ?? '', { reason: '', comment: ' ' });
    const { feedback } = sent(second) as { feedback: object[] };
    expect(feedback[0]).not.toHaveProperty('overrideReason');
    expect(place.feedback.kept).toHaveLength(2);
  });

  test('is not dismissed for a reason that is none of its own', async () => {
    const { cards } = await open();
    const session = await place.ehr.dismiss(id, cards[0]?.key ?? '', { reason: 'because' });
    expect(session.notice).toBe('That is none of the reasons of this card: it stays.');
    expect(session.cards).toEqual(cards);
    expect(place.feedback.kept).toEqual([]);
  });

  test('that was accepted is closed without being reported as overridden', async () => {
    const { key, at } = suggesting(await open(), 'patient-view', /MRI brain/);
    await place.ehr.accept(id, key, [at]);
    const session = await place.ehr.dismiss(id, key, {});
    expect(session.cards.some((card) => card.key === key)).toBe(false);
    expect(place.feedback.kept).toMatchObject([{ entries: [{ outcome: 'accepted' }] }]);
  });

  test.each(['', 'card-1', '__proto__'])('that is not there can be neither accepted nor dismissed: %j', async (key) => {
    const { cards } = await open();
    const gone = { notice: 'That card is not on the screen any more.', cards };
    expect(await place.ehr.accept(id, key, [0])).toMatchObject(gone);
    expect(await place.ehr.dismiss(id, key, {})).toMatchObject(gone);
    expect(await place.ehr.launchLink(id, key, 0)).toBeUndefined();
  });
});

describe('reset', () => {
  test('puts the records back and clears the screen', async () => {
    await pick();
    await place.ehr.addProblem(id, PATIENT, 'hypertension');
    const session = await place.ehr.reset(id);
    expect(session).toMatchObject({ cards: [], signing: 'idle', notice: 'Everything is as it was at the start.' });
    expect(await drafts()).toEqual([]);
    expect(
      (await place.records.chartOf(PATIENT))
        ?.byType('Condition')
        .some(({ recordedDate }) => recordedDate === '2026-11-22'),
    ).toBe(false);
  });
});

test('entering a chart shows no cards, and leaves those of another behind', async () => {
  await open();
  expect(place.ehr.enter(id, 'primary-care')).toMatchObject({ patientId: 'primary-care', cards: [], notice: '' });
});

test('whatever stands in a chart, it is opened', async () => {
  const { notice, exchanges } = await place.ehr.openChart(id, 'hostile-text');
  expect(notice).toMatch(/cards?/);
  expect(exchanges[0]?.response).toMatchObject({ status: 200 });
});
