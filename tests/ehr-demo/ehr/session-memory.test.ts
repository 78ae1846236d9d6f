import { expect, test } from '@jest/globals';
import { CHARACTERS } from '../../../src/ehr-demo/ehr/character.ts';
import type { Exchange } from '../../../src/ehr-demo/ehr/exchange.ts';
import { createSessionMemory } from '../../../src/ehr-demo/ehr/session-memory.ts';

const memory = () => createSessionMemory(CHARACTERS[0]);

function exchange(id: string, length = 2): Exchange {
  return {
    id,
    at: new Date(0),
    about: 'patient-view',
    request: { method: 'POST', url: 'http://127.0.0.1/', headers: {}, body: 'x'.repeat(length) },
    response: { status: 200, headers: {}, body: '{}' },
    milliseconds: 1,
    fhirTraffic: [],
  };
}

test('a session is known again by its id', () => {
  const sessions = memory();
  const session = sessions.open(undefined);
  sessions.show(session.id, { notice: 'seen' });
  expect(sessions.open(session.id)).toEqual({ ...session, notice: 'seen' });
});

test.each(['', 'chosen-by-somebody', '__proto__'])('an id that is not known becomes no session: %j', (id) => {
  const sessions = memory();
  expect(sessions.open(id).id).not.toBe(id);
});

test('sessions know nothing of each other', () => {
  const sessions = memory();
  const [one, other] = [sessions.open(undefined), sessions.open(undefined)];
  sessions.show(one.id, { patientId: 'p1' });
  expect(sessions.open(other.id).patientId).toBeUndefined();
});

test('a hundred sessions are kept, those that were used last', () => {
  const sessions = memory();
  const [first, second] = [sessions.open(undefined), sessions.open(undefined)];
  for (let opened = 2; opened < 100; opened += 1) sessions.open(undefined);
  expect(sessions.open(first.id).id).toBe(first.id);
  sessions.open(undefined);
  expect(sessions.open(first.id).id).toBe(first.id);
  expect(sessions.open(second.id).id).not.toBe(second.id);
});

test('forty exchanges are kept, the latest first', () => {
  const sessions = memory();
  const { id } = sessions.open(undefined);
  for (let at = 1; at <= 50; at += 1) sessions.record(id, exchange(`exchange-${at}`));
  const { exchanges } = sessions.open(id);
  expect(exchanges).toHaveLength(40);
  expect([exchanges[0]?.id, exchanges[39]?.id]).toEqual(['exchange-50', 'exchange-11']);
});

test('long exchanges push out older ones, and the very latest always stays', () => {
  const sessions = memory();
  const { id } = sessions.open(undefined);
  for (const name of ['a', 'b', 'c']) sessions.record(id, exchange(name, 3_500_000));
  expect(sessions.open(id).exchanges.map((kept) => kept.id)).toEqual(['c', 'b']);
  sessions.record(id, exchange('huge', 9_000_000));
  expect(sessions.open(id).exchanges.map((kept) => kept.id)).toEqual(['huge']);
});

test('what all sessions hold together is limited', () => {
  const sessions = memory();
  const opened = Array.from({ length: 20 }, () => sessions.open(undefined));
  for (const { id } of opened) sessions.record(id, exchange('long', 7_000_000));
  const kept = opened.filter(({ id }) => sessions.get(id).session.exchanges.length > 0);
  expect(kept.map(({ id }) => id)).toEqual(opened.slice(-14).map(({ id }) => id));
});
