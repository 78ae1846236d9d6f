import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Tally } from '../../src/feedback/tally.ts';
import { createTallyCounter } from '../../src/feedback/tally-counter.ts';

const at = (instant: string) => () => new Date(instant);

describe('what is counted', () => {
  test('is summed up by UTC day, client, service, measure and subject', () => {
    let now = new Date('2026-11-22T23:59:59.999Z');
    const counter = createTallyCounter(() => now);
    const call = { measure: 'call', service: 'asps-patient-view', subject: '200' } as const;
    counter.count(call);
    counter.count({ ...call, client: 'General Hospital' });
    counter.count(call, 2);
    counter.count({ measure: 'fhir', subject: 'answered' });
    now = new Date('2026-11-23T00:00:00.000Z');
    counter.count(call);
    expect(counter.take()).toEqual([
      { ...call, client: undefined, day: '2026-11-22', count: 3 },
      { ...call, client: 'General Hospital', day: '2026-11-22', count: 1 },
      { measure: 'fhir', subject: 'answered', service: '', client: undefined, day: '2026-11-22', count: 1 },
      { ...call, client: undefined, day: '2026-11-23', count: 1 },
    ]);
  });

  test('is taken once', () => {
    const counter = createTallyCounter(at('2026-11-22T12:00:00Z'));
    counter.count({ measure: 'fhir', subject: 'answered' });
    expect([counter.take().length, counter.take()]).toEqual([1, []]);
  });

  test('is not mixed up, whatever a client is called', () => {
    const counter = createTallyCounter(at('2026-11-22T12:00:00Z'));
    const call = { measure: 'call', service: 's', subject: '200' } as const;
    const names = ['', 'a', 'a\n', '\na', 'undefined', 's\n200\na', '__proto__'];
    for (const client of names) counter.count({ ...call, client });
    expect(counter.take().map(({ client, count }) => [client, count])).toEqual(names.map((name) => [name, 1]));
  });

  const counted = fc.record({
    measure: fc.constantFrom('call', 'judged', 'cut'),
    subject: fc.constantFrom('200', 'a@1.0.0'),
    service: fc.constantFrom('', 'asps-patient-view'),
    client: fc.constantFrom(undefined, 'A', 'B'),
  });
  const step = fc.oneof(
    { weight: 5, arbitrary: counted },
    { weight: 1, arbitrary: fc.constant('kept' as const) },
    { weight: 1, arbitrary: fc.constant('put back' as const) },
  );

  test('adds up to what was counted, however often it is taken and given back', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const counter = createTallyCounter(at('2026-11-22T12:00:00Z'));
        const kept: Tally[] = [];
        const keyOf = ({ measure, subject, service, client }: Omit<Tally, 'day' | 'count'>) =>
          JSON.stringify([measure, subject, service, client ?? null]);
        const expected = new Map<string, number>();
        for (const one of steps) {
          if (one === 'kept') kept.push(...counter.take());
          else if (one === 'put back') counter.putBack(counter.take());
          else {
            counter.count(one);
            expected.set(keyOf(one), (expected.get(keyOf(one)) ?? 0) + 1);
          }
        }
        const rest = counter.take();
        expect(new Set(rest.map(keyOf)).size).toBe(rest.length);
        const sums = new Map<string, number>();
        for (const tally of [...kept, ...rest]) sums.set(keyOf(tally), (sums.get(keyOf(tally)) ?? 0) + tally.count);
        expect(sums).toEqual(expected);
      }),
    );
  });
});
