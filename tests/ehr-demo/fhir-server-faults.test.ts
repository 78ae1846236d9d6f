import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRepository } from '../../src/ehr-demo/fhir-server/fhir-server.ts';
import { type Asked, type FhirBase, serveFhir } from '../support/fhir-base.ts';
import { fhirErrors } from '../support/fhir-schema.ts';

const BOOM = new Error('boom: the inside of the store');
const fail = async (): Promise<never> => Promise.reject(BOOM);
const PATIENT = { resourceType: 'Patient', id: 'a' };

/** A server whose store is broken; a bug in the library would show in the same way. */
async function serveBroken(): Promise<FhirBase> {
  const repository = createRepository();
  Object.assign(repository, { readResource: fail, search: fail, createResource: fail, conditionalCreate: fail });
  return serveFhir({ access: { kind: 'anybody' }, repository });
}

const started: FhirBase[] = [];
let broken: FhirBase;
beforeEach(async () => {
  broken = await serveBroken();
  started.push(broken);
});
afterAll(() => Promise.all(started.map((server) => server.close())));

const bundle = (type: string, ...requests: readonly object[]) => ({
  body: { resourceType: 'Bundle', type, entry: requests.map((request) => ({ request, resource: PATIENT })) },
});
const GET = { method: 'GET', url: 'Patient/a' };
const ONCE = { method: 'POST', url: 'Patient', ifNoneExist: '_id=a' };

describe('what nobody foresaw', () => {
  test.each<[claim: string, method: string, path: string, asked: Asked]>([
    ['a read', 'GET', 'Patient/a', {}],
    ['a search', 'GET', 'Patient?_id=a', {}],
    ['a creation', 'POST', 'Patient', { body: PATIENT }],
    ['an update', 'PUT', 'Patient/a', { body: PATIENT }],
    ['a transaction', 'POST', '', bundle('transaction', GET)],
    ['a condition of a batch, which is looked at before its entries', 'POST', '', bundle('batch', ONCE)],
  ])('in %s is a 500 without its words, and is told of once', async (_claim, method, path, asked) => {
    const { status, body, text } = await broken.ask(method, path, asked);
    expect([status, fhirErrors(body)]).toEqual([500, []]);
    expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'exception' }] });
    expect(text).not.toContain('boom');
    expect(broken.faults).toEqual([BOOM]);
  });

  test('in one entry of a batch is that entry’s answer alone', async () => {
    const { status, body, text } = await broken.ask(
      'POST',
      '',
      bundle('batch', GET, { method: 'GET', url: 'Sarcoma/a/x' }),
    );
    expect([status, body]).toMatchObject([
      200,
      { entry: [{ response: { status: '500' } }, { response: { status: '404' } }] },
    ]);
    expect(text).not.toContain('boom');
    expect(broken.faults).toEqual([BOOM]);
  });
});

describe('what the client did wrong is told to nobody else', () => {
  const circle = ['o1', 'o2'].map((id, at, ids) => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'size' },
    derivedFrom: [{ reference: `Observation/${ids[1 - at]}` }],
  }));
  const deep = `${'{"resourceType":"Basic","contained":['.repeat(300)}${']}'.repeat(300)}`;
  const entry = (request: object, resource?: unknown) => ({
    body: { resourceType: 'Bundle', type: 'batch', entry: [{ request, resource }] },
  });
  let server: FhirBase;
  beforeEach(async () => {
    server = await serveFhir({ access: { kind: 'anybody' }, resources: circle });
    started.push(server);
  });

  test.each<[claim: string, method: string, path: string, asked: Asked]>([
    ['a type that there is not', 'POST', 'Sarcoma', { body: { resourceType: 'Sarcoma' } }],
    ['malformed JSON', 'POST', 'Patient', { body: '{' }],
    ['nesting without end', 'POST', 'Basic', { body: deep }],
    ['a resource of another type', 'PUT', 'Patient/a', { body: { resourceType: 'Condition' } }],
    ['a meta that is none', 'PUT', 'Patient/a', { body: { ...PATIENT, meta: true } }],
    ['an entry whose URL is none', 'POST', '', bundle('transaction', { method: 'GET', url: '//[?x' })],
    ['an entry whose URL is no text', 'POST', '', bundle('transaction', { method: 'GET', url: 5 })],
    ['an entry that would keep nothing', 'POST', '', entry({ method: 'POST', url: 'Patient' })],
    ['an entry that would keep a number', 'POST', '', entry({ method: 'PUT', url: 'Patient/a' }, 5)],
  ])('%s', async (_claim, method, path, asked) => {
    const { status, body } = await server.ask(method, path, asked);
    expect([Math.floor(status / 100), fhirErrors(body)]).toEqual([4, []]);
    expect(server.faults).toEqual([]);
  });
});
