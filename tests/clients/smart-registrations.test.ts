import { describe, expect, test } from '@jest/globals';
import { smartRegistrations } from '../../src/clients/smart-registrations.ts';

const { siteFor, origins, frameAncestors } = smartRegistrations([
  {
    name: 'One',
    fhirServers: ['https://one.example/fhir', 'https://one.example/other'],
    smartClientId: 'first',
    smartFrameAncestors: ['https://portal.one.example'],
  },
  {
    name: 'Two',
    fhirServers: ['https://two.example:8443/r4/'],
    smartClientId: 'second',
    smartAuthorizationServers: ['https://login.two.example', 'https://one.example'],
    smartFrameAncestors: ['https://two.example', 'https://portal.one.example'],
  },
  { name: 'Three', fhirServers: ['https://three.example/fhir'], smartFrameAncestors: ['https://three.example'] },
  { name: 'Two again', fhirServers: ['https://two.example:8443/r4'], smartClientId: 'second' },
]);

describe('whose FHIR server it is, and as which client the app is registered there', () => {
  test.each([
    ['https://one.example/fhir', 'One', 'first'],
    ['https://one.example/fhir/', 'One', 'first'],
    ['HTTPS://ONE.example:443/fhir', 'One', 'first'],
    ['https://one.example/other', 'One', 'first'],
    ['https://two.example:8443/r4', 'Two', 'second'],
  ])('%s: %s, %s', (iss, client, clientId) => {
    expect(siteFor(iss)).toEqual({ client, clientId });
  });

  test.each([
    'https://three.example/fhir',
    'https://one.example',
    'https://one.example/fhir/x',
    'https://one.example/fhir?x=1',
    'https://one.example/fhir#x',
    'https://user@one.example/fhir',
    'http://one.example/fhir',
    'https://one.example.evil.example/fhir',
    'https:\\\\one.example/fhir',
    'undefined',
    '',
  ])('nobody has registered it at %s', (iss) => {
    expect(siteFor(iss)).toBeUndefined();
  });
});

test('the app talks to the FHIR and authorization servers of those who have registered it, each origin once', () => {
  expect(origins).toEqual(['https://one.example', 'https://two.example:8443', 'https://login.two.example']);
});

test('pages of those who have registered it may frame it, each origin once', () => {
  expect(frameAncestors).toEqual(['https://portal.one.example', 'https://two.example']);
});
