import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { audienceOf, cardIn } from '../../../src/smart-app/session/launch-context.ts';

const idToken = (claims: unknown) =>
  ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

const anything = fc.anything({ withBigInt: true, withNullPrototype: true, maxDepth: 4 });

test.each([
  ['{"card":"staging-chest-ct"}', 'staging-chest-ct'],
  ['{"card":" staging-chest-ct "}', 'staging-chest-ct'],
  ['{"card":7}', undefined],
  ['{"card":" "}', undefined],
  ['["card"]', undefined],
  ['null', undefined],
  ['{', undefined],
  [{ card: 'x' }, undefined],
  [undefined, undefined],
])('the appContext %j names the card %j', (appContext, card) => {
  expect(cardIn(appContext)).toBe(card);
});

describe('who has opened the app', () => {
  test.each([
    ['Practitioner/1', 'clinician'],
    ['https://ehr.example/fhir/PractitionerRole/1', 'clinician'],
    ['Patient/p1', 'family'],
    ['https://ehr.example/Practitioner/fhir/RelatedPerson/1', 'family'],
    ['https://ehr.example/Patient/fhir/Practitioner/1', 'clinician'],
    ['Person/1', 'clinician'],
    ['Patient', 'clinician'],
    [['Patient/1'], 'clinician'],
    [undefined, 'clinician'],
  ])('by the fhirUser %j is shown the view for a %s first', (fhirUser, audience) => {
    expect(audienceOf(idToken({ fhirUser }))).toBe(audience);
  });

  test('is read in UTF-8, and in the alphabet of base64url', () => {
    expect(audienceOf(idToken({ name: 'Jürgen ÿÿ>>??', fhirUser: 'Patient/ÿ?>' }))).toBe('family');
  });

  test.each([undefined, 7, '', 'a', 'a.b.c', 'a.*.c', idToken(null), idToken(['Patient/1'])])(
    'is taken for a clinician where the id_token is none: %j',
    (token) => {
      expect(audienceOf(token)).toBe('clinician');
    },
  );
});

test('whatever an EHR sends, there is a card or none, and a view', () => {
  fc.assert(
    fc.property(anything, fc.string(), fc.json(), (value, text, json) => {
      for (const sent of [value, text, json, `{"card":${json}}`]) {
        expect(cardIn(sent) ?? 'none').toMatch(/\S/);
        expect(['clinician', 'family']).toContain(audienceOf(sent));
      }
      expect(['clinician', 'family']).toContain(audienceOf(`a.${Buffer.from(json).toString('base64url')}.c`));
    }),
  );
});
