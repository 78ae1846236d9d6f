import type { Request, RequestHandler } from 'express';
import { bearerTokenOf } from './bearer-token.ts';
import type { FhirExchange } from './fhir-exchange.ts';

/** Tells of each request once it has been answered. */
export function reportExchanges(onExchange: (exchange: FhirExchange) => void): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    // Whoever handles it may change the URL.
    const { method, url } = request;
    response.on('finish', () => {
      const length = response.getHeader('content-length');
      onExchange({
        method,
        path: withForm(url.replace(/^\//, ''), request),
        status: response.statusCode,
        milliseconds: performance.now() - started,
        bytes: method === 'HEAD' ? 0 : Number(length ?? 0),
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
