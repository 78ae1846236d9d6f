import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { refusal } from './outcomes.ts';
import { sendRefusal } from './send-fhir.ts';

/** The token that a request comes with (RFC 6750, 2.1); undefined: none, or none in this place. */
export function bearerTokenOf(request: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
}

/** Says whether a token is this one, in a time that tells nothing of it. */
export function sameAs(token: string): (given: string) => boolean {
  const expected = digest(token);
  return (given) => timingSafeEqual(digest(given), expected);
}

/** Sends a client away and tells it how to come again (RFC 6750, 3). */
export function sendUnauthorized(response: Response, given: string | undefined): void {
  const reason = given === undefined ? '' : ', error="invalid_token"';
  response.set('WWW-Authenticate', `Bearer realm="FHIR"${reason}`);
  sendRefusal(response, refusal(401, 'login', 'A valid bearer token is needed'));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
