import { describe, expect, test } from '@jest/globals';
import { type Change, carryOut } from '../../../src/ehr-demo/ehr/changes.ts';
import type { Resource } from '../../../src/ehr-demo/patient-store.ts';
import { memoryRecords } from './memory-records.ts';

const subject = { reference: 'Patient/p1' };
const order = (id: string, more: object = {}): Resource => ({ resourceType: 'ServiceRequest', id, subject, ...more });
const a = order('a', { status: 'draft' });
const b = order('b', { status: 'draft' });
const changes: readonly Change[] = [
  { kind: 'create', resource: { resourceType: 'ServiceRequest', subject, status: 'draft' } },
  { kind: 'update', resource: { ...a, status: 'active' }, before: a },
  { kind: 'delete', before: b },
];

test('all changes are made, and what was created and updated comes back in order', async () => {
  const records = memoryRecords([a, b]);
  const outcome = await carryOut(records, changes);
  expect(outcome).toMatchObject({ kind: 'done', resources: [{ id: 'new-1' }, { id: 'a', status: 'active' }] });
  expect([...records.kept.keys()].toSorted()).toEqual(['ServiceRequest/a', 'ServiceRequest/new-1']);
});

describe('when the store refuses one', () => {
  test.each(['create', 'update', 'delete'] as const)(
    'nothing is changed if it is a %s after others',
    async (refused) => {
      const last = order('last');
      const records = memoryRecords(
        [a, b, last],
        (_write, { ['note']: note, id }) => note === 'refuse' || id === 'last',
      );
      const refusedChange: Record<typeof refused, Change> = {
        create: { kind: 'create', resource: { resourceType: 'ServiceRequest', subject, note: 'refuse' } },
        update: { kind: 'update', resource: { ...last, status: 'active' }, before: last },
        delete: { kind: 'delete', before: last },
      };
      const before = new Map(records.kept);
      const outcome = await carryOut(records, [...changes, refusedChange[refused]]);
      expect(outcome).toEqual({ kind: 'undone', because: `The store refuses this ${refused}` });
      expect(records.kept).toEqual(before);
    },
  );

  test('and what was done cannot be taken back either, that is said', async () => {
    let writes = 0;
    const records = memoryRecords([a, b], () => {
      writes += 1;
      return writes > 2;
    });
    expect(await carryOut(records, changes)).toEqual({ kind: 'halfway', because: 'The store refuses this delete' });
  });
});

test('a fault that is none of the store is not swallowed, and leaves nothing half done', async () => {
  const records = {
    ...memoryRecords([a, b]),
    delete: async () => {
      throw new TypeError('a fault');
    },
  };
  await expect(carryOut(records, changes.slice(1))).rejects.toThrow('a fault');
  expect(records.kept.get('ServiceRequest/a')).toEqual(a);
});
