import express from 'express';
import { isFromThisMachine } from './admin-loopback.ts';
import { isFromOwnPage } from './admin-origin.ts';
import { wrongTokenLimit } from './admin-rate-limit.ts';
import { adminSessions } from './admin-session.ts';
import { bearerToken, tokenCheck } from './admin-token.ts';

export interface AdminAccessOptions {
  /** Undefined: whoever is on this machine may. */
  readonly adminToken: string | undefined;
  /** The address that people know: cookies are for https alone if it is. */
  readonly publicUrl: () => string;
  readonly now: () => Date;
  readonly windowMs?: number;
}

/** Why nobody is let in. */
export type Refusal = 'signed-out' | 'wrong-token' | 'too-many' | 'elsewhere' | 'other-site';

/** How it is said to people, with what status. */
export type Refuse = (response: express.Response, refusal: Refusal, status: number) => void;

export interface AdminAccess {
  /** Before everything that only the guideline's owners may see. */
  readonly guard: express.RequestHandler;
  /** POST of a form with `token`; what comes after is for whoever is signed in now. */
  readonly signIn: readonly express.RequestHandler[];
  readonly signOut: readonly express.RequestHandler[];
  /** Is there a session that could be ended? */
  readonly isSignedIn: (request: express.Request) => boolean;
}

const STATUS: Readonly<Record<Refusal, number>> = {
  'signed-out': 401,
  'wrong-token': 401,
  'too-many': 429,
  elsewhere: 403,
  'other-site': 403,
};
/** Of the form: a token, and where to go then. */
const FORM_LIMIT = '16kb';

/**
 * Lets those in who have the token – by a session, or as a bearer token – and without a token those on this machine. The token is
 * in no address and no log.
 */
export function adminAccess({ adminToken, publicUrl, now, windowMs }: AdminAccessOptions, refuse: Refuse): AdminAccess {
  const say = (response: express.Response, refusal: Refusal) => {
    if (STATUS[refusal] === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    refuse(response, refusal, STATUS[refusal]);
  };
  const fromOwnPage: express.RequestHandler = (request, response, next) => {
    if (isFromOwnPage(request.headers)) next();
    else say(response, 'other-site');
  };

  if (adminToken === undefined) {
    const onThisMachine: express.RequestHandler = (request, response, next) => {
      if (isFromThisMachine(request)) next();
      else say(response, 'elsewhere');
    };
    const nothing = [onThisMachine, fromOwnPage];
    return { guard: onThisMachine, signIn: nothing, signOut: nothing, isSignedIn: () => false };
  }

  const isToken = tokenCheck(adminToken);
  const sessions = adminSessions({ adminToken, now, isSecure: () => publicUrl().startsWith('https:') });
  const isSignedIn = ({ headers }: express.Request) => sessions.isIn(headers.cookie);
  // One count for both ways of trying: the form is only there to sign in.
  const limit = wrongTokenLimit({
    bringsToken: (request) => request.method === 'POST' || bearerToken(request.headers) !== undefined,
    refuse: (response) => say(response, 'too-many'),
    ...(windowMs === undefined ? {} : { windowMs }),
  });

  const judge: express.RequestHandler = (request, response, next) => {
    const bearer = bearerToken(request.headers);
    if (bearer === undefined) say(response, 'signed-out');
    else if (isToken(bearer)) next();
    else say(response, 'wrong-token');
  };
  return {
    isSignedIn,
    guard: (request, response, next) => {
      if (isSignedIn(request)) {
        next();
        return;
      }
      void limit(request, response, (thrown?: unknown) => {
        if (thrown === undefined) judge(request, response, next);
        else next(thrown);
      });
    },
    signIn: [
      fromOwnPage,
      limit,
      express.urlencoded({ extended: false, limit: FORM_LIMIT, parameterLimit: 10 }),
      (request, response, next) => {
        if (!isToken(formField(request, 'token').trim())) {
          say(response, 'wrong-token');
          return;
        }
        response.setHeader('Set-Cookie', sessions.begun());
        next();
      },
    ],
    signOut: [
      fromOwnPage,
      (_request, response, next) => {
        response.setHeader('Set-Cookie', sessions.ended());
        next();
      },
    ],
  };
}

/** A field of a form that was sent; '' if it is not there, or more than once. */
export function formField({ body }: express.Request, name: string): string {
  const value: unknown =
    typeof body === 'object' && body !== null && name in body ? body[name as keyof typeof body] : '';
  return typeof value === 'string' ? value : '';
}
