import type express from 'express';
import { ipKeyGenerator, type RateLimitInfo, rateLimit } from 'express-rate-limit';

export interface AdminRateLimitOptions {
  /** Does it bring a token, right or wrong? Nothing else is counted. */
  readonly bringsToken: (request: express.Request) => boolean;
  /** Answers whoever has brought too many wrong ones. */
  readonly refuse: (response: express.Response) => void;
  /** Milliseconds; a minute, but for tests. */
  readonly windowMs?: number;
}

const MINUTE_MS = 60_000;
const WRONG_TOKENS = 10;

/**
 * So many wrong tokens a minute from one address, then 429 with `Retry-After` – for the right one as well, as a limit that lets it
 * through would not slow down guessing. That this locks nobody else out is why it is by address; behind a proxy all have the same
 * one, but whoever has signed in before goes on. Counted in this process alone: a token of 24 characters is not guessed by ten
 * tries a minute, be it times the number of instances. What was right is not counted.
 */
export function wrongTokenLimit({
  bringsToken,
  refuse,
  windowMs = MINUTE_MS,
}: AdminRateLimitOptions): express.RequestHandler {
  return rateLimit({
    windowMs,
    limit: WRONG_TOKENS,
    skip: (request) => !bringsToken(request),
    keyGenerator: (request) => ipKeyGenerator(request.socket.remoteAddress ?? ''),
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    // The checks are all of proxies that are trusted, and none is.
    validate: false,
    legacyHeaders: false,
    standardHeaders: false,
    handler: (request, response) => {
      const { resetTime } = (request as express.Request & { readonly rateLimit: RateLimitInfo }).rateLimit;
      const milliseconds = resetTime === undefined ? windowMs : resetTime.getTime() - Date.now();
      response.setHeader('Retry-After', Math.max(1, Math.ceil(milliseconds / 1000)));
      refuse(response);
    },
  });
}
