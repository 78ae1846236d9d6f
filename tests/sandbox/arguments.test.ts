import { describe, expect, test } from '@jest/globals';
import { parseSandboxArguments } from '../../src/sandbox/arguments.ts';
import { UsageError } from '../../src/terminal/usage-error.ts';

const SERVER = ['--fhir-server', 'https://fhir.example.org/r4/'];
const SECRET = 'SECRET-VALUE';

function faultOf(args: readonly string[], env: Record<string, string> = {}): string {
  try {
    parseSandboxArguments(args, env);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'none';
}

describe('what is asked for', () => {
  test('is all patients, to be deleted again, unless something else is said', () => {
    expect(parseSandboxArguments(SERVER, {})).toEqual({
      fhirServer: 'https://fhir.example.org/r4',
      token: undefined,
      task: { kind: 'load', patients: undefined, keep: false },
      sandboxes: undefined,
      budgetMs: undefined,
      json: false,
    });
  });

  test.each([
    [['--patients', 'a, b,a', '--keep'], { kind: 'load', patients: ['a', 'b'], keep: true }],
    [
      ['--patients', 'a', '--patient-ids', '1,2', '--keep'],
      { kind: 'load', patients: ['a'], keep: true, patientIds: ['1', '2'] },
    ],
    [['--patient-ids', 'eq081-VQEgP8drUUqCWzHfw3'], { kind: 'read', patientIds: ['eq081-VQEgP8drUUqCWzHfw3'] }],
    [
      ['--clean', '0b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d'],
      { kind: 'clean', tag: '0b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d' },
    ],
  ])('%j', (args, task) => {
    expect(parseSandboxArguments([...SERVER, ...args], {})?.task).toEqual(task);
  });

  test('is one server, however its address is written', () => {
    const written = ['HTTPS://FHIR.example.org:443/r4', 'https://fhir.example.org/r4//'];
    const read = written.map((base) => parseSandboxArguments(['--fhir-server', base], {})?.fhirServer);
    expect(read).toEqual(written.map(() => 'https://fhir.example.org/r4'));
  });

  test('may be help, whatever else stands there', () => {
    expect(parseSandboxArguments(['--help'], {})).toBeUndefined();
  });

  test('takes the token from FHIR_TOKEN, and from the command line first', () => {
    expect(parseSandboxArguments(SERVER, { FHIR_TOKEN: 'env' })?.token).toBe('env');
    expect(parseSandboxArguments(SERVER, { FHIR_TOKEN: '' })?.token).toBeUndefined();
    expect(parseSandboxArguments([...SERVER, '--token', 'arg'], { FHIR_TOKEN: 'env' })?.token).toBe('arg');
  });
});

describe('what is not understood', () => {
  test.each([
    [[], '--fhir-server is missing'],
    [['--fhir-server', 'ftp://h/r4'], 'takes a FHIR base URL'],
    [['--fhir-server', `https://user:${SECRET}@h/r4`], 'takes a FHIR base URL'],
    [[...SERVER, '--patients', 'a', '--clean', '0b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d'], '--clean goes without'],
    [[...SERVER, '--patient-ids', '1', '--clean', '0b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d'], '--clean goes without'],
    [[...SERVER, '--patient-ids', '..'], '--patient-ids takes FHIR ids'],
    [['--fhir-server', 'https://h/FHIR/../fhir/.'], 'plain spelling'],
    [['--fhir-server', 'https://h/fhir/.'], 'plain spelling'],
    [['--fhir-server', 'https://h/%66hir'], 'plain spelling'],
    [['--fhir-server', 'https://h//fhir'], 'plain spelling'],
    [[...SERVER, '--patient-ids', '1', '--keep'], '--keep goes with'],
    [[...SERVER, '--patients', '../x'], '--patients takes FHIR ids'],
    [[...SERVER, '--clean', 'everything'], '--clean takes the tag of a run'],
    [[...SERVER, '--budget', '0'], '--budget takes milliseconds'],
    [[...SERVER, '--tokn', SECRET], 'Unknown option --tokn'],
    [[...SERVER, `--tokn=${SECRET}`], 'Unknown option --tokn'],
    [[...SERVER, '--json', SECRET], 'Unexpected argument'],
    [[...SERVER, `--json=${SECRET}`], 'has no value, or one that it does not take'],
    [[...SERVER, '--token'], 'has no value, or one that it does not take'],
    [[...SERVER, '--token', `${SECRET} with spaces`], 'no bearer token'],
    [[...SERVER, '--token', `${SECRET}\r\nx-other: header`], 'no bearer token'],
  ])('%j is refused without repeating a value', (args, said) => {
    const fault = faultOf(args);
    expect(fault).toContain(said);
    expect(fault).not.toContain(SECRET);
  });

  test.each([
    ['http://fhir.example.org/r4', false],
    ['http://hapi.example.org:8080/fhir', false],
    ['http://127.0.0.1.example.org/fhir', false],
    ['https://fhir.example.org/r4', true],
    ['http://localhost:8080/fhir', true],
    ['http://127.0.0.1:8080/fhir', true],
    ['http://[::1]:8080/fhir', true],
    ['http://hapi:8080/fhir', true],
  ])('a token for %s: %s', (base, isTaken) => {
    const fault = faultOf(['--fhir-server', base], { FHIR_TOKEN: SECRET });
    expect(fault === 'none').toBe(isTaken);
    expect(fault).not.toContain(SECRET);
    expect(faultOf(['--fhir-server', base])).toBe('none');
  });
});
