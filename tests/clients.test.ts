import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readClients, serverKey } from '../src/clients.ts';

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asps-clients-'));
  file = join(folder, 'clients.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is wrong with a clients file, without its path. */
function problemsOf(text: string): readonly string[] {
  writeFileSync(file, text);
  const read = readClients(file);
  return 'problems' in read ? read.problems.map((problem) => problem.replace(`${file}:`, '')) : [];
}

const ONE = 'clients:\n  - name: General Hospital\n    fhirServers: [https://fhir.example.org/r4]\n';

describe('a clients file', () => {
  test('names clients, their FHIR servers, and folders relative to itself', () => {
    expect(readClients('fixtures/overlays/clients.yaml')).toEqual({
      clients: [
        {
          name: 'General Hospital',
          fhirServers: ['https://fhir.hospital.example.org/r4'],
          overlay: 'fixtures/overlays/general-hospital',
        },
        { name: 'Another Hospital', fhirServers: ['https://fhir.another.example.org/r4'] },
      ],
    });
  });

  test('that is not there is said', () => {
    expect(readClients('nowhere/clients.yaml')).toEqual({
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
      'clients:\n  - fhirServers: [https://fhir.example.org]\n',
      ["2: /clients/0 must have required property 'name'"],
    ],
    [
      'with a client without a server',
      'clients:\n  - name: General Hospital\n',
      ["2: /clients/0 must have required property 'fhirServers'"],
    ],
    [
      'with a server that is no URL',
      ONE.replace('https://fhir.example.org/r4', 'fhir.example.org'),
      ['3: /clients/0/fhirServers/0 must be a FHIR base URL: http or https, and no query'],
    ],
    [
      'with a member that nobody knows',
      `${ONE}    colour: red\n`,
      ['4: /clients/0 must NOT have additional properties: colour'],
    ],
    [
      'with a name twice',
      `${ONE}  - name: General Hospital\n    fhirServers: [https://b.example.org]\n`,
      ['4: /clients/1/name is the name of another client too'],
    ],
    [
      'with a server twice, however it is written',
      `${ONE}  - name: Another\n    fhirServers: [https://b.example.org, HTTPS://FHIR.example.org:443/r4/]\n`,
      ['5: /clients/1/fhirServers/1 is there twice: a FHIR server belongs to one client'],
    ],
    [
      'with an overlay that is not there',
      `${ONE}    overlay: ./typo\n`,
      [expect.stringMatching(/^4: \/clients\/0\/overlay there is no folder .*\/typo$/)],
    ],
    [
      'with an overlay that is a file',
      `${ONE}    overlay: clients.yaml\n`,
      [expect.stringMatching(/^4: \/clients\/0\/overlay there is no folder/)],
    ],
    ...[
      'iss: https://ehr.example.org',
      'tenants: [north]',
      'jwksUrl: https://ehr.example.org/jwks',
      'jwks: { keys: [] }',
      'algorithms: [ES384]',
      'profile: epic',
      'prefetch: lean',
      'smartClientId: abc',
      'rateLimitPerMinute: 600',
    ].map((line): [string, string, readonly string[]] => [
      `with ${line}, which would be ignored`,
      `${ONE}    ${line}\n`,
      [`4: /clients/0/${line.split(':')[0] ?? ''} is not supported by this version yet`],
    ]),
  ])('%s is refused with line and field', (_claim, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('of whatever kind is taken or refused with its problems, and nothing is thrown', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null), fc.array(fc.webUrl()));
    const member = fc.constantFrom('name', 'fhirServers', 'overlay', 'iss', '__proto__', 'x');
    const client = fc.dictionary(member, value, { maxKeys: 4 });
    const text = fc.oneof(
      fc.string(),
      fc
        .record({ clients: fc.oneof(value, fc.array(client, { maxLength: 3 })) })
        .map((content) => JSON.stringify(content)),
    );
    fc.assert(
      fc.property(text, (content) => {
        writeFileSync(file, content);
        const read = readClients(file);
        expect('problems' in read ? read.problems.length : read.clients.length).toBeGreaterThan(0);
      }),
    );
  });

  test('with several faults has them all named', () => {
    expect(problemsOf(`${ONE}    iss: x\n    colour: red\n`)).toHaveLength(2);
  });
});

describe('two addresses of one FHIR server are the same', () => {
  test.each([
    ['https://fhir.example.org/r4', 'https://fhir.example.org/r4/'],
    ['https://fhir.example.org/r4', 'HTTPS://FHIR.EXAMPLE.ORG:443/r4'],
    ['https://fhir.example.org', 'https://fhir.example.org/'],
  ])('%s and %s', (one, other) => {
    expect(serverKey(one)).toBe(serverKey(other));
  });

  test.each([
    ['https://fhir.example.org/r4', 'http://fhir.example.org/r4'],
    ['https://fhir.example.org/r4', 'https://fhir.example.org/R4'],
    ['https://fhir.example.org/r4', 'https://fhir.example.org:8443/r4'],
  ])('but not %s and %s', (one, other) => {
    expect(serverKey(one)).not.toBe(serverKey(other));
  });

  test('whatever a caller sends has a key or none, and costs no time', () => {
    fc.assert(fc.property(fc.string(), (text) => ['undefined', 'string'].includes(typeof serverKey(text))));
    const started = performance.now();
    serverKey(`https://x.example/${'/'.repeat(1_000_000)}x`);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
