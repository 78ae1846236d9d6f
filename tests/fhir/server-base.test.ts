import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isUnderBase, serverKey, urlUnderBase } from '../../src/fhir/server-base.ts';

const base = 'https://ehr.example:8443/r4';

describe('a reference is read relative to the FHIR base', () => {
  test.each([
    ['Patient/p1', `${base}/Patient/p1`],
    ['Condition?patient=p1', `${base}/Condition?patient=p1`],
    [
      'a bare | is encoded',
      `${base}/Observation?code=http://loinc.org%7C29463-7`,
      'Observation?code=http://loinc.org|29463-7',
    ],
    ['an absolute next link is followed as it is', `${base}/Condition?page=2`, `${base}/Condition?page=2`],
    ["HAPI's next link is the base with a query", `${base}?_getpages=x`, `${base}?_getpages=x`],
    ['a path from the root', `${base}/Condition?page=2`, '/r4/Condition?page=2'],
    ['a fragment is never sent', `${base}/Patient/p1`, 'Patient/p1#x'],
  ])('%s', (claim, url, reference = claim) => {
    expect(urlUnderBase(reference, base)).toBe(url);
    expect(urlUnderBase(reference, `${base}/`)).toBe(url);
  });

  test('the default port may be written out', () => {
    expect(urlUnderBase('https://ehr.example:443/r4/Condition?continue=x', 'https://ehr.example/r4')).toBe(
      'https://ehr.example/r4/Condition?continue=x',
    );
  });

  test('the patient of a base without a path lies under it', () => {
    expect(urlUnderBase('Patient/p1', 'http://127.0.0.1:3000')).toBe('http://127.0.0.1:3000/Patient/p1');
  });
});

// CH-87.
describe('a reference that leads away from the FHIR base has no URL', () => {
  test.each([
    'https://evil.example/r4/Condition?page=2',
    '//evil.example/r4/Condition?page=2',
    '\\\\evil.example\\r4\\Condition',
    'https://ehr.example/r4/Condition?page=2', // another port
    'https://ehr.example:8444/r4/Condition?page=2',
    'http://ehr.example:8443/r4/Condition?page=2',
    'https://ehr.example.evil.example:8443/r4/Condition',
    'https://ehr.example:8443@evil.example/r4/Condition',
    'https://user@ehr.example:8443/r4/Condition',
    'https://:secret@ehr.example:8443/r4/Condition',
    'https://ehr.example:8443/r4evil/Condition',
    'https://ehr.example:8443/',
    'https://ehr.example:8443/admin',
    '/admin',
    '../admin',
    'https://ehr.example:8443/r4/../admin',
    'https://ehr.example:8443/r4/%2e%2e/admin',
    'https://ehr.example:8443/r4/.%2E/admin',
    'https://ehr.example:8443/r4/..%2fadmin',
    'https://ehr.example:8443/r4/..%5Cadmin',
    'https://ehr.example:8443/r4/Condition\\..\\..\\admin',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:application/json,{}',
    'https://',
    'https://[',
    '',
  ])('%j', (reference) => {
    expect(urlUnderBase(reference, base)).toBeUndefined();
  });
});

test('nothing lies under a base that is no URL', () => {
  expect(isUnderBase('https://ehr.example/r4', 'ehr.example')).toBe(false);
  expect(isUnderBase('ehr.example', 'https://ehr.example/r4')).toBe(false);
  expect(urlUnderBase('Patient/p1', 'ehr.example')).toBeUndefined();
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
