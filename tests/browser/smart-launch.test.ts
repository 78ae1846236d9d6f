import { describe, expect, test } from '@jest/globals';
import { SENTENCES } from '../../src/smart-app/session/failures.ts';
import { READ_TYPES } from '../../src/smart-app/session/scopes.ts';
import { sidewaysOverflow, violationsIn } from '../support/page-accessibility.ts';
import { type Behaviour, CLIENT_ID, idTokenOf, PATIENT, TOKEN } from './fake-smart-ehr.ts';
import { describeSmartApp } from './smart-visits.ts';

const stored = 'JSON.stringify(sessionStorage)';

describeSmartApp('a launch of the SMART app', (visits) => {
  const { ehr, stranger, service, context, page, complaints, launch, shown, closed } = visits;
  const failure = () => page().locator('#failure').textContent();

  /** Waits until the launch page says that it goes no further. */
  async function refused() {
    await page().locator('#progress[hidden]').waitFor({ state: 'attached' });
  }

  test('asks for this chart alone, with PKCE, and under the name that the app has at this EHR', async () => {
    await launch();
    await shown();
    const { code_challenge, state, scope, ...asked } = Object.fromEntries(ehr().authorization());
    expect(asked).toEqual({
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: `${service()}/smart/`,
      aud: ehr().iss,
      launch: 'a-launch',
      code_challenge_method: 'S256',
    });
    expect(scope?.split(' ')).toEqual([
      'launch',
      'openid',
      'fhirUser',
      ...READ_TYPES.map((type) => `patient/${type}.rs`),
    ]);
    expect(code_challenge).toMatch(/^[\w-]{43}$/);
    expect(state).toMatch(/^\w{16}$/);
    expect(complaints()).toEqual([]);
  });

  test.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['names version 1 alone', { capabilities: ['launch-ehr', 'permission-v1'] }],
    ['names no capabilities', { capabilities: undefined }],
  ])('asks in scopes of version 1 where the EHR %s', async (_claim, configuration) => {
    await launch({ configuration });
    await shown();
    expect(ehr().authorization().get('scope')).toContain(' patient/Condition.read patient/DiagnosticReport.read ');
    expect(ehr().authorization().get('scope')).not.toContain('.rs');
  });

  test('without a chart to be launched from, has the EHR say whose chart it is', async () => {
    await launch({}, { launch: undefined });
    await shown();
    const asked = ehr().authorization();
    expect(asked.has('launch')).toBe(false);
    expect(asked.get('scope')).toMatch(/^launch\/patient openid fhirUser /);
  });

  test('talks with the service and this EHR, and with nobody else', async () => {
    const origins = new Set<string>();
    page().on('request', (request) => origins.add(new URL(request.url()).origin));
    await launch();
    await shown();
    await page().waitForLoadState('networkidle');
    expect([...origins].toSorted()).toEqual([service(), ehr().origin].toSorted());
  });

  test('tells the service nothing of the patient', async () => {
    const told: string[] = [];
    page().on('request', (request) => {
      const { origin, pathname } = new URL(request.url());
      // What the EHR sends back is of the launch; it is a secret, and names nobody.
      const isRedirect = pathname === '/smart/' && request.isNavigationRequest();
      if (origin === service() && !isRedirect) told.push(`${request.url()} ${request.postData() ?? ''}`);
    });
    await launch();
    await shown();
    await page().waitForLoadState('networkidle');
    expect(told.length).toBeGreaterThan(3);
    expect(told.join('\n')).not.toMatch(new RegExp(`${PATIENT}|${TOKEN}|Mona|a-code`));
  });

  describe('the token', () => {
    test('is in the storage of this tab alone, and neither code nor state stays in the address', async () => {
      await launch();
      await shown();
      expect(page().url()).toBe(`${service()}/smart/`);
      expect(await page().evaluate<string>(stored)).toContain(TOKEN);
      expect(await page().evaluate<number>('localStorage.length')).toBe(0);
      expect(await context().cookies()).toEqual([]);
      const other = await context().newPage();
      await other.goto(`${service()}/smart/`);
      await other.getByText(SENTENCES['not-launched']).waitFor();
      await other.close();
    });

    test('is gone when the page is loaded again, and so is the chart', async () => {
      await launch();
      await shown();
      // What is still being asked for belongs to this showing.
      await page().waitForLoadState('networkidle');
      ehr().behave({});
      await page().reload();
      await closed('ended');
      expect(await page().evaluate<string>(stored)).toBe('{}');
      expect(ehr().asked).toEqual([]);
      await page().reload();
      await closed('ended');
    });

    test('is gone when the page is loaded again at one of its parts', async () => {
      await launch();
      await shown();
      await page().evaluate(`location.hash = 'evidence-title'`);
      // The browser tells the page a moment later that its address has changed.
      await page().waitForFunction('history.state?.opened === true');
      await page().reload();
      await closed('ended');
      expect(await page().evaluate<string>(stored)).toBe('{}');
    });

    test('is gone when the page is left for another and come back to', async () => {
      await launch();
      await shown();
      await page().goto(`${service()}/evidence`);
      expect(await page().evaluate<string>(stored)).toBe('{}');
      await page().goBack();
      await closed('ended');
    });

    test('is gone from a page that the browser has kept as it was, which shows nothing of the chart', async () => {
      await launch();
      await shown();
      await page().evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`);
      expect(await page().evaluate<string>(stored)).toBe('{}');
      await page().evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`);
      await closed('ended');
      expect(await page().locator('body').innerText()).not.toContain('Mona');
    });

    test('is gone when somebody ends the session', async () => {
      await launch();
      await shown();
      await page().getByRole('button', { name: 'End', exact: true }).click();
      await closed('ended');
      expect(await page().evaluate<string>(stored)).toBe('{}');
    });

    test('opens nothing in a copy of the tab, which takes it out there', async () => {
      await launch();
      await shown();
      const opened = context().waitForEvent('page');
      await page().evaluate(`void open(location.href)`);
      const copy = await opened;
      await copy.getByText(SENTENCES['not-launched']).waitFor();
      expect(await copy.evaluate<string>(stored)).toBe('{}');
      expect(await page().evaluate<string>(stored)).toContain(TOKEN);
      await copy.close();
    });
  });

  test('a second one in the same tab shows the second patient', async () => {
    await launch();
    await shown();
    await launch({ patient: 'localised-resected' });
    await shown('Ulla Testcase');
    expect(ehr().asked.join('\n')).toContain('GET /fhir/Patient/localised-resected ');
    expect(ehr().asked.join('\n')).not.toContain(PATIENT);
    expect(await page().locator('body').innerText()).not.toContain('Mona');
  });

  test('that was begun and not completed shows nothing of the one before', async () => {
    await launch();
    await shown();
    await launch({ configuration: { authorization_endpoint: `${service()}/evidence` } });
    await page().waitForURL('**/evidence?*');
    await page().goto(`${service()}/smart/`);
    await closed('not-launched');
    expect(await page().locator('body').innerText()).not.toContain('Mona');
  });

  test('chooses the first view by who has opened the app', async () => {
    await launch({ tokenResponse: { id_token: idTokenOf('Practitioner/1') } });
    await shown();
    const pressed = page().getByRole('button', { pressed: true });
    expect(await pressed.first().textContent()).toBe('For clinicians');
    await launch({ tokenResponse: { id_token: idTokenOf('https://ehr.example/fhir/Patient/1') } });
    await page().getByRole('button', { name: 'For patients and families', pressed: true }).waitFor();
  });

  describe('that goes wrong is told so, and nothing is shown:', () => {
    test.each<readonly [string, Behaviour, keyof typeof SENTENCES]>([
      ['the EHR denies access', { refusal: { error: 'access_denied' } }, 'denied'],
      ['it refuses the request', { refusal: { error: 'invalid_scope' } }, 'refused'],
      ['it takes the code for a used one', { answers: { '/token': 400 } }, 'launch-over'],
      ['its token endpoint fails', { answers: { '/token': 500 } }, 'server-error'],
      ['its token endpoint is silent', { answers: { '/token': 'hang up' } }, 'unreachable'],
      ['there is no token', { tokenResponse: { access_token: undefined } }, 'not-launched'],
      ['no patient is named', { tokenResponse: { patient: undefined } }, 'no-patient'],
    ])('%s', async (_name, behaviour, because) => {
      await launch(behaviour);
      await closed(because);
      expect(new URL(page().url()).search).toBe('');
      expect(await page().evaluate<string>(stored)).toBe('{}');
      expect(ehr().asked.filter((line) => /GET \/fhir\/[A-Z]/.test(line))).toEqual([]);
    });

    test.each<readonly [string, Behaviour]>([
      ['no PKCE', { configuration: { code_challenge_methods_supported: ['plain'] } }],
      ['no answer', { answers: { '/fhir/.well-known/smart-configuration': 'hang up', '/fhir/metadata': 'hang up' } }],
      [
        'an open server',
        {
          answers: {
            '/fhir/.well-known/smart-configuration': 404,
            '/fhir/metadata': { body: { resourceType: 'CapabilityStatement', rest: [{}] } },
          },
        },
      ],
      // What is no address of the web must not be opened, and is no script to be run.
      ['a script for an address', { configuration: { authorization_endpoint: "javascript:alert('run')//" } }],
    ])('there is %s', async (_name, behaviour) => {
      await launch(behaviour);
      await refused();
      expect(await failure()).toBe(SENTENCES['no-authorization']);
      expect(page().url()).toContain('/smart/launch?');
      expect(complaints()).not.toContain('run');
    });

    test('what the address says of an error is not repeated', async () => {
      await launch({ refusal: { error: 'call 555', error_description: 'call 555' } });
      await closed('refused');
      expect(await page().locator('body').innerText()).not.toContain('555');
    });

    test('a code that somebody else has got, under a state that is not known', async () => {
      await page().goto(`${service()}/smart/?code=a-code&state=SMART_KEY`);
      await closed('not-launched');
      expect(ehr().asked).toEqual([]);
    });

    test('a token of the chart before, once a strange code comes to the same tab', async () => {
      await launch();
      await shown();
      await page().goto(`${service()}/smart/?code=another-code&state=another-state`);
      await closed('not-launched');
      expect(await page().evaluate<string>(stored)).toBe('{}');
    });
  });

  test('from an EHR that is not known goes nowhere', async () => {
    await launch({}, { iss: stranger().iss });
    expect(await page().getByRole('heading').textContent()).toBe('Unknown EHR');
    expect(await page().locator('script').count()).toBe(0);
    expect(stranger().asked).toEqual([]);
  });

  test('takes nothing from the address besides the launch', async () => {
    const evil = { clientId: 'evil', patientId: 'patient-9', fhirServiceUrl: stranger().iss };
    await launch({}, { ...evil, redirectUri: stranger().origin, scope: 'user/*.cruds' });
    await shown();
    expect(ehr().authorization().get('client_id')).toBe(CLIENT_ID);
    expect(ehr().authorization().get('redirect_uri')).toBe(`${service()}/smart/`);
    expect(ehr().authorization().get('scope')).not.toContain('user/');
    expect(ehr().asked.join('\n')).not.toContain('patient-9');
    expect(stranger().asked).toEqual([]);
  });

  test.each([
    [400, 'dark'],
    [1400, 'light'],
  ] as const)(
    'has pages that axe-core finds nothing wrong with when it fails, at %i px, %s',
    async (width, colorScheme) => {
      await page().setViewportSize({ width, height: 900 });
      await page().emulateMedia({ colorScheme });
      const isFine = async () => {
        expect(await violationsIn(page())).toEqual([]);
        expect(await sidewaysOverflow(page())).toBe(0);
      };
      await launch({ configuration: { code_challenge_methods_supported: [] } });
      await refused();
      await isFine();
      await launch({ refusal: { error: 'access_denied' } });
      await closed('denied');
      await isFine();
      await page().goto(`${service()}/smart/launch`);
      await isFine();
    },
  );
});
