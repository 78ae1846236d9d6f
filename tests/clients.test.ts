import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { clientProfile } from '../src/cds-hooks/profile.ts';
import { type ClientsOptions, readClients } from '../src/clients.ts';
import { makeKey } from './support/jwt.ts';
import { SANDBOX_KEY } from './support/sandbox-key.ts';

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asps-clients-'));
  file = join(folder, 'clients.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

const OPTIONS: ClientsOptions = { services: ['asps-patient-view', 'asps-order-sign'] };

/** What is wrong with a clients file, without its path. */
function problemsOf(text: string, options = OPTIONS): readonly string[] {
  writeFileSync(file, text);
  const read = readClients(file, options);
  return 'problems' in read ? read.problems.map((problem) => problem.replace(`${file}:`, '')) : [];
}

const KEYS = 'jwksUrl: https://ehr.example.org/jwks';
const ONE = `clients:
  - name: General Hospital
    iss: https://ehr.example.org
    ${KEYS}
    fhirServers: [https://fhir.example.org/r4]
`;
/** With these lines below the one client's. */
const withLines = (...lines: readonly string[]) => `${ONE}${lines.map((line) => `    ${line}\n`).join('')}`;
const another = (...lines: readonly string[]) =>
  `${ONE}  - name: Another Hospital\n${lines.map((line) => `    ${line}\n`).join('')}`;
const inline = (keys: string) => ONE.replace(KEYS, `jwks: { keys: [${keys}] }`);
const members = ({ kid: _kid, ...jwk }: Readonly<Record<string, unknown>>) => JSON.stringify(jwk).slice(1, -1);
const EC = members(makeKey('ES384', '').jwk);
const RSA = members(makeKey('RS256', '').jwk);
const SANDBOX = 'the public Sandbox, whose private key is public: only with profile sandbox, and not in production';

describe('a clients file', () => {
  test('names clients, and folders relative to itself', () => {
    const read = readClients('fixtures/overlays/clients.yaml', OPTIONS);
    if ('problems' in read) throw new Error(read.problems.join('\n'));
    expect(read.clients).toEqual([
      {
        name: 'General Hospital',
        iss: 'https://ehr.hospital.example.org',
        keys: { jwksUrl: 'https://ehr.hospital.example.org/jwks' },
        algorithms: ['ES384', 'RS384'],
        fhirServers: ['https://fhir.hospital.example.org/r4'],
        reach: { kind: 'any' },
        profile: clientProfile('default'),
        prefetch: 'full',
        overlay: 'fixtures/overlays/general-hospital',
        rateLimitPerMinute: 600,
      },
      expect.objectContaining({ name: 'Another Hospital' }),
    ]);
    expect(Object.keys(read.clients[1] ?? {})).not.toContain('overlay');
  });

  test('may say everything of a client (CH-85)', () => {
    writeFileSync(
      file,
      `clients:
  - name: General Hospital
    iss: https://ehr.example.org
    tenants: [north, south]
    jwks: { keys: [{ kid: k1, ${EC} }, { kid: k2, ${RSA} }] }
    algorithms: [ES384, RS256]
    fhirServers: [https://fhir.example.org/r4, https://fhir.example.org/dstu]
    privateAddresses: [10.20.0.0/16, 'fd00:1::/32']
    profile: epic
    supports: [autolaunchable]
    deleteShape: resource
    services: [asps-patient-view]
    prefetch: lean
    rateLimitPerMinute: 60
    smartClientId: asps app
    smartAuthorizationServers: [https://login.example.org, 'http://127.0.0.1:9000']
    smartFrameAncestors: [https://portal.example.org]
`,
    );
    expect(readClients(file, OPTIONS)).toMatchObject({
      clients: [
        {
          tenants: ['north', 'south'],
          keys: { jwks: { keys: [{ kid: 'k1' }, { kid: 'k2', kty: 'RSA' }] } },
          algorithms: ['ES384', 'RS256'],
          profile: { id: 'epic', supports: new Set(['autolaunchable']), deleteShape: 'resource' },
          services: ['asps-patient-view'],
          prefetch: 'lean',
          rateLimitPerMinute: 60,
          smartClientId: 'asps app',
          smartAuthorizationServers: ['https://login.example.org', 'http://127.0.0.1:9000'],
          smartFrameAncestors: ['https://portal.example.org'],
        },
      ],
    });
  });

  test.each([
    ['default', 'resourceId'],
    ['epic', 'resourceId'],
    ['cds-hooks-1.0', 'resource'],
    ['oracle-health', 'resource'],
  ] as const)(
    'with the profile %s has deletions by `%s` unless it says otherwise (CH-119, CH-120)',
    (profile, usual) => {
      const shapeOf = (...lines: readonly string[]) => {
        writeFileSync(file, withLines(`profile: ${profile}`, ...lines));
        const read = readClients(file, OPTIONS);
        return 'clients' in read ? read.clients[0]?.profile.deleteShape : read.problems;
      };
      expect(shapeOf()).toBe(usual);
      expect([shapeOf('deleteShape: resource'), shapeOf('deleteShape: resourceId')]).toEqual([
        'resource',
        'resourceId',
      ]);
    },
  );

  test('may leave out the FHIR servers: a client that sends everything needs none', () => {
    writeFileSync(file, ONE.replace(/ {4}fhirServers.*\n/, ''));
    expect(readClients(file, OPTIONS)).toMatchObject({ clients: [{ fhirServers: [] }] });
  });

  test('may name one issuer for several clients that their tenants tell apart (CH-167)', () => {
    const tenants = (tenant: string) => `tenants: [${tenant}]`;
    expect(
      problemsOf(`${withLines(tenants('north'))}  - name: Another Hospital
    iss: https://ehr.example.org
    ${KEYS}
    ${tenants('south')}
`),
    ).toEqual([]);
  });

  test('that is not there is said', () => {
    expect(readClients('nowhere/clients.yaml', OPTIONS)).toEqual({
      problems: ['nowhere/clients.yaml: cannot be read (ENOENT)'],
    });
  });

  test.each<[claim: string, text: string, problems: readonly unknown[]]>([
    ['empty', '', ['1: / must be object']],
    ['without a client', 'clients: []\n', ['1: /clients must NOT have fewer than 1 items']],
    [
      'that is no YAML',
      'clients: [\n',
      ['2: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
    [
      'with a client without a name',
      ONE.replace('name: General Hospital\n    ', ''),
      ["2: /clients/0 must have required property 'name'"],
    ],
    [
      'with a client without an issuer',
      ONE.replace('    iss: https://ehr.example.org\n', ''),
      ["2: /clients/0 must have required property 'iss'"],
    ],
    [
      'with a client without keys',
      ONE.replace(`    ${KEYS}\n`, ''),
      ['2: /clients/0 must have either jwksUrl or jwks: its JWTs could not be verified'],
    ],
    [
      'with a client with keys twice',
      withLines(`jwks: { keys: [{ kid: a, ${EC} }] }`),
      ['2: /clients/0 must have either jwksUrl or jwks: its JWTs could not be verified'],
    ],
    [
      'with an address of keys that is none',
      ONE.replace(KEYS, 'jwksUrl: file:///etc/keys'),
      ['4: /clients/0/jwksUrl must be an absolute http or https URL'],
    ],
    [
      'with a key without a kid (CH-159)',
      inline(`{ ${EC} }`),
      ["4: /clients/0/jwks/keys/0 must have required property 'kid'"],
    ],
    [
      'with one kid for two keys (CH-159)',
      inline(`{ kid: a, ${EC} }, { kid: a, ${EC} }`),
      ['4: /clients/0/jwks/keys/1/kid is the kid of another key too'],
    ],
    [
      'with a symmetric key (CH-170)',
      inline('{ kid: a, kty: oct, k: c2VjcmV0 }'),
      [expect.stringMatching(/^4: \/clients\/0\/jwks\/keys\/0\/kty must be equal to one of the allowed values/)],
    ],
    [
      'with a key of which a member is missing',
      inline('{ kid: a, kty: EC, crv: P-384, x: abc }'),
      ['4: /clients/0/jwks/keys/0 is no public key: a member is missing or malformed'],
    ],
    [
      'with an RSA key that is too short',
      inline(`{ kid: a, ${members(makeKey('RS384', '', { rsaBits: 1024 }).jwk)} }`),
      ['4: /clients/0/jwks/keys/0/n has less than 2048 bits'],
    ],
    [
      'with a private key',
      inline(`{ kid: a, ${EC}, d: c2VjcmV0 }`),
      ['4: /clients/0/jwks/keys/0/d belongs to a private key: public keys only'],
    ],
    ...['none', 'HS256', 'HS384', 'HS512', 'RSA-OAEP', 'es384'].map((algorithm): [string, string, unknown[]] => [
      `with the algorithm ${algorithm} (CH-169, CH-170)`,
      withLines(`algorithms: [${algorithm}]`),
      [expect.stringMatching(/^6: \/clients\/0\/algorithms\/0 must be equal to one of the allowed values: ES384, /)],
    ]),
    [
      'without an algorithm',
      withLines('algorithms: []'),
      ['6: /clients/0/algorithms must NOT have fewer than 1 items'],
    ],
    [
      'with an unknown profile',
      withLines('profile: meditech'),
      [expect.stringMatching(/^6: \/clients\/0\/profile must be equal to one of the allowed values: default, /)],
    ],
    [
      'with an unknown feature',
      withLines('supports: [telepathy]'),
      [expect.stringMatching(/^6: \/clients\/0\/supports\/0 must be equal to one of the allowed values: action-/)],
    ],
    [
      'with a deletion in a shape that no version has',
      withLines('deleteShape: reference'),
      ['6: /clients/0/deleteShape must be equal to one of the allowed values: resourceId, resource'],
    ],
    [
      'with an unknown service',
      withLines('services: [asps-patient-veiw]'),
      ['6: /clients/0/services/0 must be one of asps-patient-view, asps-order-sign'],
    ],
    [
      'with a lean client that no server could be asked for',
      ONE.replace('[https://fhir.example.org/r4]', '[]').concat('    prefetch: lean\n'),
      ['6: /clients/0/prefetch lean needs fhirServers: the rest is read from there'],
    ],
    [
      'with a key that its algorithms do not allow (CH-172)',
      inline(`{ kid: a, ${EC} }`).concat('    algorithms: [RS384]\n'),
      ['4: /clients/0/jwks/keys/0 is a key for ES384, and its client may sign with RS384 alone'],
    ],
    [
      'with the public Sandbox, whose key everybody has',
      ONE.replace('https://ehr.example.org\n', 'https://sandbox.cds-hooks.org\n'),
      [`3: /clients/0/iss is ${SANDBOX}`],
    ],
    [
      'with its key under another name',
      inline(`{ kid: a, ${members(SANDBOX_KEY)} }`),
      [`4: /clients/0/jwks/keys/0 is the key of ${SANDBOX}`],
    ],
    [
      'with a blank at the end of a name',
      ONE.replace('General Hospital', '"General Hospital "'),
      ['2: /clients/0/name must have no control characters, and no blank at either end'],
    ],
    [
      'with a name twice, but for the case',
      another('iss: https://another.example.org', KEYS).replace('Another Hospital', 'GENERAL hospital'),
      ['6: /clients/1/name is the name of another client too'],
    ],
    [
      'with a server that is not the one that would be asked (CH-87)',
      ONE.replace('/r4]', '/r4/../admin]'),
      ['5: /clients/0/fhirServers/0 must be written as it is asked: its path is /admin'],
    ],
    [
      'with a rate for which no memory of JWTs would do (CH-177)',
      withLines('rateLimitPerMinute: 3001'),
      ['6: /clients/0/rateLimitPerMinute must be <= 3000'],
    ],
    ['with a rate of nothing', withLines('rateLimitPerMinute: 0'), ['6: /clients/0/rateLimitPerMinute must be >= 1']],
    [
      'with a server that is no URL',
      ONE.replace('https://fhir.example.org/r4', 'fhir.example.org'),
      ['5: /clients/0/fhirServers/0 must be a FHIR base URL: http or https, and no query'],
    ],
    [
      'with a private network that is none of those',
      withLines('privateAddresses: [10.20.0.0/16, 127.0.0.0/8]'),
      [expect.stringMatching(/^6: \/clients\/0\/privateAddresses\/1 must lie in 10\.0\.0\.0\/8, /)],
    ],
    [
      'with a server twice, however it is written',
      ONE.replace('/r4]', '/r4, HTTPS://FHIR.example.org:443/r4/]'),
      ['5: /clients/0/fhirServers/1 is there twice'],
    ],
    [
      'with a member that nobody knows',
      withLines('colour: red'),
      ['6: /clients/0 must NOT have additional properties: colour'],
    ],
    [
      'with a name twice',
      another('iss: https://another.example.org', KEYS).replace('Another Hospital', 'General Hospital'),
      ['6: /clients/1/name is the name of another client too'],
    ],
    [
      'with an issuer twice and nothing to tell them apart',
      another('iss: https://ehr.example.org', KEYS, 'tenants: [north]'),
      ['3: /clients/0/iss is the iss of another client too: each of them needs tenants'],
    ],
    [
      'with a tenant of two clients of one issuer',
      `${withLines('tenants: [north]')}  - name: Another Hospital\n    iss: https://ehr.example.org\n    ${KEYS}\n    tenants: [south, north]\n`,
      ['10: /clients/1/tenants/1 is a tenant of another client with the same iss too'],
    ],
    [
      'with an overlay that is not there',
      withLines('overlay: ./typo'),
      [expect.stringMatching(/^6: \/clients\/0\/overlay there is no folder .*\/typo$/)],
    ],
    [
      'with an overlay that is a file',
      withLines('overlay: clients.yaml'),
      [expect.stringMatching(/^6: \/clients\/0\/overlay there is no folder/)],
    ],
    [
      'that launches the app from nowhere',
      withLines('smartClientId: abc').replace(/ {4}fhirServers.*\n/, ''),
      ['5: /clients/0/smartClientId needs fhirServers: the app is launched by the EHR of one of them'],
    ],
    [
      'with a page that would break out of the policy of those that it may frame',
      withLines('smartClientId: abc', 'smartFrameAncestors: ["https://ehr.example.org;script-src \'unsafe-inline\'"]'),
      [expect.stringMatching(/^7: \/clients\/0\/smartFrameAncestors\/0 must be an origin as browsers write it/)],
    ],
    [
      'with a token endpoint for an app that nothing launches',
      withLines('smartAuthorizationServers: [https://login.example.org]'),
      ['6: /clients/0/smartAuthorizationServers needs smartClientId: nothing launches the app'],
    ],
    [
      'with one FHIR server for two apps',
      `${withLines('smartClientId: abc', 'tenants: [north]')}  - name: Another Hospital\n    iss: https://another.example.org\n    ${KEYS}\n    fhirServers: [https://fhir.example.org/r4/]\n    smartClientId: xyz\n`,
      [
        '12: /clients/1/smartClientId goes with another smartClientId than that of "General Hospital", which has the same FHIR server: it could not be said as which of the two the app is launched',
      ],
    ],
    [
      'with members of the app that are no texts',
      withLines('smartClientId: 7', 'smartFrameAncestors: https://ehr.example.org', 'smartAuthorizationServers: []'),
      [
        '6: /clients/0/smartClientId must be string',
        '8: /clients/0/smartAuthorizationServers must NOT have fewer than 1 items',
        '7: /clients/0/smartFrameAncestors must be array',
      ],
    ],
  ])('%s is refused with line and field', (_claim, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  describe('in production', () => {
    const production = { ...OPTIONS, isProduction: true };

    test('is taken when everything is encrypted', () => {
      expect(problemsOf(ONE, production)).toEqual([]);
    });

    test('reaches public addresses, and the private ones that a client names', () => {
      writeFileSync(file, withLines('privateAddresses: [10.20.0.0/16]').replace('fhir.example.org', '10.20.0.5'));
      expect(readClients(file, production)).toMatchObject({
        clients: [{ reach: { kind: 'public', besides: ['10.20.0.0/16'] } }],
      });
    });

    test.each<[claim: string, text: string, problem: string]>([
      [
        'a FHIR server with a private address',
        ONE.replace('fhir.example.org', '10.20.0.5'),
        '5: /clients/0/fhirServers/0 is no public address: not in production, unless it is in privateAddresses',
      ],
      [
        'a FHIR server on this machine',
        ONE.replace('fhir.example.org', 'localhost'),
        '5: /clients/0/fhirServers/0 is this very machine: not in production',
      ],
      [
        'a FHIR server without encryption (CH-31, CH-152)',
        ONE.replace('https://fhir', 'http://fhir'),
        '5: /clients/0/fhirServers/0 must be https in production',
      ],
      [
        'keys that anybody on the way could swap',
        ONE.replace('https://ehr.example.org/jwks', 'http://ehr.example.org/jwks'),
        '4: /clients/0/jwksUrl must be https in production',
      ],
      [
        'a token endpoint without encryption',
        withLines('smartClientId: abc', 'smartAuthorizationServers: [http://127.0.0.1:9000]'),
        '7: /clients/0/smartAuthorizationServers/0 must be https in production',
      ],
      [
        'the profile of the Sandbox',
        withLines('profile: sandbox'),
        '6: /clients/0/profile sandbox is for synthetic patients: not in production',
      ],
    ])('is refused with %s', (_claim, text, problem) => {
      expect(problemsOf(text, production)).toEqual([problem]);
      expect(problemsOf(text)).toEqual([]);
    });
  });

  test.each(['default', 'sandbox'])(
    'names nobody who is the public Sandbox in production, with the profile %s',
    (id) => {
      const text = inline(`{ kid: a, ${members(SANDBOX_KEY)} }`).concat(`    profile: ${id}\n`);
      expect(problemsOf(text, { ...OPTIONS, isProduction: true })).toHaveLength(1);
      expect(problemsOf(text)).toHaveLength(id === 'sandbox' ? 0 : 1);
    },
  );

  test('of whatever kind is taken or refused with its problems, and nothing is thrown', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null), fc.array(fc.webUrl()));
    const member = fc.constantFrom('name', 'iss', 'jwks', 'jwksUrl', 'fhirServers', 'overlay', '__proto__', 'x');
    const client = fc.dictionary(member, value, { maxKeys: 6 });
    const text = fc.oneof(
      fc.string(),
      fc
        .record({ clients: fc.oneof(value, fc.array(client, { maxLength: 3 })) })
        .map((content) => JSON.stringify(content)),
    );
    fc.assert(
      fc.property(text, (content) => {
        writeFileSync(file, content);
        const read = readClients(file, OPTIONS);
        expect('problems' in read ? read.problems.length : read.clients.length).toBeGreaterThan(0);
      }),
    );
  });

  test('with several faults has them all named', () => {
    expect(problemsOf(withLines('prefetch: all', 'colour: red'))).toHaveLength(2);
  });
});
