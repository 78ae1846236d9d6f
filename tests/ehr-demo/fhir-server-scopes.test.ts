import { describe, expect, test } from '@jest/globals';
import { assert, oneof, property, string, stringMatching } from 'fast-check';
import { type Action, reachOf } from '../../src/ehr-demo/fhir-server/scopes.ts';

const ACTIONS: readonly Action[] = ['c', 'r', 'u', 'd', 's'];

/** The actions that the scopes grant on conditions, and how far. */
function granted(scopes: readonly string[], patient: string | undefined = 'a'): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ACTIONS.map(
      (action) => [action, reachOf({ scopes, patient, client: 'tests' }, 'Condition', action).kind] as const,
    ).filter(([, kind]) => kind !== 'none'),
  );
}

function all(actions: string, kind: string): Readonly<Record<string, string>> {
  return Object.fromEntries(actions.split('').map((action) => [action, kind]));
}

describe('a scope', () => {
  test.each([
    ['patient/Condition.rs', 'rs', 'patient'],
    ['patient/*.cruds', 'cruds', 'patient'],
    ['patient/*.cud', 'cud', 'patient'],
    ['user/Condition.r', 'r', 'everybody'],
    ['system/*.s', 's', 'everybody'],
  ])('%s grants %s of the records of %s', (scope, actions, kind) => {
    expect(granted([scope])).toEqual(all(actions, kind));
  });

  test.each([
    'patient/Observation.rs',
    'patient/Condition.sr',
    // Whoever grants them writes them in the form of version 2.
    'patient/Condition.read',
    'patient/*.*',
    'patient/Condition.',
    'patient/Condition',
    'patient/condition.rs',
    'patient/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item',
    'patient/Condition.rss',
    'patient/Condition.rs patient/Condition.cud',
    ' patient/Condition.rs',
    'patient/Condition.rs\n',
    'xpatient/Condition.rs',
    'practitioner/Condition.rs',
    'launch',
    'openid',
    '',
  ])('%j grants nothing', (scope) => {
    expect(granted([scope])).toEqual({});
  });

  test('for a patient grants nothing to a token without one', () => {
    expect(reachOf({ scopes: ['patient/*.cruds'], patient: undefined, client: 'tests' }, 'Condition', 'r')).toEqual({
      kind: 'none',
    });
  });
});

test('several scopes grant what each does, as far as the widest', () => {
  expect(granted(['patient/Condition.rs', 'user/Condition.r', 'patient/*.c'])).toEqual({
    c: 'patient',
    r: 'everybody',
    s: 'patient',
  });
});

test('whatever text a scope is, it grants no action that is not spelt out in it', () => {
  const texts = oneof(string(), stringMatching(/^(patient|user|system)\/[*A-Za-z]{0,12}\.[cruds]{0,6}$/));
  assert(
    property(texts, (scope) => {
      const after = scope.slice(scope.lastIndexOf('.') + 1);
      for (const action of Object.keys(granted([scope]))) {
        expect(after).toContain(action);
      }
    }),
  );
});
