import { describe, expect, test } from '@jest/globals';
import { reachOf, serverProblems } from '../../src/clients/registered-servers.ts';
import { isAllowedFhirServer } from '../../src/fhir/allow-list.ts';
import { urlUnderBase } from '../../src/fhir/server-base.ts';
import { problem } from './problem.ts';

function of(url: string, isProduction = false, privateAddresses: readonly string[] = []): readonly string[] {
  return serverProblems({ fhirServers: [url], prefetch: 'full', privateAddresses }, isProduction, problem);
}

// CH-87.
describe('a FHIR server that is written down for a client', () => {
  test.each([
    'https://fhir.example.org',
    'https://fhir.example.org/',
    'https://fhir.example.org/r4',
    'https://fhir.example.org/r4/',
    'HTTPS://FHIR.example.org:443/r4',
    'https://fhir.example.org/api/FHIR/R4/0.1.2/~tenant',
    'https://fhir.example.org/a%20b/r4',
    'http://127.0.0.1:8080/fhir',
    'http://[::1]:8080/fhir',
  ])('is taken, and can be asked: %s', (url) => {
    expect(of(url)).toEqual([]);
    expect(isAllowedFhirServer(url, { mode: 'listed', servers: [url] })).toBe(true);
    expect(urlUnderBase('Patient/1', url)).toMatch(/\/Patient\/1$/);
  });

  test.each([
    ['https://fhir.example.org/r4/../admin', '/admin'],
    ['https://fhir.example.org/r4/./', '/r4/'],
    ['https://fhir.example.org/r4/%2e%2e/admin', '/admin'],
    ['https://fhir.example.org/é', '/%C3%A9'],
  ])('means something else than it says: %s', (url, path) => {
    expect(of(url)).toEqual([`/fhirServers/0 must be written as it is asked: its path is ${path}`]);
  });

  test.each(['https://fhir.example.org/r4%2f..%2fadmin', 'https://fhir.example.org/r4%5Cadmin'])(
    'could never be asked: %s',
    (url) => {
      expect(of(url)).toEqual(['/fhirServers/0 could not be asked: no address lies below it']);
      expect(urlUnderBase('Patient/1', url)).toBeUndefined();
    },
  );

  test.each([
    'fhir.example.org',
    'https://fhir.example.org/r4?x',
    'https://user@fhir.example.org/r4',
    'https://h h',
    '',
  ])('is no base URL: %j', (url) => {
    expect(of(url)).toEqual(['/fhirServers/0 must be a FHIR base URL: http or https, and no query']);
  });

  test('is encrypted in production (CH-31, CH-152)', () => {
    expect(of('http://fhir.example.org/r4', true)).toEqual(['/fhirServers/0 must be https in production']);
    expect(of('https://fhir.example.org/r4', true)).toEqual([]);
  });
});

describe('an address in place of a name', () => {
  test.each(['https://1.1.1.1/r4', 'https://[2606:4700:4700::1111]/r4'])(
    'is taken in production if it is public: %s',
    (url) => {
      expect(of(url, true)).toEqual([]);
    },
  );

  test.each([
    'https://10.20.0.5/r4',
    'https://172.16.0.1/r4',
    'https://192.168.1.1/r4',
    'https://100.64.0.1/r4',
    'https://127.0.0.1/r4',
    'https://169.254.169.254/r4',
    'https://0.0.0.0/r4',
    'https://224.0.0.1/r4',
    'https://198.18.0.1/r4',
    'https://[::1]/r4',
    'https://[::]/r4',
    'https://[fd00::1]/r4',
    'https://[fe80::1]/r4',
    'https://[::ffff:10.0.0.1]/r4',
    'https://[64:ff9b::10.0.0.1]/r4',
    'https://[2002:a00:1::]/r4',
    'https://2130706433/r4',
    'https://0x7f.1/r4',
    'https://0177.0.0.1/r4',
    'https://127.1/r4',
  ])('is refused in production if it is not public: %s', (url) => {
    expect(of(url, true)).toEqual([
      '/fhirServers/0 is no public address: not in production, unless it is in privateAddresses',
    ]);
    expect(of(url)).toEqual([]);
  });

  test.each([
    ['https://10.20.0.5/r4', '10.20.0.0/16'],
    ['https://[fd00:1::5]/r4', 'fd00:1::/32'],
  ])('that is private is taken where the operator has vouched for it: %s', (url, network) => {
    expect(of(url, true, [network])).toEqual([]);
    expect(of(url, true, ['10.21.0.0/16', 'fd00:2::/32'])).toHaveLength(1);
  });

  test.each(['https://localhost/r4', 'https://localhost./r4', 'https://fhir.localhost/r4', 'https://LOCALHOST/r4'])(
    'as a name for this machine is refused in production: %s',
    (url) => {
      expect(of(url, true)).toEqual(['/fhirServers/0 is this very machine: not in production']);
      expect(of(url)).toEqual([]);
    },
  );
});

describe('a network of private addresses', () => {
  const faults = (...networks: readonly string[]) =>
    serverProblems({ fhirServers: [], prefetch: 'full', privateAddresses: networks }, false, problem);

  test.each([
    '10.0.0.0/8',
    '10.20.0.0/16',
    '10.20.30.40/32',
    '172.16.0.0/12',
    '192.168.7.0/24',
    '100.64.0.0/10',
    'fd00:1::/32',
  ])('is taken: %s', (network) => {
    expect(faults(network)).toEqual([]);
  });

  test.each([
    '127.0.0.0/8',
    '169.254.0.0/16',
    '169.254.169.254/32',
    '0.0.0.0/0',
    '10.0.0.0/7',
    '172.16.0.0/11',
    '192.0.0.0/8',
    '100.0.0.0/8',
    '8.8.8.0/24',
    '224.0.0.0/4',
    '::1/128',
    '::/0',
    'fe80::/10',
    'f000::/4',
    '::ffff:10.0.0.0/104',
    '64:ff9b::/96',
  ])('is refused where it is not private: %s', (network) => {
    expect(faults(network)).toEqual([
      '/privateAddresses/0 must lie in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7',
    ]);
  });

  test.each([
    '',
    'x',
    '10.0.0.0',
    '10.0.0.0/',
    '10/8',
    '10.1/16',
    '0x0a.0.0.0/8',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0.0/+8',
    '10.0.0.0/-1',
    'fd00::/129',
    ' 10.0.0.0/8',
    '10.0.0.0/8 ',
    'localhost/8',
  ])('is refused where it is none: %j', (network) => {
    expect(faults(network)).toEqual(['/privateAddresses/0 must be a network such as 10.20.0.0/16']);
  });

  test('with a fault is named, and not the servers for it as well', () => {
    expect(of('https://10.20.0.5/r4', true, ['10.20.0.0'])).toEqual([
      '/privateAddresses/0 must be a network such as 10.20.0.0/16',
    ]);
  });
});

test('outside production addresses do not matter', () => {
  expect(reachOf(['10.20.0.0/16'], false)).toEqual({ kind: 'any' });
  expect(reachOf(['10.20.0.0/16'], true)).toEqual({ kind: 'public', besides: ['10.20.0.0/16'] });
});
