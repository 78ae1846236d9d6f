import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readPrefetch } from '../../src/cds-hooks/prefetch.ts';

const patient = { resourceType: 'Patient', id: 'p' };
const condition = { resourceType: 'Condition', id: 'c' };
const outcome = (severity: unknown) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code: 'processing' }],
});
const bundle = (members: object) => ({ resourceType: 'Bundle', type: 'searchset', ...members });
const entries = (...resources: readonly unknown[]) => bundle({ entry: resources.map((resource) => ({ resource })) });
const page = (members: object = {}) => ({
  kind: 'bundle',
  entries: [],
  hasErrorOutcome: false,
  malformedEntries: 0,
  isSuppressed: false,
  ...members,
});

describe('one prefetch value', () => {
  test.each<[string, unknown, object]>([
    ['undefined is absent', undefined, { kind: 'absent' }],
    ['null means asked and nothing found (CH-67)', null, { kind: 'none' }],
    ['a resource is a resource', patient, { kind: 'resource', resource: patient }],
    ['an OperationOutcome is a failed query (CH-65)', outcome('error'), { kind: 'failed' }],
    ['an OperationOutcome of information is no answer either', outcome('information'), { kind: 'failed' }],
    ['a Bundle without entries is an answer (CH-68)', bundle({ total: 0 }), page({ total: 0 })],
    ['entry null is no entries', bundle({ entry: null }), page()],
    ['a Bundle that says how many there are', bundle({ total: 22 }), page({ total: 22 })],
    [
      'a Bundle with entries, whatever its total',
      { ...entries(condition), total: 22 },
      page({ entries: [condition], total: 22 }),
    ],
    ['a Bundle gives its resources', entries(condition, patient), page({ entries: [condition, patient] })],
    [
      'an error among the entries',
      entries(condition, outcome('error')),
      page({ entries: [condition], hasErrorOutcome: true }),
    ],
    ['a fatal error among the entries', entries(outcome('fatal')), page({ hasErrorOutcome: true })],
    [
      'information among the entries takes nothing away',
      entries(condition, outcome('information')),
      page({ entries: [condition] }),
    ],
    ['a warning among the entries takes nothing away', entries(outcome('warning')), page()],
    ['an outcome without issues', entries({ resourceType: 'OperationOutcome', issue: 'x' }), page()],
    [
      'entries without a resource are counted',
      bundle({
        entry: [
          null,
          1,
          'x',
          [],
          {},
          { fullUrl: 'x' },
          { resource: null },
          { resource: 'x' },
          { resource: [] },
          { resource: {} },
          { resource: { resourceType: 1 } },
          { resource: condition },
        ],
      }),
      page({ entries: [condition], malformedEntries: 11 }),
    ],
    [
      'a next link is a further page (CH-70)',
      bundle({
        link: [
          { relation: 'self', url: 'a' },
          { relation: 'next', url: 'b' },
        ],
      }),
      page({ next: 'b' }),
    ],
    ['other links are not', bundle({ link: [{ relation: 'self', url: 'a' }, null, 'next'] }), page()],
    [
      'a next link without an address is still a further page',
      bundle({ link: [{ relation: 'next' }] }),
      page({ next: '' }),
    ],
    ['entry that is no list', bundle({ entry: {} }), { kind: 'malformed' }],
    ['link that is no list', bundle({ link: { relation: 'next' } }), { kind: 'malformed' }],
    [
      'the wrapper of before 1.0 (M-30)',
      { response: { status: '200 OK' }, resource: patient },
      { kind: 'resource', resource: patient },
    ],
    ['the wrapper around a Bundle', { response: {}, resource: entries(condition) }, page({ entries: [condition] })],
    ['the wrapper around a failure', { response: { status: '404' }, resource: outcome('error') }, { kind: 'failed' }],
    [
      'the wrapper around nothing is not "nothing found"',
      { response: { status: '404' }, resource: null },
      { kind: 'malformed' },
    ],
    ['a wrapper within a wrapper', { resource: { resource: patient } }, { kind: 'malformed' }],
    ['an object without a type', {}, { kind: 'malformed' }],
    ['a type that is no string', { resourceType: ['Patient'] }, { kind: 'malformed' }],
    ['an empty type', { resourceType: '' }, { kind: 'malformed' }],
    ['text', 'Patient/1', { kind: 'malformed' }],
    ['empty text', '', { kind: 'malformed' }],
    ['a number', 0, { kind: 'malformed' }],
    ['a list', [patient], { kind: 'malformed' }],
    ['an empty list', [], { kind: 'malformed' }],
    ['false', false, { kind: 'malformed' }],
  ])('%s', (_claim, value, expected) => {
    expect(readPrefetch({ key: value }, 'key')).toEqual(expected);
  });

  test('no prefetch and no such key are absent (CH-69)', () => {
    expect(readPrefetch(undefined, 'key')).toEqual({ kind: 'absent' });
    expect(readPrefetch({}, 'key')).toEqual({ kind: 'absent' });
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('%s is a key like any other', (key) => {
    expect(readPrefetch({}, key)).toEqual({ kind: 'absent' });
  });
});

describe('whatever JSON is sent', () => {
  const resource = fc.record(
    {
      resourceType: fc.constantFrom<unknown>('Bundle', 'OperationOutcome', 'Condition', '', 1, null),
      entry: fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.jsonValue(), fc.record({ resource: fc.jsonValue() })))),
      link: fc.oneof(fc.jsonValue(), fc.array(fc.record({ relation: fc.constant('next'), url: fc.jsonValue() }))),
      issue: fc.jsonValue(),
      resource: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );

  test('there is an answer, and each entry is a resource or is counted', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), resource), (value) => {
        const read = readPrefetch({ key: value }, 'key');
        if (read.kind !== 'bundle') return;
        expect(read.entries.every((entry) => typeof entry['resourceType'] === 'string')).toBe(true);
        expect(read.entries.some((entry) => entry['resourceType'] === 'OperationOutcome')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('a hundred thousand levels are read without a stack overflow', () => {
    const deep: unknown = JSON.parse(`${'{"resource":'.repeat(100_000)}{}${'}'.repeat(100_000)}`);
    expect(readPrefetch({ key: deep }, 'key')).toEqual({ kind: 'malformed' });
  });
});
