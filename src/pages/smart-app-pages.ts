import compression from 'compression';
import express from 'express';
import type { SmartRegistrations } from '../clients/smart-registrations.ts';
import { type Page, renderPage } from './render.ts';
import { type SmartAppFiles, smartAppAssets } from './smart-app-assets.ts';
import type { SmartAppBundle } from './smart-app-bundle.ts';
import { type SmartAppContent, smartAppContent } from './smart-app-content.ts';
import { pageHeaders } from './smart-app-headers.ts';

export interface SmartAppOptions {
  /** At which EHRs the app is registered. */
  readonly registrations: SmartRegistrations;
  /** The address that EHRs know, without a trailing slash. */
  readonly publicUrl: () => string;
  readonly files: SmartAppFiles;
  readonly content: SmartAppContent;
}

/**
 * The SMART app (SMART App Launch 2.2, public client): its launch address, its redirect address, what their pages are made of,
 * and the content that it shows. The service itself sees no patient and no token: the browser talks to the EHR.
 */
export function smartAppPages({ registrations, publicUrl, files, content }: SmartAppOptions): express.Router {
  // Its pages name what they load from where they are, whatever path a proxy puts before it: a slash more or less is another place.
  const app = express.Router({ strict: true, caseSensitive: true });
  const protect = pageHeaders(registrations);

  app.use(['/smart/assets', '/smart/:name.json'], compression());
  app.get('/smart/assets/:name', smartAppAssets(files));
  app.use(smartAppContent(content));

  app.get('/smart/launch', protect, async (request, response) => {
    const { iss, launch } = request.query;
    // Without a launch it is a standalone one (SMART App Launch 2.2, 2.0.6.2): the EHR asks for the patient.
    if (!isFilled(iss) || (launch !== undefined && !isFilled(launch))) {
      await show(response, 400, 'smart-refusal', { title: 'No launch', isRegistered: true });
      return;
    }
    const site = registrations.siteFor(iss);
    if (site === undefined) {
      // Whoever calls itself an EHR gets no browser sent to it, and what it says is not repeated.
      await show(response, 403, 'smart-refusal', { title: 'Unknown EHR', isRegistered: false });
      return;
    }
    const { clientId } = site;
    const launched = { iss, launch: launch ?? '', clientId, redirectUri: `${publicUrl()}/smart/` };
    await show(response, 200, 'smart-launch', { title: 'Opening the app', ...launched });
  });

  app.get('/smart/', protect, (_request, response) =>
    show(response, 200, 'smart-app', { title: 'This patient in the ASPS app' }),
  );
  return app;

  async function show(response: express.Response, status: number, page: Page, view: object): Promise<void> {
    const bundle = await files();
    response.type('html');
    if (bundle === undefined)
      response.status(503).send(renderPage('smart-unavailable', { title: 'The app is not available' }));
    else response.status(status).send(renderPage(page, { ...view, assets: addressesOf(bundle) }));
  }
}

function addressesOf(bundle: SmartAppBundle): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(bundle).map(([role, { name }]) => [role, `assets/${name}`]));
}

function isFilled(parameter: unknown): parameter is string {
  return typeof parameter === 'string' && parameter !== '';
}
