import type express from 'express';
import { type RateLimitInfo, rateLimit } from 'express-rate-limit';
import { ServiceError } from '../cds-hooks/errors.ts';

/** A client as far as it is counted. */
export interface RateLimitedClient {
  readonly name: string;
  readonly rateLimitPerMinute: number;
}

export interface ClientRateLimitOptions {
  /** Who sent the request; undefined for a request that is not limited. */
  readonly clientOf: (request: express.Request, response: express.Response) => RateLimitedClient | undefined;
  /** Milliseconds in which the limit holds: a minute, but for tests. */
  readonly windowMs?: number;
}

const MINUTE_MS = 60_000;

/**
 * Each client may send so many requests a minute, whatever the others do; one more is a 429 with `Retry-After` (CH-192).
 * Counted by client and never by address, since one proxy may stand before many, and in this process alone.
 */
export function perClientRateLimit({ clientOf, windowMs = MINUTE_MS }: ClientRateLimitOptions): express.RequestHandler {
  return rateLimit({
    windowMs,
    skip: (request, response) => clientOf(request, response) === undefined,
    keyGenerator: (request, response) => clientOf(request, response)?.name ?? '',
    limit: (request, response) => clientOf(request, response)?.rateLimitPerMinute ?? 0,
    // The checks are all of addresses and proxies, which do not matter here, and speak on standard error.
    validate: false,
    // `X-RateLimit-*` never was a standard, and the draft that would be is not one yet: `Retry-After` is (RFC 9110, 10.2.3).
    legacyHeaders: false,
    standardHeaders: false,
    handler: (request, response, next) => {
      response.setHeader('Retry-After', secondsUntilReset(request, windowMs));
      next(new ServiceError('rate-limited'));
    },
  });
}

/** Whole seconds, at least one: zero would be an invitation. */
function secondsUntilReset(request: express.Request, windowMs: number): number {
  const { resetTime } = (request as express.Request & { readonly rateLimit: RateLimitInfo }).rateLimit;
  const milliseconds = resetTime === undefined ? windowMs : resetTime.getTime() - Date.now();
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
