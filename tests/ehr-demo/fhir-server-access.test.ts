import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Access } from '../../src/ehr-demo/authorization-server/access.ts';
import { type Asked, type FhirBase, SPOKEN_TOKENS, serveFhir } from '../support/fhir-base.ts';
import { fhirErrors } from '../support/fhir-schema.ts';
import { call } from '../support/http.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const SECURITY = {
  smartConfiguration: { token_endpoint: 'https://auth.example/token', capabilities: ['launch-ehr'] },
  authorize: 'https://auth.example/auth',
  token: 'https://auth.example/token',
};
const RESOURCES = [
  { resourceType: 'Patient', id: 'a', name: [{ given: ['Ann'], family: 'Testcase' }] },
  { resourceType: 'Patient', id: 'b' },
  ...['a1', 'a2', 'a3'].map((id) => ({ resourceType: 'Condition', id, subject: { reference: 'Patient/a' } })),
];

interface Statement {
  readonly rest: readonly [
    {
      readonly security: { readonly extension?: unknown; readonly service?: unknown };
      readonly interaction?: readonly { readonly code: string }[];
      readonly resource: readonly {
        readonly type: string;
        readonly interaction: readonly { readonly code: string }[];
        readonly updateCreate?: boolean;
      }[];
    },
  ];
}

const started: FhirBase[] = [];
let open: FhirBase;
let smart: FhirBase;
beforeAll(async () => {
  open = await serveFhir({ access: { kind: 'readers' }, resources: RESOURCES });
  smart = await serveFhir({ access: SPOKEN_TOKENS, security: SECURITY, resources: RESOURCES });
  started.push(open, smart);
});
afterAll(async () => {
  await Promise.all(started.map((server) => server.close()));
});

async function statementOf(server: FhirBase): Promise<Statement['rest'][0]> {
  const { status, body } = await server.ask('GET', 'metadata');
  expect([status, fhirErrors(body)]).toEqual([200, []]);
  return (body as Statement).rest[0];
}

describe('a base for readers', () => {
  test.each([
    ['POST', 'Patient', { body: { resourceType: 'Patient' } }],
    ['PUT', 'Patient/a', { body: { resourceType: 'Patient', id: 'a' } }],
    ['PATCH', 'Patient/a', { body: [] }],
    ['DELETE', 'Patient/a', {}],
    [
      'POST',
      '',
      { body: { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient' } }] } },
    ],
    ['POST', '$graphql', { body: { query: '{ PatientList { id } }' } }],
    ['POST', 'Patient/a/_search', { body: 'x', headers: FORM }],
    ['POST', '_search', { body: 'x', headers: FORM }],
  ] satisfies [string, string, Asked][])('refuses %s %s, and changes nothing', async (method, path, asked) => {
    const { status, headers, body } = await open.ask(method, path, asked);
    expect([status, headers.get('allow'), fhirErrors(body)]).toEqual([405, 'GET, HEAD', []]);
    expect((await open.ask('GET', 'Patient/a')).body).toMatchObject(RESOURCES[0] ?? {});
  });

  test('lists patients, reads one, and finds their records, by GET and by POST', async () => {
    expect((await open.ask('GET', 'Patient')).body).toMatchObject({ total: 2, entry: [{ resource: { id: 'a' } }, {}] });
    expect((await open.ask('GET', 'Patient/a')).status).toBe(200);
    expect((await open.ask('GET', 'Condition?patient=a')).body).toMatchObject({ total: 3 });
    expect((await open.ask('POST', 'Condition/_search', { body: 'patient=a', headers: FORM })).body).toMatchObject({
      total: 3,
    });
  });

  test('takes no search whose parameters it would not see', async () => {
    const { status, body } = await open.ask('POST', 'Condition/_search', { body: { patient: 'b' } });
    expect([status, fhirErrors(body)]).toEqual([415, []]);
  });

  test('links to pages of its own', async () => {
    const { body } = await open.ask('GET', 'Condition?patient=a&_count=2');
    const { link, entry } = body as { link: { relation: string; url: string }[]; entry: { fullUrl: string }[] };
    for (const url of [...link.map((one) => one.url), ...entry.map((one) => one.fullUrl)]) {
      expect(url.startsWith(`${open.base}/Condition`)).toBe(true);
    }
    const next = link.find(({ relation }) => relation === 'next')?.url ?? '';
    expect((await call(next)).body).toMatchObject({ entry: [{ resource: { id: 'a3' } }] });
  });

  test('lets a page of any origin ask, with a token too', async () => {
    const { status, headers } = await open.ask('OPTIONS', 'Patient', {
      headers: {
        origin: 'https://sandbox.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    expect([status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-headers')]).toEqual([
      204,
      '*',
      'authorization',
    ]);
  });

  test('says of itself that it is read-only, and knows no SMART', async () => {
    const { interaction, security, resource } = await statementOf(open);
    expect([interaction, security.extension, security.service]).toEqual([undefined, undefined, undefined]);
    expect(resource).not.toHaveLength(0);
    for (const { interaction: ofType, updateCreate } of resource) {
      expect([ofType.map(({ code }) => code), updateCreate]).toEqual([['read', 'search-type'], undefined]);
    }
    expect((await open.ask('GET', '.well-known/smart-configuration')).status).toBe(404);
  });
});

describe('a base that asks for tokens', () => {
  test('says to everybody where to get one', async () => {
    const { status, headers, body } = await smart.ask('GET', '.well-known/smart-configuration', {
      headers: { origin: 'https://app.example' },
    });
    expect([status, headers.get('content-type'), headers.get('access-control-allow-origin'), body]).toEqual([
      200,
      'application/json; charset=utf-8',
      '*',
      SECURITY.smartConfiguration,
    ]);
    const { security, interaction, resource } = await statementOf(smart);
    expect(security).toMatchObject({
      service: [{ coding: [{ code: 'SMART-on-FHIR' }] }],
      extension: [
        {
          url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
          extension: [
            { url: 'authorize', valueUri: SECURITY.authorize },
            { url: 'token', valueUri: SECURITY.token },
          ],
        },
      ],
    });
    expect(interaction?.map(({ code }) => code)).toEqual(['transaction', 'batch']);
    expect(resource[0]?.updateCreate).toBe(false);
    expect(resource[0]?.interaction.map(({ code }) => code)).toEqual([
      'read',
      'search-type',
      'create',
      'update',
      'delete',
    ]);
  });

  test.each([
    ['no token', undefined, 'Bearer realm="FHIR"'],
    ['a token that nobody issued', 'forged', 'Bearer realm="FHIR", error="invalid_token"'],
  ])('with %s, everything is a 401 that says how to come again', async (_claim, token, challenge) => {
    const asked = token === undefined ? {} : { token };
    const replies = await Promise.all([
      ...['Patient', 'Patient/a', '', 'nothing/of/the/kind', 'Patient?access_token=a+user/*.rs'].map((path) =>
        smart.ask('GET', path, asked),
      ),
      smart.ask('POST', '', { ...asked, body: '{"resourceType":' }),
      smart.ask('DELETE', 'Patient/a', asked),
      smart.ask('POST', 'Patient/_search', { ...asked, body: '', headers: FORM }),
    ]);
    for (const { status, headers, body } of replies) {
      expect([status, headers.get('www-authenticate'), fhirErrors(body)]).toEqual([401, challenge, []]);
      expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'login' }] });
    }
  });

  test('a token whose judge fails is no way in', async () => {
    const failing = await serveFhir({
      access: { kind: 'smart', judge: async () => Promise.reject(new Error('secret of the judge')) },
      resources: RESOURCES,
    });
    started.push(failing);
    const { status, text, body } = await failing.ask('GET', 'Patient/a', { token: 'any' });
    expect([status, fhirErrors(body)]).toEqual([500, []]);
    expect(text).not.toContain('secret');
  });

  test('a scope that is missing is a 403 that says so, in the header too', async () => {
    const { status, headers, body } = await smart.ask('GET', 'Patient/a', { token: 'a+patient/Condition.rs' });
    expect([status, headers.get('www-authenticate'), fhirErrors(body)]).toEqual([
      403,
      'Bearer realm="FHIR", error="insufficient_scope"',
      [],
    ]);
    expect(body).toMatchObject({
      issue: [{ code: 'forbidden', diagnostics: expect.stringContaining('read Patient') }],
    });
  });
});

describe('of each request that it answers it tells', () => {
  test('what was asked, with the form of a search where it would stand in the URL, and what went out', async () => {
    const before = smart.exchanges.length;
    const token = 'a+patient/*.rs';
    const found = await smart.ask('POST', 'Condition/_search?_count=1', { token, body: 'patient=a', headers: FORM });
    const alone = await smart.ask('POST', 'Condition/_search', { token, body: 'patient=a', headers: FORM });
    const refused = await smart.ask('GET', 'Condition?patient=a');
    const base = await smart.ask('GET', '?x=1', { token });
    expect(smart.exchanges.slice(before)).toMatchObject([
      { method: 'POST', path: 'Condition/_search?_count=1&patient=a', status: 200, bytes: byteLength(found), token },
      { method: 'POST', path: 'Condition/_search?patient=a', status: 200, bytes: byteLength(alone), token },
      { method: 'GET', path: 'Condition?patient=a', status: 401, bytes: byteLength(refused), token: undefined },
      { method: 'GET', path: '?x=1', status: 404, bytes: byteLength(base), token },
    ]);
    for (const { milliseconds } of smart.exchanges.slice(before)) expect(milliseconds).toBeGreaterThan(0);
  });

  test('also if it was the statement, the configuration, a preflight, only the head, or no JSON', async () => {
    const before = smart.exchanges.length;
    await smart.ask('GET', 'metadata');
    const configuration = await smart.ask('GET', '.well-known/smart-configuration');
    await smart.ask('OPTIONS', 'Patient', {
      headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' },
    });
    await smart.ask('HEAD', 'Patient/a', { token: 'a+patient/*.rs' });
    await smart.ask('POST', 'Patient', { token: 'a+patient/*.c', body: '{' });
    expect(smart.exchanges.slice(before).map(({ method, status }) => [method, status])).toEqual([
      ['GET', 200],
      ['GET', 200],
      ['OPTIONS', 204],
      ['HEAD', 200],
      ['POST', 400],
    ]);
    expect(smart.exchanges.slice(before).map(({ bytes }) => bytes)).toMatchObject([
      expect.any(Number),
      byteLength(configuration),
      0,
      0,
      expect.any(Number),
    ]);
  });
});

test('of a request that nobody waits for any more it tells once, and that they are gone', async () => {
  const arrived = Promise.withResolvers<void>();
  const judged = Promise.withResolvers<Access | undefined>();
  const slow = await serveFhir({
    access: {
      kind: 'smart',
      judge: async () => {
        arrived.resolve();
        return judged.promise;
      },
    },
    resources: RESOURCES,
  });
  started.push(slow);
  const patience = new AbortController();
  const asked = fetch(`${slow.base}/Patient/a`, { headers: { authorization: 'Bearer any' }, signal: patience.signal });
  await arrived.promise;
  patience.abort();
  await expect(asked).rejects.toThrow('aborted');
  // oxlint-disable-next-line no-await-in-loop -- until the server has noticed
  while (slow.exchanges.length === 0) await setImmediate();
  judged.resolve({ scopes: ['patient/*.rs'], patient: 'a', client: 'tests' });
  await slow.ask('GET', 'Patient/a', { token: 'any' });
  expect(slow.exchanges).toMatchObject([
    { method: 'GET', path: 'Patient/a', status: 'gone', bytes: 0, token: 'any' },
    { path: 'Patient/a', status: 200 },
  ]);
});

test('nothing below a base is left for others to answer', async () => {
  const paths = [
    '',
    'x',
    'Patient/a/x',
    '.well-known/other',
    '.well-known/smart-configuration/x',
    'metadata/x',
    '%E0%A4%A',
  ];
  const replies = await Promise.all(
    paths.flatMap((path) =>
      ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'].map((method) => smart.ask(method, path, { token: '-+user/*.cruds' })),
    ),
  );
  for (const { status, body } of replies) {
    expect([400, 404, 415]).toContain(status);
    expect(fhirErrors(body)).toEqual([]);
  }
});

function byteLength({ text }: { readonly text: string }): number {
  return Buffer.byteLength(text);
}
