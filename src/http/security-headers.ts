import type express from 'express';
import helmet from 'helmet';

/**
 * For answers that programs read: no browser is to render, frame or guess them, and what is said of a patient is not to be kept
 * by anything on the way. Pages set their own over these. Strict-Transport-Security is left to whoever terminates TLS, as it
 * binds the whole host and not this service alone.
 */
export function securityHeaders(): express.RequestHandler {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // A client in a browser is of another origin (CH-181).
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Of no meaning for what is not a page.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    strictTransportSecurity: false,
  });
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') response.setHeader('Cache-Control', 'no-store');
    protect(request, response, next);
  };
}
