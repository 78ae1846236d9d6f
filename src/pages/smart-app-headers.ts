import type express from 'express';
import helmet from 'helmet';

export interface PagePolicy {
  /** Of the FHIR servers and authorization servers that the app talks to, besides its own. */
  readonly origins: readonly string[];
  /** Of the EHRs' pages that may frame the app, besides its own. */
  readonly frameAncestors: readonly string[];
}

/** What the app never asks for; copying a note to the clipboard is left to it. */
const NO_DEVICES = ['camera', 'clipboard-read', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ');

/** No script but the app's own, no talk with anybody but registered EHRs, and nothing of it kept: a launch's address is a secret. */
export function pageHeaders({ origins, frameAncestors }: PagePolicy): express.RequestHandler {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'", ...origins],
        frameAncestors: ["'self'", ...frameAncestors],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    // The address has the launch, later the code.
    referrerPolicy: { policy: 'no-referrer' },
    // An EHR closes the window that it opened when it closes the chart. Cut from its opener the app would stay open beside the
    // next patient's.
    crossOriginOpenerPolicy: false,
    strictTransportSecurity: false,
    // Knows no other origins: frame-ancestors says it.
    xFrameOptions: false,
  });
  return (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Permissions-Policy', NO_DEVICES);
    // What was set for answers that no page shows.
    response.removeHeader('X-Frame-Options');
    protect(request, response, next);
  };
}
