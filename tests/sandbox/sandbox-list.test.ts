import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { FixtureError } from '../../src/ehr-demo/scenarios.ts';
import { readSandboxes, writePermission } from '../../src/sandbox/sandbox-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'sandbox-list-'));
afterAll(() => rmSync(folder, { recursive: true }));

function listOf(text: string): string {
  const file = join(folder, 'list.yaml');
  writeFileSync(file, text);
  return file;
}

describe('the list that comes with the service', () => {
  const sandboxes = readSandboxes();

  test('names each server once', () => {
    expect(new Set(sandboxes.map(({ base }) => base)).size).toBe(sandboxes.length);
  });

  test('lets nobody write to a server that needs a login, or to a vendor’s', () => {
    const writable = sandboxes.filter((sandbox) => sandbox.writable).map(({ name }) => name);
    expect(writable).toEqual(['HAPI FHIR public test server', 'Meld (successor of Logica)']);
  });

  test.each([
    ['http://hapi.fhir.org/baseR4', 'allowed'],
    ['HTTP://HAPI.FHIR.ORG:80/baseR4/', 'allowed'],
    ['http://hapi.fhir.org/baseR5', 'not-listed'],
    ['https://hapi.fhir.org/baseR4', 'not-listed'],
    ['http://hapi.fhir.org.example.org/baseR4', 'not-listed'],
    ['https://fhir-open.cerner.com/r4/ec2458f2-1e24-41c8-b71b-0e701af7583d', 'read-only'],
    ['https://gw.interop.community/mine/open', 'not-listed'],
    ['http://localhost:8080/fhir', 'allowed'],
    ['http://127.0.0.1:8080/fhir', 'allowed'],
    ['http://hapi:8080/fhir', 'not-listed'],
  ])('writing to %s: %s', (base, kind) => {
    expect(writePermission(base, sandboxes).kind).toBe(kind);
  });
});

test.each([
  ['no list', '{}'],
  ['no YAML', '[ { ]'],
  ['a server without a word on writing', "- { name: A, base: 'https://a.example', auth: x, notes: x, source: x }"],
  [
    'a misspelt member',
    "- { name: A, base: 'https://a.example', writeable: true, writable: false, auth: x, notes: x, source: x }",
  ],
])('%s is refused', (_what, text) => {
  expect(() => readSandboxes(listOf(text))).toThrow(FixtureError);
});

test('one entry that forbids writing outweighs another that allows it', () => {
  const entry = (writable: boolean) =>
    `- { name: A, base: 'https://a.example', writable: ${writable}, auth: x, notes: x, source: x }\n`;
  const sandboxes = readSandboxes(listOf(entry(true) + entry(false)));
  expect(writePermission('https://a.example', sandboxes).kind).toBe('read-only');
});

describe('all names of this machine are one', () => {
  const names = ['localhost', '127.0.0.1', '127.8.9.10', '[::1]', 'LOCALHOST', '[0:0:0:0:0:0:0:1]'];
  const sandboxes = readSandboxes(
    listOf("- { name: A, base: 'http://127.0.0.1:8080/fhir', writable: false, auth: x, notes: x, source: x }"),
  );

  test.each(names)('so that what is forbidden for one is forbidden for %s', (name) => {
    expect(writePermission(`http://${name}:8080/fhir`, sandboxes).kind).toBe('read-only');
    expect(writePermission(`http://${name}:8081/fhir`, sandboxes).kind).toBe('allowed');
  });

  test('and whichever is listed', () => {
    for (const listed of names) {
      const list = readSandboxes(
        listOf(`- { name: A, base: 'http://${listed}/fhir', writable: false, auth: x, notes: x, source: x }`),
      );
      expect(writePermission('http://localhost:80/fhir/', list).kind).toBe('read-only');
    }
  });
});
