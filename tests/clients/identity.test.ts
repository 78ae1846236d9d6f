import { describe, expect, test } from '@jest/globals';
import { type ClientIdentity, identityProblems } from '../../src/clients/identity.ts';
import { problem } from './problem.ts';

function of(...clients: readonly Partial<ClientIdentity>[]): readonly string[] {
  return identityProblems(
    clients.map((client, at) => ({ name: `Hospital ${at}`, iss: `https://${at}.example.org`, ...client })),
    { problem },
  );
}

// It stands in links, in the log and beside feedback.
describe('the name of a client', () => {
  test.each(['General Hospital', 'St. Élisabeth’s', '第一病院', 'a/b & c'])('may be %s', (name) => {
    expect(of({ name })).toEqual([]);
  });

  test.each([
    ' General',
    'General ',
    '   ',
    'a\u00a0',
    'General\nHospital',
    'a\tb',
    'a\u0000b',
    'a\u0085b',
    'a\u2028b',
  ])('may not be %j', (name) => {
    expect(of({ name })).toEqual(['/clients/0/name must have no control characters, and no blank at either end']);
  });

  test.each([
    ['General Hospital', 'General Hospital'],
    ['General Hospital', 'general HOSPITAL'],
    ['Élise', 'E\u0301lise'],
  ])('is one alone, however it is written: %s, %s', (one, other) => {
    expect(of({ name: one }, { name: other })).toEqual(['/clients/1/name is the name of another client too']);
  });
});

// CH-162, CH-167.
describe('the issuer of a client', () => {
  test.each(['https://ehr.example.org', 'urn:example:ehr', 'ehr'])('may be %s', (iss) => {
    expect(of({ iss })).toEqual([]);
  });

  test.each(['https://ehr.example.org ', ' https://ehr.example.org', 'the ehr', 'a\nb', 'a\u0000b'])(
    'may not be %j',
    (iss) => {
      expect(of({ iss })).toEqual(['/clients/0/iss must have no blanks: it could not be the iss of a JWT']);
    },
  );

  test('may be another client’s too, if tenants tell the two apart', () => {
    const iss = 'https://ehr.example.org';
    expect(of({ iss, tenants: ['north'] }, { iss, tenants: ['south'] })).toEqual([]);
    expect(of({ iss, tenants: ['north'] }, { iss })).toEqual([
      '/clients/1/iss is the iss of another client too: each of them needs tenants',
    ]);
    expect(of({ iss, tenants: ['north'] }, { iss, tenants: ['south', 'north'] })).toEqual([
      '/clients/1/tenants/1 is a tenant of another client with the same iss too',
    ]);
  });
});
