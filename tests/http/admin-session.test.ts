import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { adminSessions, SESSION_MS } from '../../src/http/admin-session.ts';

const START = Date.parse('2026-11-22T10:00:00Z');
const TOKEN = 'a-token-of-at-least-24-characters';

function sessions({ adminToken = TOKEN, at = START, isSecure = true } = {}) {
  return adminSessions({ adminToken, isSecure: () => isSecure, now: () => new Date(at) });
}

/** As the browser sends it back. */
function sentBack(setCookie: string): string {
  return setCookie.split(';')[0] ?? '';
}

const begun = sentBack(sessions().begun());

describe('a session', () => {
  test('is known by the process that began it and by every other with the same token', () => {
    expect(sessions().isIn(begun)).toBe(true);
    expect(sessions().isIn(`other=1; ${begun}; more=2`)).toBe(true);
  });

  test('holds for eight hours and no longer', () => {
    expect(SESSION_MS).toBe(28_800_000);
    expect(sessions({ at: START + SESSION_MS - 1 }).isIn(begun)).toBe(true);
    expect(sessions({ at: START + SESSION_MS }).isIn(begun)).toBe(false);
  });

  test('ends when the token is changed', () => {
    expect(sessions({ adminToken: `${TOKEN}!` }).isIn(begun)).toBe(false);
  });

  test('is not drawn out by whoever has it', () => {
    const later = begun.replace(/\d{13}/, String(START + 2 * SESSION_MS));
    expect(later).not.toBe(begun);
    expect(sessions().isIn(later)).toBe(false);
  });

  test('is not hidden by another cookie of its name', () => {
    expect(sessions().isIn(`insights-session=x; ${begun}`)).toBe(true);
  });

  test('says nothing of the token', () => {
    expect(sessions().begun()).not.toContain(TOKEN);
  });
});

test('the cookie is for the insights alone, kept from scripts and other sites, and for https alone where there is https', () => {
  const flags = ['Path=/insights', 'Max-Age=28800', 'HttpOnly', 'SameSite=Strict'];
  expect(sessions().begun().split('; ').slice(1)).toEqual([...flags, 'Secure']);
  expect(sessions({ isSecure: false }).begun().split('; ').slice(1)).toEqual(flags);
});

test('to sign out takes the cookie away', () => {
  expect(sessions().ended()).toMatch(/^insights-session=; Path=\/insights; Max-Age=0;/);
  expect(sessions().isIn(sentBack(sessions().ended()))).toBe(false);
});

test('nothing else is a session', () => {
  expect(sessions().isIn(undefined)).toBe(false);
  const [, mark = ''] = begun.split('.');
  const wrong = fc.oneof(
    fc.string(),
    fc.string().map((value) => `insights-session=${value}`),
    fc
      .nat(mark.length - 1)
      .map((at) => begun.replace(mark, mark.slice(0, at) + (mark[at] === 'A' ? 'B' : 'A') + mark.slice(at + 1))),
    fc.nat(begun.length - 1).map((length) => begun.slice(0, length)),
  );
  // The last of 43 characters stands for four bits, and its other two are not looked at.
  const same = (cookie: string) => cookie.slice(0, -1) === begun.slice(0, -1) && cookie.length === begun.length;
  fc.assert(
    fc.property(
      wrong.filter((cookie) => !same(cookie)),
      (cookie) => !sessions().isIn(cookie),
    ),
  );
});
