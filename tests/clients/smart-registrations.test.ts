import { describe, expect, test } from '@jest/globals';
import { smartRegistrations } from '../../src/clients/smart-registrations.ts';

const { clientIdFor, origins } = smartRegistrations([
  { fhirServers: ['https://one.example/fhir', 'https://one.example/other'], smartClientId: 'first' },
  { fhirServers: ['https://two.example:8443/r4/'], smartClientId: 'second' },
  { fhirServers: ['https://three.example/fhir'] },
]);

describe('as which client the app is registered', () => {
  test.each([
    ['https://one.example/fhir', 'first'],
    ['https://one.example/fhir/', 'first'],
    ['HTTPS://ONE.example:443/fhir', 'first'],
    ['https://one.example/other', 'first'],
    ['https://two.example:8443/r4', 'second'],
  ])('%s: %s', (iss, clientId) => {
    expect(clientIdFor(iss)).toBe(clientId);
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
    expect(clientIdFor(iss)).toBeUndefined();
  });
});

test('the app talks to the FHIR servers of those who have registered it, each origin once', () => {
  expect(origins()).toEqual(['https://one.example', 'https://two.example:8443']);
});
