import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isPolicyOrigin, originFault } from '../../src/clients/origin.ts';

const NO_ORIGIN =
  'must be an origin as browsers write it, like https://login.example.org: no path, wildcard, user, default port or upper case';

describe('an origin in a clients file', () => {
  test.each(['https://login.example.org', 'https://login.example.org:8443', 'https://10.20.0.5', 'https://ehr'])(
    'is taken, in production too: %s',
    (origin) => {
      expect([originFault(origin, false), originFault(origin, true)]).toEqual([undefined, undefined]);
    },
  );

  test.each(['http://127.0.0.1:3000', 'http://localhost:9000', 'http://127.9.9.9'])(
    'may be without encryption on this machine, and not in production: %s',
    (origin) => {
      expect([originFault(origin, false), originFault(origin, true)]).toEqual([
        undefined,
        'must be https in production',
      ]);
    },
  );

  test.each(['http://login.example.org', 'http://128.0.0.1', 'http://localhost.example.org'])(
    'is encrypted anywhere else: %s',
    (origin) => {
      expect(originFault(origin, false)).toBe('must be https, unless it is this very machine');
    },
  );

  test.each([
    ['a path', 'https://login.example.org/'],
    ['a path', 'https://login.example.org/oauth'],
    ['a query', 'https://login.example.org?x'],
    ['a user', 'https://user@login.example.org'],
    ['a wildcard', 'https://*.example.org'],
    ['every address', '*'],
    ['a scheme alone', 'https:'],
    ['another scheme', 'wss://login.example.org'],
    ['a script', 'javascript:alert(1)'],
    ['a default port', 'https://login.example.org:443'],
    ['a port that is none', 'https://login.example.org:99999'],
    ['upper case', 'https://Login.example.org'],
    ['a keyword', "'unsafe-inline'"],
    ['a keyword after it', "https://login.example.org 'unsafe-inline'"],
    ['a directive after it', 'https://login.example.org;script-src'],
    ['a policy after it', 'https://login.example.org,default-src'],
    ['a line after it', 'https://login.example.org\r\nX-Header: x'],
    ['an address that no policy can name', 'https://[::1]'],
    ['nothing', ''],
  ])('is not one with %s: %j', (_what, text) => {
    expect(originFault(text, false)).toBe(NO_ORIGIN);
    expect(originFault(text, true)).toBe(NO_ORIGIN);
  });

  test('that is taken stands in a policy as one word that means itself, whatever was written', () => {
    const host = fc.oneof(fc.string(), fc.webAuthority(), fc.domain(), fc.ipV4());
    fc.assert(
      fc.property(fc.constantFrom('https://', 'http://', ''), host, (scheme, rest) => {
        const text = scheme + rest;
        if (!isPolicyOrigin(text)) return;
        expect(text).toMatch(/^https?:\/\/[a-z0-9.:-]+$/);
        expect(new URL(text).origin).toBe(text);
      }),
    );
  });
});
