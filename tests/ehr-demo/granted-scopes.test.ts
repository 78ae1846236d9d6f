import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { grantedScopes } from '../../src/ehr-demo/authorization-server/granted-scopes.ts';

test.each<[asked: string, granted: string]>([
  ['launch openid fhirUser online_access', 'launch openid fhirUser online_access'],
  [
    'launch patient/*.rs patient/Condition.r patient/Patient.s',
    'launch patient/*.rs patient/Condition.r patient/Patient.s',
  ],
  ['launch patient/*.read', 'launch patient/*.rs'],
  ['launch patient/Condition.*', 'launch patient/Condition.cruds'],
  ['launch patient/*.read patient/*.rs', 'launch patient/*.rs'],
  ['launch patient/Condition.cruds patient/*.cud', 'launch patient/Condition.cruds patient/*.cud'],
  ['launch patient/*.write', 'launch patient/*.cud'],
  ['launch openid user/*.rs user/*.write user/*.* system/*.cruds', 'launch openid'],
  // Version 2 knows the letters in this order only, at least one of them.
  ['launch openid patient/*.sr patient/*. patient/*.rr', 'launch openid'],
  ['launch openid patient/Observation.rs?category=laboratory', 'launch openid'],
  ['launch openid patient/condition.rs patient/.rs patient/**.rs Xpatient/*.rs', 'launch openid'],
  ['launch openid offline_access launch/encounter profile constructor', 'launch openid'],
  ['launch/patient openid patient/*.rs', 'launch/patient openid patient/*.rs'],
  // Without openid there is no id_token to say who is at work.
  ['launch fhirUser patient/*.rs', 'launch patient/*.rs'],
  ['launch', ''],
  ['launch/patient', ''],
  ['launch online_access', ''],
  ['launch user/*.rs', ''],
  ['', ''],
])('of "%s" is granted "%s"', (asked, granted) => {
  expect(grantedScopes(asked).join(' ')).toBe(granted);
});

test('whatever is asked for, nothing is granted twice, nor anything but one patient', () => {
  const part = fc.constantFrom(
    'patient/',
    'user/',
    '*',
    'Condition',
    '.',
    'read',
    'write',
    'cruds',
    'rs',
    'launch',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const granted = grantedScopes(parts.join(''));
      expect(new Set(granted).size).toBe(granted.length);
      for (const scope of granted) {
        expect(scope).toMatch(/^(?:launch|patient\/(?:\*|[A-Z][A-Za-z]*)\.(?:rs|cud|cruds))$/);
      }
    }),
    { numRuns: 500 },
  );
});
