import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { SENTENCES } from '../../src/smart-app/session/failures.ts';
import { sidewaysOverflow, violationsIn } from '../support/page-accessibility.ts';
import { type Behaviour, type FakeReply, outcome, PATIENT } from './fake-smart-ehr.ts';
import { describeSmartApp } from './smart-visits.ts';

/** Longer than any test waits. */
const FOR_EVER_MS = 120_000;
/** A part that has not come by then is taken as unread. */
const PART_MS = 8000;

describeSmartApp('the SMART app at an EHR that fails', (visits) => {
  const { ehr, stranger, page, complaints, launch, shown, closed } = visits;
  const region = (name: string) => page().getByRole('region', { name, exact: true });
  const text = () => page().locator('body').innerText();

  /** Waits until this is said aloud. */
  async function alert(sentence: string | RegExp) {
    const said = page().getByRole('alert').filter({ hasText: sentence });
    await said.waitFor();
    return said.innerText();
  }

  /** Opens the chart, and waits until it has been read as far as it can be. */
  async function read(behaviour: Behaviour, who?: string) {
    await launch(behaviour);
    await shown(who);
    await region('Recommendations').waitFor();
    await page().getByText('Still reading').first().waitFor({ state: 'detached' });
  }

  describe('says what could not be read, with the server’s answer, and shows the rest', () => {
    test.each<readonly [string, string, FakeReply | 'hang up', RegExp]>([
      [
        'a type that this app may not read',
        'Observation',
        outcome(403, 'no results for this app'),
        /403: no results for this app/,
      ],
      ['a type that fails', 'Procedure', outcome(500, 'out of memory'), /500: out of memory/],
      ['a type that is busy', 'CareTeam', outcome(503, 'come back later'), /503: come back later/],
      ['a type that there is not', 'ImagingStudy', outcome(404, 'no such type'), /404: no such type/],
      ['a page in place of FHIR', 'DiagnosticReport', { body: '<h1>Sign in</h1>', type: 'html' }, /200/],
      ['a connection that breaks', 'Encounter', 'hang up', /cannot be reached/],
      ['something else than was asked for', 'MedicationRequest', { body: { resourceType: 'Patient' } }, /200/],
      ['no FHIR at all', 'ServiceRequest', { body: ['x'] }, /200/],
    ])('%s: %s', async (_claim, type, answer, said) => {
      await read({ answers: { [`/fhir/${type}`]: answer } });
      const missing = await region('Not in the chart').innerText();
      const line = missing.split('\n').find((one) => new RegExp(`^${type}\\b.* – `).test(one));
      expect(line).toMatch(said);
      expect(missing).not.toContain('<h1>');
      expect(await region('Recommendations').getByRole('heading', { level: 3 }).count()).toBeGreaterThan(0);
    });

    test('what the token does not reach is not asked for, and not taken for empty', async () => {
      const scope = 'launch patient/Patient.rs patient/Condition.rs';
      await read({ tokenResponse: { scope } });
      expect(await region('Not in the chart').innerText()).toMatch(/not granted access to Procedure/);
      const searched = ehr().asked.filter((line) => /GET \/fhir\/[A-Z]/.test(line));
      expect(new Set(searched.map((line) => /fhir\/(\w+)/.exec(line)?.[1]))).toEqual(new Set(['Patient', 'Condition']));
    });

    test('what the token reaches in part is not taken for all', async () => {
      const scope = 'launch patient/*.rs patient/Observation.rs?category=laboratory';
      await read({
        tokenResponse: { scope: scope.replace('patient/*.rs', 'patient/Patient.rs patient/Condition.rs') },
      });
      expect(await region('Not in the chart').innerText()).toMatch(/Observation.*access was granted to some of these/);
    });
  });

  test('shows whose chart it is while the rest is slow, and says what is still being read', async () => {
    await launch({
      answers: { '/fhir/Observation': { delayMs: FOR_EVER_MS }, '/fhir/Procedure': { delayMs: FOR_EVER_MS } },
    });
    const status = page()
      .getByRole('status')
      .filter({ hasText: /Still reading.*Procedure/ })
      .first();
    // Looked for at once: it is there until the app goes on without what does not come.
    await status.waitFor();
    await shown();
    await status.waitFor({ state: 'detached' });
    expect(await region('Not in the chart').innerText()).toMatch(/Procedure.*no answer within 8 s/);
  });

  test('takes a part that comes late after all', async () => {
    await launch({ answers: { '/fhir/CareTeam': { delayMs: PART_MS + 3000 } } });
    await shown();
    const late = region('Not in the chart').getByText(/no answer within/);
    await late.waitFor();
    await late.waitFor({ state: 'detached' });
    expect(await region('Not in the chart').innerText()).not.toMatch(/CareTeam.*no answer/);
  });

  describe('shows nothing', () => {
    test('of another patient than the one of the launch', async () => {
      const other = { resourceType: 'Patient', id: 'somebody-else', name: [{ text: 'Somebody Else' }] };
      await launch({ answers: { [`/fhir/Patient/${PATIENT}`]: { body: other } } });
      await closed('other-patient');
      expect(await text()).not.toMatch(/Somebody|Mona/);
      expect(await page().evaluate<string>('JSON.stringify(sessionStorage)')).toBe('{}');
    });

    test('of ASPS where the problem list cannot be read', async () => {
      await launch({ answers: { '/fhir/Condition': outcome(500, 'out of memory') } });
      await shown();
      await alert(/problem list could not be read.*the server answered 500: out of memory/);
      expect(await region('Recommendations').count()).toBe(0);
    });

    test('of ASPS where the chart has none', async () => {
      await launch({ patient: 'leiomyosarcoma-on-doxorubicin' });
      await page()
        .getByText(/^No record of alveolar soft part sarcoma in the \d+ problems/)
        .waitFor();
      expect(await region('Recommendations').count()).toBe(0);
    });

    test('is concluded from a problem list of which a part is missing', async () => {
      const next = (resources: readonly Resource[]) =>
        resources.filter(({ resourceType }) => resourceType !== 'Condition');
      const first = {
        resourceType: 'Bundle',
        type: 'searchset',
        link: [{ relation: 'next', url: `${ehr().iss}/more` }],
      };
      await launch({
        edit: next,
        answers: { '/fhir/Condition': { body: first }, '/fhir/more': outcome(500, 'page lost') },
      });
      await alert(/whether it is ASPS is not known/);
      expect(await region('Recommendations').count()).toBe(0);
    });

    test('of records of another patient that come with this one’s', async () => {
      const procedure = (id: string, patient: string, what: string) => ({
        resourceType: 'Procedure',
        id,
        status: 'completed',
        subject: { reference: `Patient/${patient}` },
        code: { text: what },
      });
      const entry = [procedure('own', PATIENT, 'Biopsy'), procedure('other', 'somebody-else', 'SECRET')];
      const body = { resourceType: 'Bundle', type: 'searchset', entry: entry.map((resource) => ({ resource })) };
      await read({ answers: { '/fhir/Procedure': { body } } });
      expect(await page().content()).not.toContain('SECRET');
      expect(await region('Not in the chart').innerText()).toMatch(/1 records? (?:was|were) left out/);
    });
  });

  describe('when the access ends', () => {
    test('because a server takes the token no more: says so', async () => {
      await launch({ answers: { '/fhir/Observation': 401 } });
      expect(await alert(SENTENCES.expired)).toMatch(/Open the app again/);
    });

    test('because its time is over: says so', async () => {
      await launch({ tokenResponse: { expires_in: 2 } });
      await shown();
      expect(await alert(SENTENCES.expired)).toMatch(/Open the app again/);
    });

    test('before anything was read: says so, and names nobody', async () => {
      await launch({ answers: { '/fhir': 401, [`/fhir/Patient`]: 401 } });
      expect(await alert(SENTENCES.expired)).toMatch(/Open the app again/);
      expect(await text()).not.toContain('Mona');
    });
  });

  test('takes the token to no other place', async () => {
    const body = {
      resourceType: 'Bundle',
      type: 'searchset',
      link: [{ relation: 'next', url: `${stranger().iss}/Procedure?page=2` }],
    };
    await read({ answers: { '/fhir/Procedure': { body } } });
    expect(await region('Not in the chart').innerText()).toMatch(/Procedure/);
    expect(stranger().asked).toEqual([]);
  });

  test('shows whatever comes as text, and runs none of it', async () => {
    const ATTACK = `<img src=x onerror="alert('run')"><script>alert('run')</script>`;
    const edit = (resources: readonly Resource[]) =>
      resources.map((resource) =>
        resource.resourceType === 'Patient'
          ? { ...resource, name: [{ use: 'official', text: ATTACK, family: ATTACK, given: [] }], gender: ATTACK }
          : {
              ...resource,
              note: [{ text: ATTACK }],
              ...('code' in resource && { code: { ...Object(resource['code']), text: ATTACK } }),
            },
      );
    await launch({ edit, tokenResponse: { scope: undefined } });
    await page().getByText(ATTACK.slice(0, 30)).first().waitFor();
    await page().waitForLoadState('networkidle');
    expect(await page().locator('img, #app script, iframe').count()).toBe(0);
    expect(complaints()).toEqual([]);
  });

  test.each([
    ['a card that there is not', '{"card":"../../demo"}'],
    ['no JSON', 'baseline-brain-mri'],
    ['nothing', undefined],
  ])('an appContext of %s opens no card, and nothing of it is shown', async (_claim, appContext) => {
    await read({ tokenResponse: { appContext } });
    expect(await text()).not.toContain('../../demo');
    expect(await page().locator('a[href*="demo"]').count()).toBe(0);
    expect(complaints()).toEqual([]);
  });

  test.each([
    [400, 'dark'],
    [1400, 'light'],
  ] as const)(
    'axe-core finds nothing wrong with a chart of which much is missing, at %i px, %s',
    async (width, colorScheme) => {
      await page().setViewportSize({ width, height: 900 });
      await page().emulateMedia({ colorScheme });
      await read({
        answers: { '/fhir/Observation': outcome(403, 'x'.repeat(300)), '/fhir/Procedure': outcome(500, 'lost') },
      });
      expect(await violationsIn(page())).toEqual([]);
      expect(await sidewaysOverflow(page())).toBe(0);
    },
  );

  test('a part that takes its time does not hold back what the others decide, and is named meanwhile', async () => {
    const LATE_MS = 6000;
    await launch({ answers: { '/fhir/CareTeam': { delayMs: LATE_MS } } });
    await region('Recommendations').locator('details').first().waitFor();
    // Shown while the late part was still on its way, however slow the machine is.
    expect(await region('Recommendations').getByText('Still reading').count()).toBeGreaterThan(0);
    await page().getByText('Still reading').first().waitFor({ state: 'detached' });
    expect(await region('Recommendations').isVisible()).toBe(true);
  });

  test('the guideline that the service could not send is named, and is had when it is asked for again', async () => {
    let isDown = true;
    await page().route('**/smart/guideline.json*', (route) =>
      isDown ? route.fulfill({ status: 500 }) : route.continue(),
    );
    await launch({});
    const said = page()
      .getByRole('alert')
      .filter({ hasText: /The guideline could not be fetched/ });
    await said.waitFor();
    isDown = false;
    await page().getByRole('button', { name: 'Try again' }).click();
    await region('Recommendations').waitFor();
    expect(await said.count()).toBe(0);
  });
});
