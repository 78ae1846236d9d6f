import express from 'express';
import helmet from 'helmet';
import type { Guideline } from '../guideline/guideline.ts';
import { renderPage } from './render.ts';
import { SMART_APP_ASSETS } from './smart-app-assets.ts';

export interface SmartAppOptions {
  /** As which OAuth 2 client the app is registered with the authorization server of this FHIR server, if it is. */
  readonly clientIdFor: (iss: string) => string | undefined;
  /** The address that EHRs know, without a trailing slash. */
  readonly publicUrl: () => string;
  /** Its cards are those from which the app can have been launched. */
  readonly guideline: Guideline;
  /** Of the FHIR servers and token endpoints that the app talks to, besides its own. Default is none. */
  readonly origins?: () => readonly string[];
}

/** What the app asks for: whose chart it is, who opened it, and this patient's problem list. */
const SCOPE = 'launch openid fhirUser patient/Patient.rs patient/Condition.rs';

/**
 * The SMART app (SMART App Launch 2.2, EHR launch, public client): its launch address, its redirect address, and what their
 * pages are made of. The service itself sees no patient and no token: the browser talks to the EHR.
 */
export function smartAppPages({ clientIdFor, publicUrl, guideline, origins }: SmartAppOptions): express.Router {
  const app = express.Router();
  const protect = pageHeaders(origins ?? (() => []));
  const cards = [...guideline.cards, ...guideline.off].map(({ file: { id, title } }) => ({ id, title }));

  for (const [name, { type, content }] of SMART_APP_ASSETS) {
    app.get(`/smart/assets/${name}`, (_request, response) => {
      response.type(type).send(content);
    });
  }

  app.get('/smart/launch', protect, (request, response) => {
    const { iss, launch } = request.query;
    response.type('html');
    if (!isFilled(iss) || !isFilled(launch)) {
      response.status(400).send(renderPage('smart-refusal', { title: 'No launch', isRegistered: true }));
      return;
    }
    const clientId = clientIdFor(iss);
    if (clientId === undefined) {
      // Whoever calls itself an EHR gets no browser sent to it, and what it says is not repeated.
      response.status(403).send(renderPage('smart-refusal', { title: 'Unknown EHR', isRegistered: false }));
      return;
    }
    const redirectUri = `${publicUrl()}/smart/`;
    const launched = { iss, launch, clientId, redirectUri, scope: SCOPE };
    response.send(renderPage('smart-launch', { title: 'Opening the app', ...launched }));
  });

  app.get('/smart/', protect, (_request, response) => {
    response.type('html').send(renderPage('smart-app', { title: 'This patient in the ASPS app', cards }));
  });
  return app;
}

/** No script but the app's own, no talk with anybody but registered EHRs, and nothing of it kept: a launch's address is a secret. */
function pageHeaders(origins: () => readonly string[]): express.RequestHandler {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'", () => origins().join(' ')],
        frameAncestors: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    // The address has the launch, later the code.
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false,
  });
  return (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    protect(request, response, next);
  };
}

function isFilled(parameter: unknown): parameter is string {
  return typeof parameter === 'string' && parameter !== '';
}
