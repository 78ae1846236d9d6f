import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Nothing but the demo's own files, no script or style within a page, in nobody's frame, and kept by no cache. */
export function protectPages(publicUrl: string): RequestHandler {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        // Launching an app ends at the service, which may be known by another name than the one in the address bar.
        formAction: ["'self'", new URL(publicUrl).origin],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // With `no-referrer`, browsers name no origin either, and a form of this page could not be told from another's.
    referrerPolicy: { policy: 'same-origin' },
    // Whoever terminates TLS sets it; over plain http it has no meaning.
    strictTransportSecurity: false,
  });
  return (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    protect(request, response, next);
  };
}
