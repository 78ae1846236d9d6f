import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FhirBase, serveFhir } from '../support/fhir-base.ts';
import { fhirErrors } from '../support/fhir-schema.ts';
import type { Reply } from '../support/http.ts';
import { type ServedEhr, serveEhr } from '../support/smart-app.ts';

const USER = 'Practitioner/one';
const URN = 'urn:uuid:00000000-0000-4000-8000-000000000001';
const condition = (patient: string, more: object = {}) => ({
  resourceType: 'Condition',
  subject: { reference: `Patient/${patient}` },
  ...more,
});

let ehr: ServedEhr;
let fhir: FhirBase;
beforeAll(async () => {
  ehr = await serveEhr();
  fhir = await serveFhir({
    access: { kind: 'smart', judge: ehr.server.judge },
    resources: [
      { resourceType: 'Patient', id: 'a' },
      { resourceType: 'Patient', id: 'b' },
      { ...condition('a'), id: 'a-old' },
      { ...condition('a'), id: 'a-wrong' },
      { ...condition('b'), id: 'b-old' },
    ],
  });
});
afterAll(() => Promise.all([ehr.close(), fhir.close()]));

/** The token that an app gets which is launched in the chart of this patient, and asks for this. */
async function tokenFor(patient: string, scope: string): Promise<string> {
  const response = await ehr.openApp().start(ehr.server.launch({ patient, user: USER }), { scope });
  expect(response).toMatchObject({ patient, access_token: expect.any(String) });
  return String(response['access_token']);
}

async function transact(token: string, entry: readonly object[]): Promise<Reply> {
  const reply = await fhir.ask('POST', '', { token, body: { resourceType: 'Bundle', type: 'transaction', entry } });
  expect(fhirErrors(reply.body)).toEqual([]);
  return reply;
}

/** The ids of the conditions in a chart, with what is noted of them. */
async function conditionsOf(patient: string): Promise<Readonly<Record<string, string | undefined>>> {
  const { status, body } = await fhir.ask('GET', `Condition?patient=${patient}`, {
    token: await tokenFor(patient, 'launch patient/Condition.rs'),
  });
  expect(status).toBe(200);
  const { entry = [] } = body as { entry?: { resource: { id: string; recordedDate?: string } }[] };
  return Object.fromEntries(entry.map(({ resource }) => [resource.id, resource.recordedDate]));
}

test('an app that is launched, and asks to write, changes the chart in one transaction', async () => {
  const token = await tokenFor('a', 'launch patient/*.cruds');
  const { status, body } = await transact(token, [
    { fullUrl: URN, request: { method: 'POST', url: 'Condition' }, resource: condition('a') },
    {
      request: { method: 'POST', url: 'ClinicalImpression' },
      resource: {
        ...condition('a'),
        resourceType: 'ClinicalImpression',
        status: 'completed',
        problem: [{ reference: URN }],
      },
    },
    {
      request: { method: 'PUT', url: 'Condition/a-old' },
      resource: condition('a', { id: 'a-old', recordedDate: '2026-01-02' }),
    },
    { request: { method: 'DELETE', url: 'Condition/a-wrong' } },
  ]);
  expect(status).toBe(200);
  const { entry } = body as { entry: { response: { status: string; location?: string } }[] };
  expect(entry.map(({ response }) => response.status)).toEqual(['201', '201', '200', '200']);

  const [made = '', impression = ''] = entry.map(({ response }) => response.location);
  expect(await conditionsOf('a')).toEqual({ 'a-old': '2026-01-02', [made.replace('Condition/', '')]: undefined });
  expect((await fhir.ask('GET', impression, { token })).body).toMatchObject({ problem: [{ reference: made }] });
});

test.each([
  ['of another patient', 'launch patient/*.cruds', 'b', 404],
  ['without having asked to write', 'launch patient/*.rs', 'a', 403],
  ['having asked to write for everybody', 'launch patient/*.rs user/*.cruds', 'a', 403],
])('a transaction on records %s is refused, and leaves nothing', async (_claim, scope, patient, expected) => {
  const before = [await conditionsOf('a'), await conditionsOf('b')];
  const { status } = await transact(await tokenFor('a', scope), [
    { request: { method: 'POST', url: 'Condition' }, resource: condition('a') },
    {
      request: { method: 'PUT', url: `Condition/${patient}-old` },
      resource: condition(patient, { id: `${patient}-old`, recordedDate: '1999-12-31' }),
    },
  ]);
  expect(status).toBe(expected);
  expect([await conditionsOf('a'), await conditionsOf('b')]).toEqual(before);
});
