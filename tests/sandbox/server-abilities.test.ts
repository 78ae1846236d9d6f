import { describe, expect, test } from '@jest/globals';
import type { FhirRest } from '../../src/sandbox/fhir-rest.ts';
import { readAbilities } from '../../src/sandbox/server-abilities.ts';

function saying(body: Record<string, unknown> | undefined, status = 200): FhirRest {
  const never = () => Promise.reject(new Error('not asked'));
  return {
    base: 'http://127.0.0.1/fhir',
    get: async () => ({ kind: 'answered', status, body }),
    transaction: never,
    delete: never,
  };
}

const statement = (more: Record<string, unknown>) => ({
  resourceType: 'CapabilityStatement',
  fhirVersion: '4.0.1',
  ...more,
});
const codes = (...names: readonly string[]) => names.map((code) => ({ code }));

describe('a FHIR R4 server', () => {
  test('tells its name and types', async () => {
    const resource = [{ type: 'Patient' }, { type: 'Condition' }, {}];
    const software = { name: 'HAPI FHIR\u001b[31m', version: '8.8.0' };
    const read = await readAbilities(saying(statement({ software, rest: [{ mode: 'server', resource }] })));
    expect(read).toEqual({
      kind: 'fhir-r4',
      abilities: {
        fhirVersion: '4.0.1',
        software: 'HAPI FHIR [31m 8.8.0',
        types: new Set(['Patient', 'Condition']),
        takesTransactions: true,
      },
    });
  });

  test.each([
    ['says nothing of what it does', {}, true],
    [
      'has transactions and creates',
      { interaction: codes('transaction'), resource: [{ interaction: codes('create') }] },
      true,
    ],
    ['has transactions, and says nothing of types', { interaction: codes('batch', 'transaction') }, true],
    ['has batches alone', { interaction: codes('batch'), resource: [{ interaction: codes('create') }] }, false],
    ['reads and searches alone', { resource: [{ interaction: codes('read', 'search-type') }] }, false],
    [
      'has transactions that create nothing',
      { interaction: codes('transaction'), resource: [{ interaction: codes('read') }] },
      false,
    ],
  ])('that %s takes transactions: %s', async (_what, rest, takesTransactions) => {
    const read = await readAbilities(saying(statement({ rest: [{ mode: 'server', ...rest }] })));
    expect(read).toMatchObject({ abilities: { takesTransactions } });
  });
});

describe('no FHIR R4 server', () => {
  test.each([
    ['R4B', statement({ fhirVersion: '4.3.0' })],
    ['R5', statement({ fhirVersion: '5.0.0' })],
    ['a version that steers the terminal', statement({ fhirVersion: '4.0.1\u001b[31m' })],
    ['version 40.0', statement({ fhirVersion: '40.0' })],
    ['without a version', { resourceType: 'CapabilityStatement' }],
    ['an error with status 200', { resourceType: 'OperationOutcome' }],
    ['JSON of something else', { swagger: '2.0' }],
    ['no JSON', undefined],
  ])('%s', async (_what, body) => {
    expect(await readAbilities(saying(body))).toMatchObject({ kind: 'no-server' });
  });

  test('a CapabilityStatement that comes with an error status', async () => {
    expect(await readAbilities(saying(statement({}), 503))).toEqual({ kind: 'no-server', because: '/metadata: 503' });
  });
});
