import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../../../src/cds-hooks/json.ts';
import { clientProfile } from '../../../src/cds-hooks/profile.ts';
import { CHARACTERS, type CharacterId, characterOf } from '../../../src/ehr-demo/ehr/character.ts';
import { draftsIn } from '../../../src/ehr-demo/ehr/ehr.ts';
import type { Session } from '../../../src/ehr-demo/ehr/session.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const PATIENT = 'metastatic-untreated';

let place: Workplace;
let id = '';
beforeAll(async () => {
  place = await openWorkplace();
});
afterAll(() => place.close());
afterEach(async () => {
  await place.ehr.reset(id);
  place.feedback.kept.length = 0;
});

function become(character: CharacterId): Session {
  id = place.ehr.session(undefined).id;
  return place.ehr.become(id, character);
}

const open = () => place.ehr.openChart(id, PATIENT);
const indicators = ({ cards }: Session) => cards.map(({ card }) => card.indicator);

function sent({ exchanges: [latest] }: Session): JsonObject {
  const body: unknown = JSON.parse(latest?.request.body ?? 'null');
  if (!isJsonObject(body)) throw new Error('nothing was sent');
  return body;
}

async function drafts() {
  const chart = await place.records.chartOf(PATIENT);
  return chart === undefined ? [] : draftsIn(chart);
}

test('each is registered as a profile of its own, and found by its id', () => {
  expect(new Set(CHARACTERS.map(({ profile }) => profile)).size).toBe(CHARACTERS.length);
  for (const character of CHARACTERS) expect(characterOf(character.id)).toBe(character);
});

test('feedback is sent by no EHR whose profile has none: its cards have no uuid', () => {
  for (const { profile, sendsFeedback } of CHARACTERS) {
    expect(sendsFeedback).toBe(clientProfile(profile).cdsHooks !== '1.0');
  }
});

test.each(['', 'cerner', '__proto__', 'constructor'])('what is none is none: %j', (name) => {
  expect(characterOf(name)).toBeUndefined();
});

test('to become another clears the screen and keeps the chart open', async () => {
  become('spec-complete');
  await open();
  expect(place.ehr.become(id, 'epic-like')).toMatchObject({
    character: { id: 'epic-like' },
    patientId: PATIENT,
    cards: [],
    signing: 'idle',
    notice: 'Now Epic-like.',
  });
});

test('to become what is none changes nothing', async () => {
  become('spec-complete');
  const { cards } = await open();
  expect(place.ehr.become(id, 'vista')).toMatchObject({
    character: { id: 'spec-complete' },
    cards,
    notice: 'There is no such EHR to be like.',
  });
});

test.each(CHARACTERS.map((character) => [character.id, character] as const))(
  '%s calls the service as its own client, which answers',
  async (character, { userType, readsDiscovery }) => {
    // Discovery is asked for once alone.
    const fresh = await openWorkplace();
    const { id: own } = fresh.ehr.session(undefined);
    fresh.ehr.become(own, character);
    const session = await fresh.ehr.openChart(own, PATIENT).finally(() => fresh.close());
    expect(session.exchanges.map(({ about }) => about)).toEqual(
      readsDiscovery ? ['patient-view', 'discovery'] : ['patient-view'],
    );
    for (const { response } of session.exchanges) expect(response).toHaveProperty('status', 200);
    const [, payload = ''] = (session.exchanges[0]?.request.headers['authorization'] ?? '').split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      iss: expect.stringMatching(new RegExp(`/${character}$`)),
    });
    expect(sent(session)['context']).toMatchObject({ userId: `${userType}/demo-clinician` });
    expect(session.cards).toHaveLength(4);
  },
);

describe('Epic-like', () => {
  test('says by which native trigger it calls', async () => {
    become('epic-like');
    const opened = sent(await open())['extension'];
    await place.ehr.pickOrder(id, PATIENT, 'doxorubicin');
    const picked = sent(place.ehr.session(id))['extension'];
    await place.ehr.sign(id, PATIENT, { anyway: false });
    const signed = sent(place.ehr.session(id))['extension'];
    const trigger = 'com.epic.cdshooks.request.bpa-trigger-action';
    expect([opened, picked, signed]).toMatchObject([{ [trigger]: '60' }, { [trigger]: '18' }, { [trigger]: '23' }]);
  });

  test('gets suggestions that do one thing each, and takes one', async () => {
    become('epic-like');
    const { cards } = await place.ehr.pickOrder(id, PATIENT, 'doxorubicin');
    const removing = cards.find(({ card }) => card.suggestions !== undefined);
    expect(removing?.card.suggestions?.map(({ actions }) => actions?.length)).toEqual([1]);
    await place.ehr.accept(id, removing?.key ?? '', [0]);
    expect(await drafts()).toEqual([]);
    expect(place.feedback.kept).toMatchObject([{ client: 'Epic-like', entries: [{ outcome: 'accepted' }] }]);
  });

  test('adds a problem without asking, and says so', async () => {
    become('epic-like');
    const session = await place.ehr.addProblem(id, PATIENT, 'hypertension');
    expect(session.exchanges).toEqual([]);
    expect(session.notice).toBe(
      'Added: Essential hypertension. This EHR (Epic-like) does not call on problem-list-item-create: nobody was asked.',
    );
  });
});

describe('Oracle-like', () => {
  test('never shows a card as critical, and gets no uuid', async () => {
    become('oracle-like');
    const session = await open();
    expect(indicators(session)).not.toContain('critical');
    for (const { card } of session.cards) expect(card).not.toHaveProperty('uuid');
  });

  test('orders and signs without asking, and says so', async () => {
    become('oracle-like');
    const picked = await place.ehr.pickOrder(id, PATIENT, 'doxorubicin');
    expect(picked.notice).toBe(
      'Picked: Doxorubicin. This EHR (Oracle-like) does not call on order-select: nobody was asked.',
    );
    const signed = await place.ehr.sign(id, PATIENT, { anyway: false });
    expect(signed.notice).toBe(
      'Signed: 1 order. This EHR (Oracle-like) does not call on order-sign: nobody was asked.',
    );
    expect(signed.exchanges).toEqual([]);
    expect(await drafts()).toEqual([]);
  });

  test('sends no feedback, and says so', async () => {
    become('oracle-like');
    const { cards } = await open();
    const session = await place.ehr.dismiss(id, cards[0]?.key ?? '', {});
    expect(session.notice).toBe('Dismissed. This EHR (Oracle-like) sends no feedback.');
    expect(session.cards).toHaveLength(cards.length - 1);
    expect(place.feedback.kept).toEqual([]);
  });
});

describe('Minimal', () => {
  test('sends neither prefetch nor token, and the service reads the chart from the open base', async () => {
    become('minimal');
    const session = await open();
    expect(Object.keys(sent(session)).toSorted()).toEqual(['context', 'fhirServer', 'hook', 'hookInstance']);
    expect(sent(session)['fhirServer']).toBe(place.openFhirBaseUrl);
    const traffic = session.exchanges[0]?.fhirTraffic ?? [];
    expect(traffic.length).toBeGreaterThan(5);
    expect(new Set(traffic.map(({ token }) => token))).toEqual(new Set([undefined]));
    expect(traffic.map(({ path }) => path)).toContainEqual(expect.stringMatching(/^Condition\?.*metastatic-untreated/));
  });

  test('gets the cards that an EHR with prefetch gets', async () => {
    become('spec-complete');
    const [complete, more] = [await open(), await place.ehr.pickOrder(id, PATIENT, 'doxorubicin')];
    await place.ehr.reset(id);
    become('minimal');
    const [minimal, evenSo] = [await open(), await place.ehr.pickOrder(id, PATIENT, 'doxorubicin')];
    const summaries = ({ cards }: Session) => cards.map(({ card }) => card.summary);
    expect([summaries(minimal), summaries(evenSo)]).toEqual([summaries(complete), summaries(more)]);
  });

  test('removes an order that a card names as CDS Hooks 1.0 does', async () => {
    become('minimal');
    const { cards } = await place.ehr.pickOrder(id, PATIENT, 'doxorubicin');
    const removing = cards.find(({ card }) => card.suggestions?.[0]?.label.startsWith('Remove') === true);
    expect(removing?.card.suggestions?.[0]?.actions).toMatchObject([{ type: 'delete', resource: expect.any(String) }]);
    const session = await place.ehr.accept(id, removing?.key ?? '', [0]);
    expect(session.notice).toBe('Accepted: Remove the doxorubicin order. This EHR (Minimal) sends no feedback.');
    expect(await drafts()).toEqual([]);
  });
});
