import { expect, test } from '@jest/globals';
import type { FhirRest, RestAnswer } from '../../src/sandbox/fhir-rest.ts';
import { prefetchFromServer } from '../../src/sandbox/prefetch-from-server.ts';

/** A server with these answers; 404 for everything else. */
function having(answers: Readonly<Record<string, Record<string, unknown> | number>>): FhirRest {
  const never = () => Promise.reject(new Error('not asked'));
  return {
    base: 'http://127.0.0.1/fhir',
    get: async (reference): Promise<RestAnswer> => {
      const answer = answers[reference] ?? 404;
      if (typeof answer === 'number') return { kind: 'answered', status: answer, body: undefined };
      return { kind: 'answered', status: 200, body: answer };
    },
    transaction: never,
    delete: never,
  };
}

const bundle = (...resources: readonly object[]) => ({
  resourceType: 'Bundle',
  entry: resources.map((resource) => ({ resource })),
});

test('fills each template from the server: a read with the resource, a search with a whole searchset', async () => {
  const rest = having({
    'Patient/1': { resourceType: 'Patient', id: '1' },
    'Condition?patient=1': {
      ...bundle({ resourceType: 'Condition', id: 'a' }),
      link: [{ relation: 'next', url: 'page-2' }],
    },
    'page-2': bundle({ resourceType: 'Condition', id: 'b' }),
    'Procedure?patient=1': { resourceType: 'Bundle' },
  });
  const templates = {
    patient: 'Patient/{{context.patientId}}',
    conditions: 'Condition?patient={{context.patientId}}',
    procedures: 'Procedure?patient={{context.patientId}}',
  };
  expect(await prefetchFromServer(rest, templates, '1')).toEqual({
    prefetch: {
      patient: { resourceType: 'Patient', id: '1' },
      conditions: {
        resourceType: 'Bundle',
        type: 'searchset',
        total: 2,
        entry: [
          { resource: { resourceType: 'Condition', id: 'a' }, search: { mode: 'match' } },
          { resource: { resourceType: 'Condition', id: 'b' }, search: { mode: 'match' } },
        ],
      },
      procedures: { resourceType: 'Bundle', type: 'searchset', total: 0 },
    },
    unfilled: [],
  });
});

test('leaves out a key whose query fails or whose token it does not know, and says so', async () => {
  const templates = {
    gone: 'Patient/{{context.patientId}}',
    denied: 'Condition?patient={{context.patientId}}',
    unknown: 'Encounter/{{context.encounterId}}',
  };
  expect(await prefetchFromServer(having({ 'Condition?patient=1': 403 }), templates, '1')).toEqual({
    prefetch: {},
    unfilled: ['gone: 404 without JSON', 'denied: 403 without JSON', 'unknown: a token that this EHR does not know'],
  });
});

test('sends the Medications along that orders refer to, each once, and only such as are the server’s own', async () => {
  const order = (id: string, reference: string) => ({
    resourceType: 'MedicationRequest',
    id,
    medicationReference: { reference },
  });
  const rest = having({
    'MedicationRequest?patient=1': bundle(
      order('a', 'Medication/m'),
      order('b', 'Medication/m'),
      order('c', '#contained'),
      order('d', 'https://elsewhere.example.org/Medication/x'),
      order('e', 'Medication/missing'),
    ),
    'Medication/m': { resourceType: 'Medication', id: 'm' },
  });
  const { prefetch } = await prefetchFromServer(
    rest,
    { orders: 'MedicationRequest?patient={{context.patientId}}' },
    '1',
  );
  const { entry, total } = prefetch['orders'] as {
    entry: { resource: { id: string }; search: object }[];
    total: number;
  };
  expect(total).toBe(5);
  expect(entry.map(({ resource }) => resource.id)).toEqual(['a', 'b', 'c', 'd', 'e', 'm']);
  expect(entry.at(-1)?.search).toEqual({ mode: 'include' });
});
