import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isJsonObject } from '../../../src/cds-hooks/json.ts';
import { call } from '../../support/http.ts';
import { type FakeService, json, plainCard, serveFake } from './fake-service.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

let fake: FakeService;
let place: Workplace;
beforeAll(async () => {
  fake = await serveFake();
  place = await openWorkplace(fake.url);
});
afterAll(() => Promise.all([fake.close(), place.close()]));

const QUERIES = ['Patient/metastatic-untreated', 'Patient/primary-care', 'Appointment?patient=metastatic-untreated'];

/** A service that asks the FHIR server of each call these questions, with the token of the call, before it answers. */
function asking(onStatus: (statuses: readonly number[]) => void): void {
  fake.on('hook', async (body, response, request) => {
    const authorization = isJsonObject(body['fhirAuthorization']) ? body['fhirAuthorization']['access_token'] : '';
    const headers = { authorization: `Bearer ${String(authorization)}` };
    const replies = await Promise.all(
      QUERIES.map((query) => call(`${String(body['fhirServer'])}/${query}`, { headers })),
    );
    onStatus(replies.map(({ status }) => status));
    await json({ cards: [plainCard()] })(body, response, request);
  });
}

test('a service can read with the token what it is registered for, of this patient alone', async () => {
  const statuses: (readonly number[])[] = [];
  asking((of) => void statuses.push(of));
  const { id } = place.ehr.session(undefined);
  const { exchanges } = await place.ehr.openChart(id, 'metastatic-untreated');
  const [own, others, unregistered] = statuses[0] ?? [];
  expect(own).toBe(200);
  // Whether there is such a patient is not told.
  expect([403, 404]).toContain(others);
  expect(unregistered).toBe(403);
  expect(new Map(exchanges[0]?.fhirTraffic.map(({ path, status }) => [path, status]))).toEqual(
    new Map(QUERIES.map((query, at) => [query, statuses[0]?.[at]])),
  );
});

test('of calls at the same time, each shows the questions that were asked for it', async () => {
  asking(() => {});
  const ids = [place.ehr.session(undefined).id, place.ehr.session(undefined).id];
  const sessions = await Promise.all(ids.map((id) => place.ehr.openChart(id, 'metastatic-untreated')));
  const tokens = sessions.map(({ exchanges }) => new Set(exchanges[0]?.fhirTraffic.map(({ token }) => token)));
  expect(sessions.map(({ exchanges }) => exchanges[0]?.fhirTraffic.length)).toEqual([QUERIES.length, QUERIES.length]);
  expect(tokens.map(({ size }) => size)).toEqual([1, 1]);
  expect(tokens[0]).not.toEqual(tokens[1]);
});
