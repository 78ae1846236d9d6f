import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Resource } from '../../../src/ehr-demo/patient-store.ts';
import { ASSETS_VERSION } from '../../../src/ehr-demo/web/assets.ts';
import { EXCHANGE, shown } from './ehr-stand-in.ts';
import { ADA, type ServedPages, SUBJECT, servePages } from './served-pages.ts';

const DRAFT: Resource = {
  resourceType: 'MedicationRequest',
  id: 'd1',
  status: 'draft',
  intent: 'order',
  subject: SUBJECT,
  medicationCodeableConcept: { text: 'doxorubicin' },
  dosageInstruction: [{ text: '75 mg/m2' }],
};

let pages: ServedPages;

beforeEach(async () => {
  pages = await servePages([ADA, DRAFT], 'https://app.example/launch?iss=x&launch=y');
});
afterEach(() => pages.close());

test('the patient list names each patient with age, sex and story', async () => {
  const { status, text } = await pages.get('/');
  expect(status).toBe(200);
  expect(text).toContain('<a href="/demo/patients/ada">Testcase, Ada</a>');
  expect(text).toContain('35 years, female');
  expect(text).toContain('The story of ada');
});

test('a chart page opens without cards, and has the EHR asked as soon as it is there', async () => {
  pages.ehr.see({ patientId: 'ada', cards: [shown({ summary: 'Of the last visit' })] });
  const { status, text } = await pages.get('/patients/ada');
  expect(status).toBe(200);
  expect(pages.ehr.asked).toEqual([['enter', 'ada']]);
  expect(text).not.toContain('Of the last visit');
  expect(text).toContain('Asking the decision support service…');
  expect(text).toMatch(/hx-post="\/demo\/patients\/ada\/patient-view" hx-trigger="load"/);
});

describe('an action on a chart page', () => {
  test.each([
    ['patient-view', [], ['openChart', 'ada']],
    ['orders', [['order', 'doxorubicin']], ['pickOrder', 'ada', 'doxorubicin']],
    ['orders/remove', [['draft', 'MedicationRequest/d1']], ['removeDraft', 'ada', 'MedicationRequest/d1']],
    ['orders/sign', [], ['sign', 'ada', { anyway: false }]],
    ['orders/sign', [['anyway', 'yes']], ['sign', 'ada', { anyway: true }]],
    ['problems', [['problem', 'asps']], ['addProblem', 'ada', 'asps']],
    [
      'cards/card-1/accept',
      [
        ['suggestion', '0'],
        ['suggestion', '2'],
      ],
      ['accept', 'card-1', [0, 2]],
    ],
    [
      'cards/card-1/dismiss',
      [
        ['reason', 'done-elsewhere'],
        ['comment', ' seen '],
      ],
      ['dismiss', 'card-1', { reason: 'done-elsewhere', comment: 'seen' }],
    ],
    [
      'cards/card-1/dismiss',
      [
        ['reason', ''],
        ['comment', ' '],
      ],
      ['dismiss', 'card-1', {}],
    ],
  ] as const)('%s with %j is done once', async (path, fields, expected) => {
    pages.ehr.see({ patientId: 'ada', cards: [shown({})] });
    const { status } = await pages.sendFromPage(`/patients/ada/${path}`, fields);
    expect(status).toBe(200);
    expect(pages.ehr.asked).toEqual([expected]);
  });

  test('answers a page that is there with its new content alone', async () => {
    pages.ehr.see({ patientId: 'ada', notice: 'Signed: 1 order.' });
    const { text } = await pages.sendFromPage('/patients/ada/orders/sign');
    expect(text).toMatch(/<p id="status" role="status"[^>]*>Signed: 1 order\.<\/p>/);
    expect(text).not.toMatch(/<html|<main|hx-trigger="load"/);
  });

  test('sends a browser without the script back to the page, which keeps the cards', async () => {
    pages.ehr.see({ patientId: 'ada', cards: [shown({ summary: 'Just answered' })] });
    const { status, headers } = await pages.send('/patients/ada/patient-view');
    expect([status, headers.get('location')]).toEqual([303, '/demo/patients/ada?answered']);
    const { text } = await pages.get('/patients/ada?answered');
    expect(text).toContain('Just answered');
    expect(text).not.toContain('hx-trigger="load"');
    expect(pages.ehr.asked).toEqual([['openChart', 'ada']]);
  });

  test.each([
    ['orders', []],
    ['orders', [['order', '']]],
    ['orders/remove', []],
    ['problems', []],
    ['cards/card-1/accept', []],
    ['cards/card-1/accept', [['suggestion', 'all']]],
    ['cards/card-1/accept', [['suggestion', '-1']]],
  ] as const)('%s with %j asks for a choice, and does nothing', async (path, fields) => {
    pages.ehr.see({ patientId: 'ada', cards: [shown({})] });
    const { status, text } = await pages.sendFromPage(`/patients/ada/${path}`, fields);
    expect(status).toBe(400);
    expect(text).toMatch(/role="status"[^>]*>Choose something first\./);
    expect(pages.ehr.asked).toEqual([]);
  });

  test.each(['accept', 'dismiss'])('%s of a card that is gone says so, and does nothing', async (what) => {
    pages.ehr.see({ patientId: 'ada', cards: [shown({})] });
    const { status, text } = await pages.sendFromPage(`/patients/ada/cards/another/${what}`, [['suggestion', '0']]);
    expect(status).toBe(404);
    expect(text).toMatch(/role="status"[^>]*>That card is no longer on the screen\./);
    expect(pages.ehr.asked).toEqual([]);
  });

  test('a card of another chart is neither shown nor acted on', async () => {
    pages.ehr.see({ patientId: 'other', cards: [shown({ summary: 'Of another patient' })], signing: 'held' });
    const { status, text } = await pages.sendFromPage('/patients/ada/cards/card-1/dismiss');
    expect(status).toBe(404);
    expect(text).not.toContain('Of another patient');
    expect(text).toContain('This browser has another chart open by now.');
    expect(text).not.toContain('Sign anyway');
    expect(pages.ehr.asked).toEqual([]);
  });
});

test('that there are no cards is not taken for advice: only the EHR knows whether it had any', async () => {
  pages.ehr.see({ patientId: 'ada', notice: 'There is no advice: the service cannot be reached.' });
  const { text } = await pages.sendFromPage('/patients/ada/patient-view');
  expect(text).toMatch(/role="status"[^>]*>There is no advice: the service cannot be reached\.</);
  expect(text).toContain('No cards: see the line above.');
  expect(text).not.toContain('nothing to say');
});

test('what has not been answered is not taken for advice either', async () => {
  pages.ehr.see({ patientId: 'ada' });
  const { text } = await pages.get('/patients/ada?answered');
  expect(text).toMatch(/role="status"[^>]*>No answer yet\.</);
});

test('unsigned orders stand apart from the medications, and held ones can be signed anyway', async () => {
  pages.ehr.see({ patientId: 'ada', signing: 'held', notice: 'Not signed yet.' });
  const { text } = await pages.sendFromPage('/patients/ada/orders/sign');
  expect(text).toContain('aria-label="Remove doxorubicin"');
  expect(text).toContain('75 mg/m2');
  expect(text).toContain('Sign anyway');
  expect(text).toMatch(/id="chart-medications">Medications<\/h3>\s*<p class="none">None on file/);
});

test('a card from before the chart changed can be read and dismissed, not accepted; all are asked for again at once', async () => {
  const suggestions = [{ label: 'Order an MRI' }];
  const cards = [
    shown({ summary: 'An old one', detail: 'Its reasons', suggestions }, { key: 'old-1', state: 'outdated' }),
    shown({ summary: 'Another old one', suggestions }, { key: 'old-2', state: 'outdated' }),
  ];
  pages.ehr.see({ patientId: 'ada', cards });
  const { text } = await pages.sendFromPage('/patients/ada/orders/sign');
  for (const said of ['An old one', 'Its reasons', 'Another old one']) expect(text).toContain(said);
  expect(text.match(/From before the chart changed\./g)).toHaveLength(2);
  expect(text).not.toMatch(/Order an MRI|cards\/old-1\/accept/);
  expect(text).toContain('/cards/old-1/dismiss');
  expect(text.match(/<form[^>]* hx-post="\/demo\/patients\/ada\/patient-view"/g)).toHaveLength(1);
  expect(text.match(/Ask again about this chart/g)).toHaveLength(1);

  pages.ehr.see({ cards: [shown({ suggestions })] });
  const fresh = await pages.sendFromPage('/patients/ada/patient-view');
  expect(fresh.text).toContain('Order an MRI');
  expect(fresh.text).not.toMatch(/Ask again|From before/);
});

test('an Epic-like EHR ticks what is recommended, where several can be taken', async () => {
  const several = shown({
    selectionBehavior: 'any',
    suggestions: [{ label: 'First', isRecommended: true }, { label: 'Second' }],
  });
  const { CHARACTERS } = await import('../../../src/ehr-demo/ehr/character.ts');
  const epic = CHARACTERS.find(({ id }) => id === 'epic-like') ?? CHARACTERS[0];
  pages.ehr.see({ patientId: 'ada', cards: [several] });
  const ticked = async () => {
    const { text } = await pages.sendFromPage('/patients/ada/patient-view');
    return [...text.matchAll(/type="checkbox" name="suggestion" value="(\d)"[^>]* checked/g)].map(([, value]) => value);
  };
  expect(await ticked()).toEqual([]);
  pages.ehr.see({ character: epic });
  expect(await ticked()).toEqual(['0']);
});

test('a SMART link leads to the app in a window of its own', async () => {
  const links = [
    { label: 'A page', url: 'https://page.example', type: 'absolute' },
    { label: 'The app', url: 'https://app.example/launch', type: 'smart' },
  ];
  pages.ehr.see({ patientId: 'ada', cards: [shown({ links })] });
  const { text } = await pages.sendFromPage('/patients/ada/patient-view');
  expect(text).toMatch(
    /<form method="post" action="[^"]*\/launch" target="_blank" rel="noopener"><button[^>]*name="link" value="1"/,
  );
  const { status, headers } = await pages.send('/patients/ada/cards/card-1/launch', [['link', '1']]);
  expect([status, headers.get('location')]).toEqual([303, 'https://app.example/launch?iss=x&launch=y']);
  expect(pages.ehr.asked).toContainEqual(['launchLink', 'card-1', 1]);
});

test.each(['javascript:alert(1)', 'data:text/html,x', '/smart/launch', ''])(
  'no app is launched at “%s”',
  async (url) => {
    const others = await servePages([ADA], url);
    others.ehr.see({ patientId: 'ada', cards: [shown({})] });
    const { status, headers } = await others.send('/patients/ada/cards/card-1/launch', [['link', '0']]);
    expect([status, headers.get('location')]).toEqual([404, null]);
    await others.close();
  },
);

test.each([
  [[['character', 'epic-like']], '/demo'],
  [
    [
      ['character', 'minimal'],
      ['patient', 'ada'],
    ],
    '/demo/patients/ada',
  ],
  [
    [
      ['character', 'minimal'],
      ['patient', '//evil.example'],
    ],
    '/demo/patients/%2F%2Fevil.example',
  ],
] as const)('switching the EHR by %j goes back to %s', async (fields, location) => {
  const { status, headers } = await pages.send('/character', fields);
  expect([status, headers.get('location')]).toEqual([303, location]);
  expect(pages.ehr.asked).toEqual([['become', fields[0][1]]]);
});

test('an EHR that there is not cannot be switched to', async () => {
  const { status } = await pages.send('/character', [['character', 'constructor']]);
  expect(status).toBe(400);
  expect(pages.ehr.asked).toEqual([]);
});

test('a reset goes back to the patient list', async () => {
  const { status, headers } = await pages.send('/reset');
  expect([status, headers.get('location')]).toEqual([303, '/demo']);
  expect(pages.ehr.asked).toEqual([['reset']]);
});

describe('a call', () => {
  beforeEach(() => pages.ehr.see({ patientId: 'ada', exchanges: [EXCHANGE] }));

  test('stands in a line on the chart page', async () => {
    const { text } = await pages.sendFromPage('/patients/ada/patient-view');
    expect(text).toMatch(
      /<summary>.*patient-view.*200 OK.*42 ms.*1 FHIR.*POST http:\/\/127\.0\.0\.1:3000\/cds-services/,
    );
  });

  test('is shown whole: headers, bodies over several lines, FHIR traffic without its token, and as curl', async () => {
    const { status, text } = await pages.get('/calls/exchange-1', { 'hx-request': 'true' });
    expect(status).toBe(200);
    expect(text).toContain('2026-11-22T10:00:00.000Z');
    // Those of the answer are all there were.
    expect(text.match(/<h4>Headers[^<]*/g)).toEqual(['<h4>Headers that the EHR sets', '<h4>Headers']);
    expect(text).toContain('authorization: Bearer a.b.c\ncontent-type: application/json');
    expect(text).toContain('{\n  &#34;hook&#34;: &#34;patient-view&#34;\n}');
    expect(text).toContain('{\n  &#34;cards&#34;: []\n}');
    expect(text).toMatch(/<code>GET Condition\?patient=1<\/code><\/td><td>200<\/td><td>3 ms<\/td><td>1\.2 kB/);
    expect(text).not.toContain('secret-token');
    expect(text.match(/curl --request POST/g)).toHaveLength(2);
    expect(text.match(/--header &#39;authorization/g)).toHaveLength(1);
    expect(text).not.toContain('<html');
  });

  test('has a page of its own for a browser without the script', async () => {
    const { text } = await pages.get('/calls/exchange-1');
    expect(text).toContain('<h1>Call: patient-view</h1>');
  });

  test('that brought no answer says why', async () => {
    pages.ehr.see({ exchanges: [{ ...EXCHANGE, response: { failure: 'Nobody answers there.' } }] });
    const { text } = await pages.get('/calls/exchange-1');
    expect(text).toContain('no answer');
    expect(text).toContain('Nobody answers there.');
  });

  test('of another browser is not found', async () => {
    const { status } = await pages.get('/calls/exchange-2');
    expect(status).toBe(404);
  });
});

describe('the session', () => {
  test('is kept in a cookie that neither scripts nor other sites get', async () => {
    const { headers } = await pages.get('/');
    expect(headers.getSetCookie()).toEqual(['demo-session=session-1; Path=/demo; HttpOnly; SameSite=Lax']);
  });

  test('is not set again for a browser that has it', async () => {
    const { headers } = await pages.get('/', { cookie: 'other=1; demo-session=session-1' });
    expect(headers.getSetCookie()).toEqual([]);
  });
});

describe('a form', () => {
  test.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    // Another port of the same machine.
    [{ 'sec-fetch-site': 'same-site' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://127.0.0.1:1' }],
  ])('from another page is refused: %j', async (headers) => {
    const { status, text } = await pages.send('/reset', [], headers);
    expect(status).toBe(403);
    expect(text).toContain('Not from this page');
    expect(pages.ehr.asked).toEqual([]);
  });

  test('from this origin is taken, and from what is no browser', async () => {
    expect((await pages.send('/reset', [], { origin: pages.url })).status).toBe(303);
    expect((await pages.send('/reset', [], { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
    expect((await pages.send('/reset')).status).toBe(303);
  });

  test('that is too large, or in an encoding that there is not, is not understood', async () => {
    const large = await pages.sendFromPage('/patients/ada/orders', [['order', 'x'.repeat(20_000)]]);
    expect([large.status, large.text.includes('Not understood')]).toEqual([413, true]);
    const odd = await pages.send('/patients/ada/orders', [], {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-7',
    });
    expect(odd.status).toBe(415);
    expect(pages.ehr.asked).toEqual([]);
    expect(pages.faults).toEqual([]);
  });

  test('may repeat any field, and name what every object has', async () => {
    const { status } = await pages.sendFromPage('/patients/ada/orders', [
      ['__proto__', 'x'],
      ['order', 'one'],
      ['order', 'two'],
    ]);
    expect(status).toBe(200);
    expect(pages.ehr.asked).toEqual([['pickOrder', 'ada', 'one']]);
  });
});

test.each([
  '/patients/nobody',
  '/patients/ada/cards',
  '/nothing',
  `/assets/${ASSETS_VERSION}/demo-pages.ts`,
  `/assets/${ASSETS_VERSION}/..%2Fdemo-pages.ts`,
  '/assets/of-another-version/demo.css',
  '/patients/__proto__',
])('%s is not found, on a page that looks like the others', async (path) => {
  const { status, text } = await pages.get(path);
  expect(status).toBe(404);
  expect(text).toContain('demo.css');
});

test('an action on a chart that there is not is told as content of the page', async () => {
  const { status, text } = await pages.sendFromPage('/patients/nobody/orders', [['order', 'x']]);
  expect(status).toBe(404);
  expect(text).toContain('No such patient');
  expect(text).not.toContain('<html');
  expect(pages.ehr.asked).toEqual([]);
});

test('an address that is none is not understood', async () => {
  expect((await pages.get('/patients/%ff')).status).toBe(400);
});

test('a fault is told without what is inside, and to whoever runs the service', async () => {
  const fault = new Error('secret detail');
  pages.ehr.openChart = async () => {
    throw fault;
  };
  const { status, text } = await pages.sendFromPage('/patients/ada/patient-view');
  expect(status).toBe(500);
  expect(text).toContain('Something went wrong');
  expect(text).not.toMatch(/secret detail|at .*\.ts/);
  expect(pages.faults).toEqual([fault]);
});

test('every page forbids all but the demo’s own files, frames and caches', async () => {
  for (const path of ['/', '/patients/ada', '/nothing']) {
    const { headers, text } = await pages.get(path);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    // With another one, browsers send no origin with a form.
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
  }
});

test.each([
  ['demo.css', 'text/css'],
  ['demo.js', 'text/javascript'],
  ['htmx.js', 'text/javascript'],
  ['icon.svg', 'image/svg+xml'],
])('%s comes from here, and once: its address names its version', async (name, type) => {
  const { text } = await pages.get('/');
  const [, path = ''] = new RegExp(`(?:href|src)="/demo(/assets/[^"]*/${name})"`).exec(text) ?? [];
  const { status, headers } = await pages.get(path);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain(type);
  expect(headers.get('cache-control')).toContain('immutable');
});
