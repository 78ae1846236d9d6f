import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** A sitting of a working day. */
export const SESSION_MS = 8 * 60 * 60 * 1000;
const NAME = 'insights-session';
/** Sent with nothing but the insights. */
const PATH = '/insights';
const MARKED = /^(\d{13})\.([\w-]{43})$/;

/** Who has signed in, known by a cookie: nothing of it is kept here, so that every instance with the same token knows it too. */
export interface AdminSessions {
  /** A cookie that holds for eight hours from now. */
  readonly begun: () => string;
  /** One that ends it in this browser. What was copied from it before goes on until it expires, or the token is changed. */
  readonly ended: () => string;
  readonly isIn: (cookies: string | undefined) => boolean;
}

export interface AdminSessionsOptions {
  readonly adminToken: string;
  /** Is the page reached by https? */
  readonly isSecure: () => boolean;
  readonly now: () => Date;
}

/**
 * Sessions under a key that is derived from the token (RFC 5869): the cookie says until when it holds, with an HMAC of that, and
 * nothing of the token. With another token it is worth nothing.
 */
export function adminSessions({ adminToken, isSecure, now }: AdminSessionsOptions): AdminSessions {
  const key = Buffer.from(hkdfSync('sha256', adminToken, '', 'asps-cds insights session', 32));
  const markOf = (end: string) => createHmac('sha256', key).update(end).digest();
  const cookie = (value: string, seconds: number) =>
    `${NAME}=${value}; Path=${PATH}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure() ? '; Secure' : ''}`;
  return {
    begun: () => {
      const end = String(now().getTime() + SESSION_MS);
      return cookie(`${end}.${markOf(end).toString('base64url')}`, SESSION_MS / 1000);
    },
    ended: () => cookie('', 0),
    // A browser may hold another cookie of this name, set by a neighbour for a wider path: one that holds is enough.
    isIn: (cookies) =>
      valuesIn(cookies).some((value) => {
        const [, end = '', mark = ''] = MARKED.exec(value) ?? [];
        const given = Buffer.from(mark, 'base64url');
        const expected = markOf(end);
        if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
        return now().getTime() < Number(end);
      }),
  };
}

function valuesIn(cookies = ''): readonly string[] {
  return cookies
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(`${NAME}=`))
    .map((cookie) => cookie.slice(NAME.length + 1));
}
