import type express from 'express';
import { type RateLimitInfo, rateLimit, type Store } from 'express-rate-limit';
import { ServiceError } from '../cds-hooks/errors.ts';
import { countAlone, type RateCount } from './rate-count.ts';
import { countTogether, type SharedRate } from './shared-rate.ts';

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
  /** Where all processes count together. Without it each counts for itself. */
  readonly shared?: SharedRate | undefined;
}

const MINUTE_MS = 60_000;

/**
 * Each client may send so many requests a minute, whatever the others do; one more is a 429 with `Retry-After` (CH-192).
 * Counted by client and never by address, since one proxy may stand before many.
 */
export function perClientRateLimit({
  clientOf,
  windowMs = MINUTE_MS,
  shared,
}: ClientRateLimitOptions): express.RequestHandler {
  return rateLimit({
    windowMs,
    store: storeOver(shared === undefined ? countAlone() : countTogether(shared), windowMs),
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

/** The count as `express-rate-limit` asks for it. */
function storeOver(
  count: (client: string, windowMs: number, now: number) => RateCount | Promise<RateCount>,
  windowMs: number,
): Store {
  return {
    async increment(client) {
      const { hits, resetsAt } = await count(client, windowMs, Date.now());
      return { totalHits: hits, resetTime: new Date(resetsAt) };
    },
    // It would ask for these if some requests were not to count: all do.
    decrement: () => {},
    resetKey: () => {},
  };
}

/** Whole seconds, at least one: zero would be an invitation. */
function secondsUntilReset(request: express.Request, windowMs: number): number {
  const { resetTime } = (request as express.Request & { readonly rateLimit: RateLimitInfo }).rateLimit;
  const milliseconds = resetTime === undefined ? windowMs : resetTime.getTime() - Date.now();
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
