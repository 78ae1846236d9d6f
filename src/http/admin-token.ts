import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Is it the token? How long that takes says nothing of either, nor of their lengths: digests are compared. */
export function tokenCheck(adminToken: string): (given: string) => boolean {
  const expected = digest(adminToken);
  return (given) => timingSafeEqual(digest(given), expected);
}

/** What a script sends as `Authorization: Bearer …` (RFC 6750, 2.1); undefined: nothing of that kind. */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
