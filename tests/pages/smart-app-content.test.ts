import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { browserContent } from '../../src/guideline/browser-content.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../../src/guideline-folder.ts';
import { call, type Served } from '../support/http.ts';
import { guideline } from '../support/service.ts';
import { ISS, serveSmartApp } from './smart-app-served.ts';

const OURS = 'https://ours.example/fhir';
const HOSPITAL = 'fixtures/overlays/general-hospital/';
const ours = loadGuideline(readGuidelineFolder(CARDS_FOLDER), [
  { folder: HOSPITAL, files: readGuidelineFolder(HOSPITAL) },
]);

let service: Served;

beforeAll(async () => {
  const sites = new Map([
    [ISS, { guideline, site: undefined }],
    [OURS, { guideline: ours, site: 'General Hospital' }],
  ]);
  service = await serveSmartApp({
    content: {
      guidelineFor: (iss) => sites.get(iss),
      evidence: () => ({ outcomes: [1], sources: guideline.sources, catalogue: {} }),
      education: () => ({ sections: ['what it is'] }),
    },
  });
});
afterAll(() => service.close());

function guidelineAt(iss: string) {
  return call(`${service.url}/smart/guideline.json?${new URLSearchParams({ iss })}`);
}

describe('the guideline that the app runs', () => {
  test('is everyone’s, as a browser needs it, at a FHIR server of nobody’s own', async () => {
    const { status, body } = await guidelineAt(ISS);
    expect(status).toBe(200);
    expect(body).toEqual({ site: null, content: JSON.parse(JSON.stringify(browserContent(guideline.content))) });
  });

  test('is the client’s own where it has an overlay, with the name of its pages', async () => {
    const { body } = await guidelineAt(OURS);
    expect(body).toEqual({
      site: 'General Hospital',
      content: JSON.parse(JSON.stringify(browserContent(ours.content))),
    });
    expect(body).not.toEqual((await guidelineAt(ISS)).body);
  });

  test('is not there for a FHIR server that nobody has registered, which is not repeated', async () => {
    const { status, text, body } = await guidelineAt('https://evil.example/fhir');
    expect(status).toBe(404);
    expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'not-found' }] });
    expect(text).not.toContain('evil');
  });

  test.each(['', '?iss=a&iss=b', '?iss[x]=a', '?ISS=a'])('needs to be told whose: %j', async (query) => {
    const { status, body } = await call(`${service.url}/smart/guideline.json${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ resourceType: 'OperationOutcome' });
  });
});

test('the evidence and the texts for families are what the service was started with', async () => {
  expect((await call(`${service.url}/smart/evidence.json`)).body).toEqual({
    outcomes: [1],
    sources: JSON.parse(JSON.stringify(guideline.sources)),
    catalogue: {},
  });
  expect((await call(`${service.url}/smart/education.json`)).body).toEqual({ sections: ['what it is'] });
});

test('they are made when somebody first asks, and once', async () => {
  const made: string[] = [];
  const make = (name: string) => () => {
    made.push(name);
    return { name };
  };
  const content = { guidelineFor: () => undefined, evidence: make('evidence'), education: make('education') };
  const lazy = await serveSmartApp({ content });
  expect(made).toEqual([]);
  for (const name of ['education', 'evidence', 'education', 'evidence']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: the second is to find what the first has made
    expect((await call(`${lazy.url}/smart/${name}.json`)).body).toEqual({ name });
  }
  expect(made).toEqual(['education', 'evidence']);
  await lazy.close();
});

describe.each([`guideline.json?iss=${ISS}`, 'evidence.json', 'education.json'])('%s', (name) => {
  // As a browser asks whether what it has is still right; fetch by itself would ask for all of it.
  const ask = (headers: Readonly<Record<string, string>> = {}) =>
    call(`${service.url}/smart/${name}`, { headers: { 'cache-control': 'max-age=0', ...headers } });

  test('is JSON for the app’s own pages, to be asked about each time', async () => {
    const { headers } = await ask();
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^W\/".{16}"$/),
    });
  });

  test('is not sent again to who has it', async () => {
    const etag = (await ask()).headers.get('etag') ?? '';
    for (const encoding of ['gzip', 'identity']) {
      const again = await ask({ 'if-none-match': etag, 'accept-encoding': encoding });
      expect([again.status, again.text.length]).toEqual([304, 0]);
      expect(again.headers.get('etag')).toBe(etag);
    }
    const stale = await ask({ 'if-none-match': 'W/"another"' });
    expect(stale.status).toBe(200);
  });

  test('takes no more than GET', async () => {
    const { status, text } = await call(`${service.url}/smart/${name}`, { method: 'POST' });
    expect([status, text]).toEqual([404, 'not the app']);
  });
});

test('two guidelines have two tags', async () => {
  const [one, two] = await Promise.all([guidelineAt(ISS), guidelineAt(OURS)]);
  expect(one.headers.get('etag')).not.toBe(two.headers.get('etag'));
});

test.each(['gzip', 'br'])('what is long is compressed for who takes %s, and whole', async (encoding) => {
  const { headers, body } = await call(`${service.url}/smart/guideline.json?iss=${ISS}`, {
    headers: { 'accept-encoding': encoding },
  });
  expect(headers.get('content-encoding')).toBe(encoding);
  expect(headers.get('vary')).toContain('Accept-Encoding');
  expect(body).toMatchObject({ site: null });
});
