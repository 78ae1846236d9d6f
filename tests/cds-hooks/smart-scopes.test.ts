import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type ReadAccess, readAccess } from '../../src/cds-hooks/smart-scopes.ts';

/** Read and search of Observations. */
const accessTo = (scope: string | undefined, resourceType = 'Observation') => [
  readAccess(scope, resourceType, 'read'),
  readAccess(scope, resourceType, 'search'),
];

describe('a scope of SMART 1.0 grants Observations (CH-78)', () => {
  test.each<[string, ReadAccess]>([
    ['patient/Observation.read', 'granted'],
    ['user/Observation.read', 'granted'],
    ['system/Observation.read', 'granted'],
    ['patient/Observation.*', 'granted'],
    ['patient/*.read', 'granted'],
    ['user/*.*', 'granted'],
    ['patient/*.* user/*.* launch openid profile online_access', 'granted'],
    ['patient/Observation.write', 'not-granted'],
    ['patient/*.write', 'not-granted'],
    ['patient/Condition.read', 'not-granted'],
    ['patient/ObservationDefinition.read', 'not-granted'],
    ['patient/observation.read', 'unknown'],
  ])('%s: %s', (scope, expected) => {
    expect(accessTo(scope)).toEqual([expected, expected]);
  });
});

describe('a scope of SMART 2 grants Observations (CH-78)', () => {
  test.each<[string, ReadAccess, ReadAccess]>([
    ['patient/Observation.rs', 'granted', 'granted'],
    ['patient/*.cruds', 'granted', 'granted'],
    ['user/Observation.r', 'granted', 'not-granted'],
    ['system/Observation.s', 'not-granted', 'granted'],
    ['patient/Observation.cud', 'not-granted', 'not-granted'],
    ['patient/Observation.r patient/Observation.s', 'granted', 'granted'],
    ['patient/Observation.rs?category=laboratory', 'narrowed', 'narrowed'],
    ['patient/*.rs?_security=N', 'narrowed', 'narrowed'],
    ['patient/Observation.rs?category=laboratory&status=final', 'narrowed', 'narrowed'],
    ['patient/Observation.s?category=laboratory', 'not-granted', 'narrowed'],
    ['patient/Observation.rs?category=laboratory user/Observation.rs', 'granted', 'granted'],
    ['patient/Observation.rs?category=laboratory patient/Observation.r', 'granted', 'narrowed'],
    ['patient/Condition.rs?category=x patient/Condition.rs', 'not-granted', 'not-granted'],
    // One of each: clients in the middle of the change send both.
    ['patient/Condition.read patient/Observation.rs', 'granted', 'granted'],
  ])('%s: read %s, search %s', (scope, read, search) => {
    expect(accessTo(scope)).toEqual([read, search]);
  });
});

describe('a scope says nothing of resources', () => {
  test.each([
    undefined,
    '',
    ' ',
    'launch launch/patient openid fhirUser profile offline_access',
    'patient.Observation.read',
    'https://ehr.example/patient/Condition.read',
  ])('%s', (scope) => {
    expect(accessTo(scope)).toEqual(['unknown', 'unknown']);
  });
});

describe('what cannot be read might grant it, so that nothing is concluded', () => {
  test.each([
    'patient/Condition.read patient/Observation.sr',
    'patient/Condition.read patient/Observation.READ',
    'patient/Condition.read patient/Observation',
    'patient/Condition.read patient/Observation.',
    'patient/Condition.read patient/Observation.?category=x',
    'patient/Condition.read patient/Observation.rs?',
    'patient/Observation.rs?category=x patient/Observation.search',
  ])('%s', (scope) => {
    expect(accessTo(scope)).toEqual(['unknown', 'unknown']);
  });

  test.each([
    'https://ehr.example.org/scopes/patient/Observation.read patient/Patient.read',
    'Observation.Read (Labs) (R4) Observation.Search (Labs) (R4) patient/Patient.read',
    'patient/Patient.read EPIC.OBSERVATION',
  ])('of a server’s own, which may be the one that grants it: %s', (scope) => {
    expect(accessTo(scope)).toEqual(['unknown', 'unknown']);
  });

  test('but those of SMART and OpenID Connect that are not about resources are known', () => {
    const others = 'openid fhirUser profile launch launch/patient launch/encounter offline_access online_access';
    expect(accessTo(`${others} patient/Patient.read`)).toEqual(['not-granted', 'not-granted']);
    expect(accessTo(others)).toEqual(['unknown', 'unknown']);
  });

  test('but what grants it stays granted', () => {
    expect(accessTo('patient/Observation.rs patient/Observation.sr')).toEqual(['granted', 'granted']);
  });
});

test('words may be parted by any white space', () => {
  expect(accessTo('launch\n patient/Condition.read\tpatient/Observation.read ')).toEqual(['granted', 'granted']);
});

test('a string far beyond any real one is not looked through', () => {
  expect(accessTo(`patient/Observation.read ${'x'.repeat(100_000)}`)).toEqual(['unknown', 'unknown']);
});

test('whatever was sent, there is an answer, and only a scope for the type grants it', () => {
  const word = fc.oneof(
    fc.string(),
    fc
      .tuple(
        fc.constantFrom('patient', 'user', 'system', 'launch'),
        fc.constantFrom('Observation', 'Condition', '*'),
        fc.constantFrom('read', 'write', '*', 'rs', 'r', 's', 'c', 'sr', ''),
        fc.constantFrom('', '?category=x'),
      )
      .map(([context, type, permission, constraint]) => `${context}/${type}.${permission}${constraint}`),
  );
  fc.assert(
    fc.property(fc.array(word), fc.constantFrom('read' as const, 'search' as const), (words, access) => {
      const answer = readAccess(words.join(' '), 'Observation', access);
      expect(['granted', 'narrowed', 'not-granted', 'unknown']).toContain(answer);
      const named = words
        .join(' ')
        .split(/\s+/)
        .filter((each) => /^(?:patient|user|system)\/(?:Observation|\*)\./.test(each));
      const isConstrained = (scope: string) => scope.includes('?');
      const isBacked = { granted: !named.every(isConstrained), narrowed: named.some(isConstrained) };
      expect(answer === 'granted' || answer === 'narrowed' ? isBacked[answer] : true).toBe(true);
    }),
  );
});
