import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { accessIn } from '../../../src/smart-app/session/access.ts';
import { READ_TYPES, scopeFor } from '../../../src/smart-app/session/scopes.ts';

test.each([
  ['launch  openid', ['know in which chart it was opened', 'know who opened it']],
  ['launch/patient', ['know which patient was chosen']],
  ['patient/Condition.rs', ['read and search problems and diagnoses of this patient']],
  ['patient/Condition.read', ['read and search problems and diagnoses of this patient']],
  ['patient/Patient.r', ['read personal details of this patient']],
  ['user/Appointment.cud', ['create, change and delete Appointment records of everybody whom you may see']],
  ['user/*.*', ['create, read, change, delete and search everything of everybody whom you may see']],
  ['system/*.write', ['create, change and delete everything of everybody']],
  ['patient/Condition.rs?category=x', ['what the EHR calls patient/Condition.rs?category=x']],
  ['constructor', ['what the EHR calls constructor']],
  ['patient/constructor.rs', ['read and search constructor records of this patient']],
  ['', []],
])('the scope %j is told in words', (scope, words) => {
  expect(accessIn(scope)).toEqual(words);
});

test.each([1, 2] as const)('all that the app asks for in version %i has words of its own', (version) => {
  const words = accessIn(scopeFor({ isEhrLaunch: true, version }));
  expect(words).toHaveLength(3 + READ_TYPES.length);
  expect(new Set(words).size).toBe(words.length);
  expect(words.filter((word) => /EHR calls| records /.test(word))).toEqual([]);
});

test('whatever is granted is told, and nothing is left out', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (scopes) => {
      const scope = scopes.join(' ');
      const words = accessIn(scope);
      expect(words).toHaveLength(scope.split(/\s+/).filter((one) => one !== '').length);
      for (const word of words) expect(word).toMatch(/\S/);
    }),
  );
});
