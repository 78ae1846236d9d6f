import { afterEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { RESOURCE_KEYS } from '../../src/chart/reading.ts';
import { base, bundle, condition, openChart } from './chart-fixtures.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';

const json = { 'content-type': 'application/fhir+json' };

describe('through fhirclient', () => {
  test('pages are followed with the token', async () => {
    const ehr = nock(base, { reqheaders: { authorization: 'Bearer secret' } });
    ehr
      .get('/Condition')
      .query({ patient: 'p1', _count: '1000' })
      .reply(200, bundle([condition('c1')], `${base}?_getpages=x&_offset=1`), json);
    ehr
      .get('')
      .query({ _getpages: 'x', _offset: '1' })
      .reply(200, bundle([condition('c2')]), json);

    const readings = await openChart({ fhirServer: base }).read(['conditions']);
    expect(readings.get('conditions')).toEqual({ state: 'complete', resources: [condition('c1'), condition('c2')] });
  });

  test('a key that is refused leaves the others as they are', async () => {
    const ehr = nock(base);
    ehr.get('/Patient/p1').reply(200, { resourceType: 'Patient', id: 'p1' }, json);
    ehr.get('/Condition').query(true).reply(401);
    ehr.get('/Procedure').query(true).reply(403);
    ehr.get('/MedicationAdministration').query(true).reply(404, '<html/>', { 'content-type': 'text/html' });
    ehr.get('/MedicationRequest').query(true).reply(200, '<Bundle/>', { 'content-type': 'application/fhir+xml' });
    ehr.get('/ServiceRequest').query(true).reply(500);
    ehr.get('/ImagingStudy').query(true).replyWithError('reset');
    ehr
      .get('/Observation')
      .query({ patient: 'p1', code: 'http://loinc.org|29463-7', _count: '200' })
      .reply(200, bundle([]), json);

    const readings = await openChart({ fhirServer: base }).read([
      'patient',
      'conditions',
      'procedures',
      'medicationAdministrations',
      'medicationRequests',
      'serviceRequests',
      'imagingStudies',
      'observationsBodyWeight',
    ]);
    expect(Object.fromEntries(readings)).toEqual({
      patient: { state: 'complete', resources: [{ resourceType: 'Patient', id: 'p1' }] },
      conditions: { state: 'unread', reason: 'refused' },
      procedures: { state: 'unread', reason: 'refused' },
      medicationAdministrations: { state: 'unread', reason: 'not-offered' },
      medicationRequests: { state: 'unread', reason: 'malformed' },
      serviceRequests: { state: 'unread', reason: 'failed' },
      imagingStudies: { state: 'unread', reason: 'failed' },
      observationsBodyWeight: { state: 'complete', resources: [] },
    });
  });
});

test('a scope that claims everything is no proof: what is refused all the same is refused (CH-84, M-22)', async () => {
  nock(base).get('/Condition').query(true).reply(403);
  nock(base).get('/Procedure').query(true).reply(401);
  const chart = openChart({ fhirServer: base, scope: 'patient/*.* user/*.* launch openid profile online_access' });
  expect(Object.fromEntries(await chart.read(['conditions', 'procedures']))).toEqual({
    conditions: { state: 'unread', reason: 'refused' },
    procedures: { state: 'unread', reason: 'refused' },
  });
});

describe('the time budget', () => {
  let server: LocalServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  test('all parts are asked for at once', async () => {
    const waiting: (() => void)[] = [];
    server = await startLocalServer((req, res) => {
      waiting.push(() => {
        const body = req.url?.includes('/Patient/') ? { resourceType: 'Patient', id: 'p1' } : bundle([]);
        res.writeHead(200, json).end(JSON.stringify(body));
      });
      // Nobody is answered until everybody has asked.
      if (waiting.length === RESOURCE_KEYS.length) for (const answer of waiting) answer();
    });
    const readings = await openChart({ fhirServer: server.base }, undefined, 4000).read(RESOURCE_KEYS);
    expect([...readings.values()].map(({ state }) => state)).toEqual(RESOURCE_KEYS.map(() => 'complete'));
  });

  // CH-83.
  test('what is not there by then is timed-out, what is there is kept, and the connections are closed', async () => {
    const closed: Promise<void>[] = [];
    server = await startLocalServer((req, res) => {
      if (req.url?.startsWith('/fhir/Condition')) {
        res.writeHead(200, json).end(JSON.stringify(bundle([condition('c1')])));
        return;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      closed.push(promise);
      res.on('close', resolve);
    });
    const started = performance.now();
    const chart = openChart({ fhirServer: server.base }, undefined, 150);
    const readings = await chart.read(['conditions', 'procedures', 'patient']);

    expect(performance.now() - started).toBeLessThan(1000);
    expect(Object.fromEntries(readings)).toEqual({
      conditions: { state: 'complete', resources: [condition('c1')] },
      procedures: { state: 'unread', reason: 'timed-out' },
      patient: { state: 'unread', reason: 'timed-out' },
    });
    expect(closed).toHaveLength(2);
    await Promise.all(closed);
  });

  test('what was read before the time ended is kept when a next page is late', async () => {
    const { base: fhirServer } = (server = await startLocalServer((req, res) => {
      if (req.url?.includes('page=2')) return;
      res.writeHead(200, json).end(JSON.stringify(bundle([condition('c1')], 'Condition?page=2')));
    }));
    const readings = await openChart({ fhirServer }, undefined, 150).read(['conditions']);
    expect(readings.get('conditions')).toEqual({
      state: 'incomplete',
      resources: [condition('c1')],
      reason: 'timed-out',
    });
  });

  test('a second reading shares it with the first', async () => {
    let requests = 0;
    server = await startLocalServer(() => {
      requests += 1;
    });
    const chart = openChart({ fhirServer: server.base }, undefined, 100);
    await chart.read(['conditions']);
    const started = performance.now();
    const second = await chart.read(['procedures']);

    expect(performance.now() - started).toBeLessThan(1000);
    expect(second.get('procedures')).toEqual({ state: 'unread', reason: 'timed-out' });
    expect(requests).toBe(1);
  });

  test('prefetched parts need none of it', async () => {
    const chart = openChart({ prefetch: { conditions: bundle([condition('c1')]) } }, undefined, 0);
    expect((await chart.read(['conditions'])).get('conditions')).toMatchObject({ state: 'complete' });
  });
});
