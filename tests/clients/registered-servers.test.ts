import { describe, expect, test } from '@jest/globals';
import { serverProblems } from '../../src/clients/registered-servers.ts';
import { isAllowedFhirServer } from '../../src/fhir/allow-list.ts';
import { urlUnderBase } from '../../src/fhir/server-base.ts';
import { problem } from './problem.ts';

function of(url: string, isProduction = false): readonly string[] {
  return serverProblems({ fhirServers: [url], prefetch: 'full' }, isProduction, problem);
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
