import { afterAll, afterEach, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import express from 'express';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { smartRegistrations } from '../../src/clients/smart-registrations.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../../src/guideline-folder.ts';
import { guidelinePages } from '../../src/pages/pages.ts';
import { bundledOnce } from '../../src/pages/smart-app-assets.ts';
import { bundleSmartApp } from '../../src/pages/smart-app-bundle.ts';
import { smartAppPages } from '../../src/pages/smart-app-pages.ts';
import { readReferenceTexts } from '../../src/reference-texts.ts';
import { type Failure, SENTENCES } from '../../src/smart-app/session/failures.ts';
import { describeInBrowser } from '../support/browser.ts';
import { type Served, serve } from '../support/http.ts';
import { registeredClient } from '../support/registered-client.ts';
import { guideline } from '../support/service.ts';
import { type Behaviour, CLIENT_ID, type FakeSmartEhr, NAME, serveFakeSmartEhr } from './fake-smart-ehr.ts';

/** Nothing is timed by it: a launch may take its time on a machine that is busy with other things. */
const PATIENCE_MS = 120_000;

/** What tests of the SMART app have at hand. */
export interface SmartVisits {
  /** The EHR that the app is registered at. */
  readonly ehr: () => FakeSmartEhr;
  /** One that nobody knows. */
  readonly stranger: () => FakeSmartEhr;
  /** Of the service, without a trailing slash. */
  readonly service: () => string;
  readonly context: () => BrowserContext;
  /** A tab of its own for each test: nothing is kept but for a tab. */
  readonly page: () => Page;
  /** What the browser found wrong in any page of this test: errors of scripts, what the security policy forbade, dialogs. */
  readonly complaints: () => readonly string[];
  /** Waits until the chart of this patient is there, at least the name. */
  readonly shown: (who?: string) => Promise<void>;
  /** Waits until it is said why no chart is shown, and for nothing else to be there. */
  readonly closed: (because: Failure) => Promise<void>;
  /** Opens the app as an EHR does that behaves like this; undefined takes a parameter of the launch away. */
  readonly launch: (behaviour?: Behaviour, parameters?: Readonly<Record<string, string | undefined>>) => Promise<void>;
}

/** Tests of the SMART app as it is served, in a browser, launched from an EHR of another origin. */
export function describeSmartApp(name: string, tests: (visits: SmartVisits) => void): void {
  jest.setTimeout(PATIENCE_MS);
  describeInBrowser(name, (browser) => {
    let served: { readonly ehr: FakeSmartEhr; readonly stranger: FakeSmartEhr; readonly service: Served } | undefined;
    let context: BrowserContext | undefined;
    let page: Page | undefined;
    let complaints: string[] = [];

    beforeAll(async () => {
      const [ehr, stranger] = await Promise.all([serveFakeSmartEhr(), serveFakeSmartEhr()]);
      served = { ehr, stranger, service: await serveApp(ehr.iss) };
      // Where another day has begun: no date of a record may follow it.
      context = await browser().newContext({ timezoneId: 'Pacific/Kiritimati', reducedMotion: 'reduce' });
      context.on('weberror', (error) => complaints.push(error.error().message));
      context.on('dialog', (dialog) => {
        complaints.push(dialog.message());
        void dialog.dismiss();
      });
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
    });
    afterAll(async () => {
      await context?.close();
      if (served !== undefined)
        await Promise.all([served.service.close(), served.ehr.close(), served.stranger.close()]);
    });
    beforeEach(async () => {
      there(served).ehr.behave({});
      there(served).stranger.behave({});
      complaints = [];
      page = await there(context).newPage();
    });
    afterEach(() => page?.close());

    tests({
      ehr: () => there(served).ehr,
      stranger: () => there(served).stranger,
      service: () => there(served).service.url,
      context: () => there(context),
      page: () => there(page),
      complaints: () => complaints,
      shown: (who = NAME) => nameOf(there(page)).filter({ hasText: who }).waitFor(),
      async closed(because) {
        const alert = there(page).getByRole('alert').filter({ hasText: SENTENCES[because] });
        await alert.waitFor();
        expect(await nameOf(there(page)).count()).toBe(0);
      },
      async launch(behaviour = {}, changes = {}) {
        const { ehr, service } = there(served);
        ehr.behave(behaviour);
        const parameters = Object.entries({ iss: ehr.iss, launch: 'a-launch', ...changes });
        const given = parameters.flatMap(([parameter, value]) => (value === undefined ? [] : [[parameter, value]]));
        // The script of the page goes on to the EHR by itself, perhaps before the page is whole.
        await there(page).goto(`${service.url}/smart/launch?${new URLSearchParams(given)}`, { waitUntil: 'commit' });
      },
    });
  });
}

function nameOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Patient', exact: true }).getByRole('heading', { level: 1 });
}

/** The app's pages, registered at this FHIR server, and the pages of the cards. */
async function serveApp(iss: string): Promise<Served> {
  const { catalogue, ofApp } = readReferenceTexts(readGuidelineFolder(CARDS_FOLDER), { isAppRegistered: true });
  const registrations = smartRegistrations([registeredClient({ fhirServers: [iss], smartClientId: CLIENT_ID })]);
  const app = express();
  const publicUrl = () => served.url;
  const files = bundledOnce(bundleSmartApp, (problems) => {
    throw new Error(problems.join('\n'));
  });
  app.use(
    smartAppPages({
      registrations,
      publicUrl,
      files,
      content: {
        guidelineFor: (asked) =>
          registrations.siteFor(asked) === undefined ? undefined : { guideline, site: undefined },
        evidence: () => ({ outcomes: ofApp().outcomes, sources: guideline.sources, catalogue }),
        education: () => ofApp().education,
      },
    }),
  );
  app.use(guidelinePages(() => guideline, publicUrl));
  const served = await serve(app);
  await files();
  return served;
}

function there<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('It is there once the tests run');
  return value;
}
