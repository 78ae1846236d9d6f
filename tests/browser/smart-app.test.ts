import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { smartRegistrations } from '../../src/clients/smart-registrations.ts';
import { guidelinePages } from '../../src/pages/pages.ts';
import { smartAppPages } from '../../src/pages/smart-app-pages.ts';
import { describeInBrowser } from '../support/browser.ts';
import { type Served, serve } from '../support/http.ts';
import { sidewaysOverflow, violationsIn } from '../support/page-accessibility.ts';
import { registeredClient } from '../support/registered-client.ts';
import { guideline } from '../support/service.ts';
import { type Behaviour, CLIENT_ID, type FakeSmartEhr, serveFakeSmartEhr, TOKEN } from './fake-smart-ehr.ts';

let ehr: FakeSmartEhr;
let stranger: FakeSmartEhr;
let service: Served;

beforeAll(async () => {
  [ehr, stranger] = await Promise.all([serveFakeSmartEhr(), serveFakeSmartEhr()]);
  const clients = [registeredClient({ fhirServers: [ehr.iss], smartClientId: CLIENT_ID })];
  const publicUrl = () => service.url;
  const app = express();
  app.use(smartAppPages({ ...smartRegistrations(clients), publicUrl, guideline }));
  app.use(guidelinePages(() => guideline, publicUrl));
  service = await serve(app);
});
afterAll(() => Promise.all([service.close(), ehr.close(), stranger.close()]));

describeInBrowser('the SMART app', (browser) => {
  let context: BrowserContext;
  let page: Page;
  /** What the browser found wrong: errors of scripts, what the security policy forbade, dialogs. */
  let complaints: string[];

  beforeAll(async () => {
    // Where another day has begun: no date of a record may follow it.
    context = await browser().newContext({ timezoneId: 'Pacific/Kiritimati' });
    context.on('weberror', (error) => complaints.push(error.error().message));
    context.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    context.on('console', (message) => complaints.push(message.text()));
  });
  afterAll(() => context.close());

  beforeEach(async () => {
    ehr.behave({});
    stranger.behave({});
    complaints = [];
    // Nothing is kept but for a tab.
    page = await context.newPage();
  });
  afterEach(() => page.close());

  /** Opens the app as an EHR does that behaves like this. */
  async function begin(behaviour: Behaviour = {}, more: Readonly<Record<string, string>> = {}) {
    ehr.behave(behaviour);
    const parameters = new URLSearchParams({ iss: ehr.iss, launch: 'a-launch', ...more });
    // The script of the page goes on to the EHR by itself, perhaps before the page is whole.
    await page.goto(`${service.url}/smart/launch?${parameters}`, { waitUntil: 'commit' });
  }

  /** Opens it, and waits until it has nothing more to do. */
  async function launch(...how: Parameters<typeof begin>) {
    await begin(...how);
    await settled();
  }

  async function settled() {
    await page.locator('#progress[hidden]').waitFor({ state: 'attached' });
  }

  const failure = () => page.locator('#failure').textContent();
  const isShown = () => page.getByRole('heading', { name: 'Problems' }).isVisible();
  const address = () => page.url();

  test('shows whose chart it is, from which card it was opened, the problems and what it may do', async () => {
    await launch();
    const shown = await page.locator('main').innerText();
    expect(shown.replace(/\d\d:\d\d/, 'hh:mm')).toMatchInlineSnapshot(`
"Mara Lea Example
Born
1998-04-02
Sex
female

Opened from the card Baseline brain MRI at staging, whose page says when it is shown and why.

Problems
Malignant tumour of the left thigh
Alveolar soft part sarcoma · active · since 2026-02-03, recorded 2026-02-05
Fracture of wrist
resolved · since 2009
Gout
entered in error
What this app may do
know in which chart it was opened
know who opened it
know which FHIR resource that person is
read and search personal details of this patient
read and search problems and diagnoses of this patient

The access ends at hh:mm.

All of this was read from the EHR just now, by this browser. The app assesses nothing, and stores none of it."
`);
    expect(await page.getByRole('link').getAttribute('href')).toBe('/evidence/baseline-brain-mri');
    expect([await failure(), complaints]).toEqual(['', []]);
  });

  test('asks for this launch alone, with PKCE, and under the name that it has at this EHR', async () => {
    await launch();
    const { code_challenge, state, ...asked } = Object.fromEntries(ehr.authorization());
    expect(asked).toEqual({
      response_type: 'code',
      client_id: CLIENT_ID,
      scope: 'launch openid fhirUser patient/Patient.rs patient/Condition.rs',
      redirect_uri: `${service.url}/smart/`,
      aud: ehr.iss,
      launch: 'a-launch',
      code_challenge_method: 'S256',
    });
    expect(code_challenge).toMatch(/^[\w-]{43}$/);
    expect(state).toMatch(/^\w{16}$/);
  });

  test('leaves neither code nor state in the address, and keeps the token in this tab alone', async () => {
    await launch();
    expect(address()).toBe(`${service.url}/smart/`);
    expect(await page.evaluate<string>('JSON.stringify(sessionStorage)')).toContain(TOKEN);
    expect(await page.evaluate<number>('localStorage.length')).toBe(0);
    expect(await context.cookies()).toEqual([]);
    const other = await context.newPage();
    await other.goto(`${service.url}/smart/`);
    await other.getByText('only when an EHR launches it').waitFor();
    await other.close();
  });

  test('reads the chart again when it is loaded again, with the token that it has', async () => {
    await launch();
    ehr.behave({});
    await page.reload();
    await settled();
    expect(await isShown()).toBe(true);
    expect(ehr.asked.filter((line) => !line.startsWith('OPTIONS')).toSorted()).toEqual([
      `GET /fhir/Condition?patient=p1 Bearer ${TOKEN}`,
      `GET /fhir/Patient/p1 Bearer ${TOKEN}`,
    ]);
  });

  test('a second launch in the same tab shows the second patient', async () => {
    await launch();
    await launch({ tokenResponse: { patient: 'p2' } });
    expect(await isShown()).toBe(true);
    expect(ehr.asked).toContain(`GET /fhir/Patient/p2 Bearer ${TOKEN}`);
    expect(ehr.asked.join()).not.toMatch(/Patient\/p1|patient=p1/);
  });

  test('a launch that was begun and not completed shows nothing of the one before', async () => {
    await launch();
    await begin({ configuration: { authorization_endpoint: `${service.url}/evidence` } });
    await page.waitForURL('**/evidence?*');
    await page.goto(`${service.url}/smart/`);
    await settled();
    expect(await failure()).toMatch(/only when an EHR launches it/);
    expect(await isShown()).toBe(false);
  });

  describe('what goes wrong is said, and nothing is shown', () => {
    test.each<readonly [string, Behaviour, RegExp]>([
      ['the EHR denies access', { refusal: { error: 'access_denied' } }, /did not grant/],
      ['it takes the code for a used one', { answers: { '/token': 400 } }, /did not accept the launch any more/],
      ['its token endpoint is silent', { answers: { '/token': 'hang up' } }, /cannot be reached/],
      ['there is no token', { tokenResponse: { access_token: undefined } }, /only when an EHR launches it/],
      ['no patient is named', { tokenResponse: { patient: undefined } }, /whose chart/],
      ['the token is not taken', { answers: { '/fhir/Patient/p1': 401 } }, /access to this chart has ended/],
      ['the FHIR server hangs up', { answers: { '/fhir/Patient/p1': 'hang up' } }, /cannot be reached/],
      ['no Patient comes', { answers: { '/fhir/Patient/p1': ['x'] } }, /cannot read/],
      [
        'another patient comes',
        { answers: { '/fhir/Patient/p1': { resourceType: 'Patient', id: 'p2' } } },
        /another patient/,
      ],
    ])('%s', async (_name, behaviour, sentence) => {
      await launch(behaviour);
      expect(await page.getByRole('alert').first().textContent()).toMatch(sentence);
      expect(await isShown()).toBe(false);
    });

    test.each<readonly [string, Behaviour]>([
      ['no PKCE', { configuration: { code_challenge_methods_supported: ['plain'] } }],
      ['no answer', { answers: { '/fhir/.well-known/smart-configuration': 'hang up', '/fhir/metadata': 'hang up' } }],
      [
        'an open server',
        {
          answers: {
            '/fhir/.well-known/smart-configuration': 404,
            '/fhir/metadata': { resourceType: 'CapabilityStatement', rest: [{}] },
          },
        },
      ],
      // What is no address of the web must not be opened, and is no script to be run.
      ['a script for an address', { configuration: { authorization_endpoint: "javascript:alert('run')//" } }],
    ])('there is %s at the launch', async (_name, behaviour) => {
      await launch(behaviour);
      expect(await failure()).toMatch(/did not say how to ask it for access/);
      expect(address()).toContain('/smart/launch?');
      expect(complaints).not.toContain('run');
    });

    test('in a way that axe-core finds nothing wrong with', async () => {
      await launch({ refusal: { error: 'access_denied' } });
      expect(await violationsIn(page)).toEqual([]);
    });

    test('what the address says of an error is not repeated', async () => {
      await launch({ refusal: { error: 'call 555', error_description: 'call 555' } });
      expect(await page.locator('body').innerText()).not.toContain('555');
    });

    test('a code that somebody else has got, under a state that is not known', async () => {
      await page.goto(`${service.url}/smart/?code=a-code&state=SMART_KEY`);
      await settled();
      expect(await failure()).toMatch(/only when an EHR launches it/);
      expect(ehr.asked).toEqual([]);
    });
  });

  test('who may not read the problems is shown the patient, and told so', async () => {
    await launch({ answers: { '/fhir/Condition': 403 } });
    expect(await page.getByText('Mara Lea Example').isVisible()).toBe(true);
    expect(await page.locator('#problems-failure').textContent()).toMatch(/does not let this app read/);
  });

  test('an EHR that is not known is not gone to', async () => {
    await page.goto(`${service.url}/smart/launch?iss=${encodeURIComponent(stranger.iss)}&launch=x`);
    expect(await page.getByRole('heading').textContent()).toBe('Unknown EHR');
    expect(await page.locator('script').count()).toBe(0);
    expect(stranger.asked).toEqual([]);
  });

  test('what the address says besides the launch has no effect', async () => {
    await launch(
      {},
      { clientId: 'evil', patientId: 'patient-9', fhirServiceUrl: stranger.iss, redirectUri: stranger.origin },
    );
    expect(ehr.authorization().get('client_id')).toBe(CLIENT_ID);
    expect(ehr.authorization().get('redirect_uri')).toBe(`${service.url}/smart/`);
    expect(ehr.asked.join()).not.toContain('patient-9');
    expect(await isShown()).toBe(true);
    expect(stranger.asked).toEqual([]);
  });

  describe('what comes from the EHR stays text', () => {
    const ATTACK = `<img src=x onerror="alert('run')"><script>alert('run')</script>`;

    test('in names, problems and scopes', async () => {
      const problem = { resourceType: 'Condition', code: { text: ATTACK }, onsetString: ATTACK };
      await launch({
        tokenResponse: { scope: ATTACK },
        answers: {
          '/fhir/Patient/p1': { resourceType: 'Patient', id: 'p1', name: [{ text: ATTACK }], gender: ATTACK },
          '/fhir/Condition': { resourceType: 'Bundle', entry: [{ resource: problem }] },
        },
      });
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(ATTACK);
      expect(await page.locator('#problems').textContent()).toContain(ATTACK);
      expect(await page.locator('main img, main script').count()).toBe(0);
      expect(complaints).toEqual([]);
    });

    test('and long words make no page wider than a telephone', async () => {
      const word = 'x'.repeat(300);
      const problem = { resourceType: 'Condition', code: { text: word }, onsetString: word };
      await page.setViewportSize({ width: 400, height: 900 });
      await launch({
        tokenResponse: { scope: word },
        answers: {
          '/fhir/Patient/p1': { resourceType: 'Patient', id: 'p1', name: [{ text: word }], gender: word },
          '/fhir/Condition': { resourceType: 'Bundle', entry: [{ resource: problem }] },
        },
      });
      expect(await isShown()).toBe(true);
      expect(await sidewaysOverflow(page)).toBe(0);
    });

    test.each([
      ['a card that there is not', '{"card":"../../demo"}'],
      ['no JSON', 'baseline-brain-mri'],
      ['nothing', undefined],
    ])('in the appContext: %s leads nowhere', async (_name, appContext) => {
      await launch({ tokenResponse: { appContext } });
      expect(await page.locator('#origin').textContent()).toBe(
        'The EHR did not say from which card the app was opened.',
      );
      expect(await page.getByRole('link').count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  describe('a problem list in pages', () => {
    const pageOf = (text: string, next?: string) => ({
      resourceType: 'Bundle',
      entry: [{ resource: { resourceType: 'Condition', code: { text } } }],
      ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
    });

    test('is read to its end', async () => {
      await launch({
        answers: { '/fhir/Condition': pageOf('One', `${ehr.iss}/more`), '/fhir/more': pageOf('Two') },
      });
      expect(await page.locator('#problems > li').allTextContents()).toEqual(['One', 'Two']);
    });

    test('that leads in a circle is read for a while, and called incomplete', async () => {
      await launch({ answers: { '/fhir/Condition': pageOf('One', `${ehr.iss}/Condition`) } });
      expect(await page.locator('#problems > li').count()).toBe(20);
      expect(await page.locator('#problems-note').textContent()).toMatch(/longer than this app reads/);
    });

    test('takes the token to no other place', async () => {
      await launch({ answers: { '/fhir/Condition': pageOf('One', `${stranger.iss}/Condition`) } });
      expect(await page.locator('#problems-failure').textContent()).toMatch(/cannot be reached/);
      expect(stranger.asked).toEqual([]);
    });
  });

  test.each([
    [400, 'dark'],
    [1400, 'light'],
  ] as const)('axe-core finds nothing wrong with it at %i px, %s', async (width, colorScheme) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await launch();
    expect(await violationsIn(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await page.goto(`${service.url}/smart/launch`);
    expect(await violationsIn(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
  });
});
