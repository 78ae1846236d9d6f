import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { refusal } from './outcomes.ts';
import { sendRefusal } from './send-fhir.ts';

/** Lets through who has the token, and tells others how to come again (RFC 6750, 3). */
export function requireBearerToken(token: string): RequestHandler {
  const expected = digest(token);
  return (request, response, next) => {
    const given = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) {
      next();
      return;
    }
    const reason = given === undefined ? '' : ', error="invalid_token"';
    response.set('WWW-Authenticate', `Bearer realm="FHIR"${reason}`);
    sendRefusal(response, refusal(401, 'login', 'A valid bearer token is needed'));
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
