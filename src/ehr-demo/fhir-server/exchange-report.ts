import type { Request, RequestHandler } from 'express';
import { onExchangeEnd } from '../../http/exchange-end.ts';
import { bearerTokenOf } from './bearer-token.ts';
import type { FhirExchange } from './fhir-exchange.ts';

/** Tells of each request once, when it has been answered or can no longer be. */
export function reportExchanges(onExchange: (exchange: FhirExchange) => void): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    // Whoever handles it may change the URL.
    const { method, url } = request;
    onExchangeEnd(request, response, () => {
      const isSent = response.writableFinished;
      const length = isSent && method !== 'HEAD' ? response.getHeader('content-length') : undefined;
      onExchange({
        method,
        path: withForm(url.replace(/^\//, ''), request),
        status: isSent ? response.statusCode : 'gone',
        milliseconds: performance.now() - started,
        bytes: Number(length ?? 0),
        token: bearerTokenOf(request),
      });
    });
    next();
  };
}

/** The parameters of a search by POST, where they would stand if it were by GET. */
function withForm(path: string, { body }: Request): string {
  return typeof body === 'string' && body !== '' ? `${path}${path.includes('?') ? '&' : '?'}${body}` : path;
}
