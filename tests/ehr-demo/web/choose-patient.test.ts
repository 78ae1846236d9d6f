import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ADA, type ServedPages, servePages } from './served-pages.ts';

const REQUEST = 'client_id=an-app&scope=launch%2Fpatient+openid+patient%2F*.read+user%2F*.rs&state=a%26b';

let pages: ServedPages;
beforeEach(async () => {
  pages = await servePages([ADA, { ...ADA, id: 'eve', name: [{ family: '<b>Testcase', given: ['Eve'] }] }]);
});
afterEach(() => pages.close());

const send = (...fields: (readonly [string, string])[]) =>
  pages.send('/choose-patient', [['request', REQUEST], ...fields], { 'sec-fetch-site': 'same-origin' });

test('the page lists each patient of the demo, and what the app would be granted', async () => {
  const { status, text } = await pages.get(`/choose-patient?${REQUEST}`);
  expect(status).toBe(200);
  expect(text).toContain('<option value="ada">Testcase, Ada (35 years, female): The story of ada</option>');
  expect(text).toContain('&lt;b&gt;Testcase, Eve');
  expect([...text.matchAll(/<li><code>(.*?)<\/code>/g)].map(([, scope]) => scope)).toEqual([
    'launch/patient',
    'openid',
    'patient/*.rs',
  ]);
});

test.each([
  ['clinician', 'Practitioner/demo-clinician'],
  ['patient', 'Patient/ada'],
])('the chosen chart is opened for whoever signs in: the %s', async (as, user) => {
  const { status, headers } = await send(['as', as], ['patient', 'ada'], ['decision', 'share']);
  expect([status, headers.get('location')]).toEqual([303, `/demo/auth/authorize?${REQUEST}&launch=a-launch`]);
  expect(pages.choices).toEqual([[REQUEST, { patient: 'ada', user }]]);
});

test.each<readonly (readonly [string, string])[]>([
  [['decision', 'deny']],
  [
    ['decision', 'deny'],
    ['patient', 'ada'],
  ],
  // A form without the button is no consent.
  [['patient', 'ada']],
])('nothing is shared unless somebody says so: %j', async (...fields) => {
  expect((await send(...fields)).status).toBe(303);
  expect(pages.choices).toEqual([[REQUEST, 'denied']]);
});

describe('nobody is opened', () => {
  test.each(['', 'nobody', '__proto__'])('who is not on the list: "%s"', async (patient) => {
    const { status, text } = await send(['patient', patient], ['decision', 'share']);
    expect(status).toBe(400);
    expect(text).toContain('Choose the patient whose chart the app may read.');
    expect(text).toContain(`name="request" value="${REQUEST.replaceAll('&', '&amp;')}"`);
    expect(pages.choices).toEqual([]);
  });

  test('by a form of another site', async () => {
    const fields = [
      ['request', REQUEST],
      ['patient', 'ada'],
      ['decision', 'share'],
    ] as const;
    expect((await pages.send('/choose-patient', fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(pages.choices).toEqual([]);
  });
});
