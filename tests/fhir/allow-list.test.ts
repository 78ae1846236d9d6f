import { describe, expect, test } from '@jest/globals';
import { isAllowedFhirServer } from '../../src/fhir/allow-list.ts';

const open = { mode: 'open' } as const;

describe('the open mode allows a FHIR server on this machine', () => {
  test.each([
    'http://127.0.0.1/fhir',
    'http://127.0.0.1:8080/fhir/',
    'https://127.0.0.1/fhir',
    'http://127.255.255.254/r4',
    'http://localhost:3000/demo/fhir',
    'HTTP://LOCALHOST/fhir',
    'http://[::1]:8080/fhir',
    'http://[0:0:0:0:0:0:0:1]/fhir',
    'http://127.0.0.1',
    // Other spellings of 127.0.0.1, which the URL parser normalises before anything is sent.
    'http://2130706433/fhir',
    'http://0x7f000001/fhir',
    'http://0177.0.0.1/fhir',
    'http://127.1/fhir',
    'http://127.0.0.1./fhir',
    'http://１２７.0.0.1/fhir',
  ])('%s', (url) => {
    expect(isAllowedFhirServer(url, open)).toBe(true);
  });
});

describe('the open mode allows no other', () => {
  test.each([
    // another host
    'https://fhir.example.org/r4',
    'http://127.0.0.1.evil.example/fhir',
    'http://localhost.evil.example/fhir',
    'http://evil.example/127.0.0.1',
    'http://localhost./fhir',
    'http://notlocalhost/fhir',
    'http://127.0.0.1.nip.io/fhir',
    'http://0.0.0.0/fhir',
    'http://0/fhir',
    'http://128.0.0.1/fhir',
    'http://10.0.0.1/fhir',
    'http://169.254.169.254/latest/meta-data',
    'http://3232235777/fhir',
    'http://0xa9fea9fe/fhir',
    'http://[::ffff:127.0.0.1]/fhir',
    'http://[::]/fhir',
    'http://[::2]/fhir',
    'http://[fe80::1]/fhir',
    // user information
    'http://user:secret@127.0.0.1/fhir',
    'http://127.0.0.1@evil.example/fhir',
    'http://@127.0.0.1/fhir',
    'http://127.0.0.1:80@evil.example/fhir',
    'http://127.0.0.1\\@evil.example/fhir',
    'http://evil.example\\@127.0.0.1/fhir',
    // query and fragment
    'http://127.0.0.1/fhir?x=1',
    'http://127.0.0.1/fhir?',
    'http://127.0.0.1/fhir#x',
    'http://evil.example#@127.0.0.1/',
    'http://evil.example?@127.0.0.1/',
    // another scheme
    'file:///etc/passwd',
    'file://localhost/etc/passwd',
    'ftp://127.0.0.1/fhir',
    'ws://127.0.0.1/fhir',
    'javascript://127.0.0.1/%0aalert(1)',
    'data:application/json,{}',
    'blob:http://127.0.0.1/fhir',
    // what the URL parser would repair
    '//127.0.0.1/fhir',
    'http:127.0.0.1/fhir',
    'http:/127.0.0.1/fhir',
    'http:///127.0.0.1/fhir',
    'http:\\\\127.0.0.1\\fhir',
    ' http://127.0.0.1/fhir',
    'http://127.0.0.1/fhir\n',
    'http://127.0.\t0.1/fhir',
    // no URL
    '',
    '127.0.0.1',
    'localhost:8080/fhir',
    'http://',
    'http://127.0.0.1:99999/fhir',
    'http://127.0.0.999/fhir',
    'http://%zz/fhir',
  ])('%j', (url) => {
    expect(isAllowedFhirServer(url, open)).toBe(false);
  });
});

describe('a client’s list allows its own servers, however they are written (CH-87)', () => {
  const listed = {
    mode: 'listed',
    servers: ['https://fhir.example.org/r4', 'https://fhir.example.org:8443/dstu/'],
  } as const;

  test.each([
    'https://fhir.example.org/r4',
    'https://fhir.example.org/r4/',
    'HTTPS://FHIR.example.org:443/r4',
    'https://fhir.example.org:8443/dstu',
  ])('%s', (url) => {
    expect(isAllowedFhirServer(url, listed)).toBe(true);
  });

  test.each([
    'http://fhir.example.org/r4',
    'https://fhir.example.org/R4',
    'https://fhir.example.org',
    'https://fhir.example.org/r4/tenant',
    'https://fhir.example.org/r4/../dstu',
    'https://fhir.example.org/r4?x',
    'https://fhir.example.org/r4#x',
    'https://fhir.example.org:8443/r4',
    'https://fhir.example.org.evil.example/r4',
    'https://fhir.example.org@evil.example/r4',
    'https://user@fhir.example.org/r4',
    'https:\\\\fhir.example.org\\r4',
    'https:/fhir.example.org/r4',
    ' https://fhir.example.org/r4',
    'http://127.0.0.1/r4',
    'http://localhost/r4',
    '',
  ])('and not %j', (url) => {
    expect(isAllowedFhirServer(url, listed)).toBe(false);
  });

  test('and without a server on it, none', () => {
    expect(isAllowedFhirServer('http://127.0.0.1/r4', { mode: 'listed', servers: [] })).toBe(false);
  });
});
