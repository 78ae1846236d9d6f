import { describe, expect, test } from '@jest/globals';
import type { Reading, ResourceKey } from '../../src/chart/reading.ts';
import { openChartSource } from '../../src/fhir/chart-source.ts';
import type { FhirServerPort } from '../../src/fhir/fhir-server.ts';
import {
  base,
  bundle,
  condition,
  newServers,
  openChart,
  outcome,
  queries,
  resource,
  ScriptedServer,
} from './chart-fixtures.ts';

const CONDITIONS = 'Condition?patient=p1';

/** Reads one key: from what was sent, and from the server if one is given. */
async function readOne(key: ResourceKey, prefetch: Record<string, unknown> | undefined, server?: ScriptedServer) {
  const chart = openChart({ prefetch, ...(server === undefined ? {} : { fhirServer: base }) }, server);
  const readings = await chart.read([key]);
  return { reading: readings.get(key), skipped: chart.skipped(), asked: server?.asked.map(({ url }) => url) ?? [] };
}

const complete = (...resources: Record<string, unknown>[]): Reading => ({ state: 'complete', resources });

// CH-41, CH-63.
describe('the key is absent', () => {
  test('the server is asked', async () => {
    const server = new ScriptedServer({ [CONDITIONS]: bundle([condition('c1')]) });
    const { reading, asked } = await readOne('conditions', {}, server);
    expect(reading).toEqual(complete(condition('c1')));
    expect(asked).toEqual([`${base}/${CONDITIONS}`]);
  });

  test('so is it when there is no prefetch at all', async () => {
    const server = new ScriptedServer({ 'Patient/p1': { resourceType: 'Patient', id: 'p1' } });
    expect((await readOne('patient', undefined, server)).reading).toEqual(
      complete({ resourceType: 'Patient', id: 'p1' }),
    );
  });

  test('without a server it is not-sent', async () => {
    expect((await readOne('conditions', {})).reading).toEqual({ state: 'unread', reason: 'not-sent' });
    expect((await readOne('conditions', undefined)).reading).toEqual({ state: 'unread', reason: 'not-sent' });
  });

  test('a server that may not be asked counts as none', async () => {
    const server = new ScriptedServer();
    const chart = openChart({ fhirServer: 'https://ehr.example/r4' }, server);
    expect(await chart.read(['conditions'])).toEqual(
      new Map([['conditions', { state: 'unread', reason: 'not-sent' }]]),
    );
    expect(chart.server).toBe('not-allowed');
    expect(server.asked).toEqual([]);
  });

  test('the server gets the same query as was advertised, and the token', async () => {
    const server = new ScriptedServer();
    await readOne('observationsStaging', {}, server);
    expect(server.asked[0]).toMatchObject({
      base,
      url: `${base}/Observation?patient=p1&code=http://loinc.org%7C21908-9`,
      accessToken: 'secret',
    });
  });

  test.each(['failed', 'refused', 'not-offered', 'timed-out', 'malformed'] as const)(
    'a server that answers %s leaves it unread for that reason',
    async (reason) => {
      const server: FhirServerPort = { get: () => Promise.resolve({ kind: 'failed', reason }) };
      const readings = await openChart({ fhirServer: base }, server).read(['procedures']);
      expect(readings.get('procedures')).toEqual({ state: 'unread', reason });
    },
  );

  test.each([
    ['an OperationOutcome', outcome('error'), 'failed'],
    ['the wrong resource type', { resourceType: 'Patient', id: 'p1' }, 'malformed'],
    ['no FHIR', { hello: 1 }, 'malformed'],
    ['null', null, 'malformed'],
    ['a list', [], 'malformed'],
    ["another patient's conditions alone", bundle([condition('c1', 'p2')]), 'malformed'],
  ])('a server that answers with %s leaves it unread', async (_claim, body, reason) => {
    const server = new ScriptedServer({ [CONDITIONS]: body });
    expect((await readOne('conditions', {}, server)).reading).toEqual({ state: 'unread', reason });
  });

  test('a server that finds no patient leaves it unread', async () => {
    const server = new ScriptedServer({ 'Patient/p1': bundle([]) });
    expect((await readOne('patient', {}, server)).reading).toEqual({ state: 'unread', reason: 'malformed' });
  });
});

describe('null', () => {
  test('means that there is nothing, and nobody else is asked', async () => {
    const server = new ScriptedServer({ [CONDITIONS]: bundle([condition('c1')]) });
    const { reading, asked } = await readOne('conditions', { conditions: null }, server);
    expect(reading).toEqual(complete());
    expect(asked).toEqual([]);
  });

  test('is no answer for the patient: the server is asked', async () => {
    const server = new ScriptedServer({ 'Patient/p1': { resourceType: 'Patient', id: 'p1' } });
    expect((await readOne('patient', { patient: null }, server)).reading).toMatchObject({ state: 'complete' });
  });

  test('for the patient, without a server, is not-sent', async () => {
    expect((await readOne('patient', { patient: null })).reading).toEqual({ state: 'unread', reason: 'not-sent' });
  });
});

describe('a Bundle', () => {
  test('is read, and the server is not asked', async () => {
    const server = new ScriptedServer();
    const prefetch = { conditions: bundle([condition('c1'), condition('c2')]) };
    const { reading, asked, skipped } = await readOne('conditions', prefetch, server);
    expect(reading).toEqual(complete(condition('c1'), condition('c2')));
    expect(asked).toEqual([]);
    expect(skipped).toBe(0);
  });

  test.each([
    ['without entries', bundle([])],
    ['without an entry member', { resourceType: 'Bundle', type: 'searchset', total: 0 }],
    ["with Epic's note that nothing was found", bundle([outcome('warning')])],
  ])('%s means that there is nothing', async (_claim, conditions) => {
    expect((await readOne('conditions', { conditions })).reading).toEqual(complete());
  });

  test('that says there are some, and has none, is no answer: the server is asked', async () => {
    const conditions = { resourceType: 'Bundle', type: 'searchset', total: 22 };
    expect((await readOne('conditions', { conditions })).reading).toEqual({ state: 'unread', reason: 'malformed' });
    const server = new ScriptedServer({ [CONDITIONS]: bundle([condition('c1')]) });
    expect((await readOne('conditions', { conditions }, server)).reading).toEqual(complete(condition('c1')));
    const counting = new ScriptedServer({ [CONDITIONS]: conditions });
    expect((await readOne('conditions', {}, counting)).reading).toEqual({ state: 'unread', reason: 'malformed' });
  });

  test.each(['Condition - Problems, Condition - Genomics', 'Condition - Problems; Outside Record'])(
    'of which several parts were suppressed lacks what matters among them: %s',
    async (what) => {
      const diagnostics = `Client not authorized for ${what}.`;
      const hidden = {
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'warning', code: 'suppressed', diagnostics }],
      };
      expect((await readOne('conditions', { conditions: bundle([condition('c1'), hidden]) })).reading).toMatchObject({
        state: 'incomplete',
        reason: 'refused',
      });
    },
  );

  test('that is short of its total keeps what was sent, if the server has no more of it to the end', async () => {
    const conditions = { ...bundle([condition('c1'), condition('c2')]), total: 3 };
    const less = bundle([condition('c1'), outcome('error')]);
    const { reading } = await readOne('conditions', { conditions }, new ScriptedServer({ [CONDITIONS]: less }));
    expect(reading).toEqual({
      state: 'incomplete',
      resources: [condition('c1'), condition('c2')],
      reason: 'more-pages',
    });
  });

  test('that has them on its next page alone is read there', async () => {
    const first = { ...bundle([], 'Condition?page=2'), total: 1 };
    const server = new ScriptedServer({ 'Condition?page=2': bundle([condition('c1')]) });
    expect((await readOne('conditions', { conditions: first }, server)).reading).toEqual(complete(condition('c1')));
  });

  test.each([
    ['more than it has, and no next page', [condition('c1')], 3],
    ['more than can be read of it', [condition('c1'), null], 3],
  ])('that says there are %s, may lack something', async (_claim, resources, total) => {
    const conditions = { ...bundle(resources), total };
    expect((await readOne('conditions', { conditions })).reading).toMatchObject({
      state: 'incomplete',
      resources: [condition('c1')],
    });
  });

  test('that is short of its total is taken from the server, if that has the whole', async () => {
    const conditions = { ...bundle([condition('c1')]), total: 3 };
    const three = bundle([condition('c1'), condition('c2'), condition('c3')]);
    const { reading, asked } = await readOne('conditions', { conditions }, new ScriptedServer({ [CONDITIONS]: three }));
    expect([reading, asked.length]).toEqual([complete(condition('c1'), condition('c2'), condition('c3')), 1]);
    const failing = await readOne('conditions', { conditions }, new ScriptedServer());
    expect(failing.reading).toMatchObject({ state: 'incomplete', resources: [condition('c1')] });
  });

  test('whose total counts orders is not made up by the Medications that came along', async () => {
    const sent = {
      ...bundle([resource('MedicationRequest', 'r1'), { resourceType: 'Medication', id: 'm1' }]),
      total: 2,
    };
    expect((await readOne('medicationRequests', { medicationRequests: sent })).reading).toMatchObject({
      state: 'incomplete',
      reason: 'more-pages',
    });
    const twice = { ...bundle([condition('c1'), condition('c1')]), total: 2 };
    expect((await readOne('conditions', { conditions: twice })).reading).toMatchObject({ state: 'incomplete' });
  });

  test.each([
    ['of the page, as at Epic', 1],
    ['of what matched, without what was included', 1],
    ['of nothing', 0],
    ['below nought', -1],
  ])('whose total is that %s, lacks nothing', async (_claim, total) => {
    const sent = { ...bundle([resource('MedicationRequest', 'r1'), { resourceType: 'Medication', id: 'm1' }]), total };
    expect((await readOne('medicationRequests', { medicationRequests: sent })).reading).toMatchObject({
      state: 'complete',
    });
  });

  test('whose total is that of all pages is complete with the last of them, and not before', async () => {
    const first = { ...bundle([condition('c1')], 'Condition?page=2'), total: 3 };
    const last = { ...bundle([condition('c2'), condition('c3')]), total: 3 };
    const whole = new ScriptedServer({ 'Condition?page=2': last });
    expect((await readOne('conditions', { conditions: first }, whole)).reading).toMatchObject({ state: 'complete' });
    const short = new ScriptedServer({ 'Condition?page=2': { ...last, entry: last.entry.slice(1) } });
    expect((await readOne('conditions', { conditions: first }, short)).reading).toMatchObject({
      state: 'incomplete',
      reason: 'more-pages',
    });
  });

  test('that has an entry twice, on two pages too, has it once', async () => {
    const conditions = bundle([condition('c1'), condition('c1')], 'Condition?page=2');
    const server = new ScriptedServer({ 'Condition?page=2': bundle([condition('c1'), condition('c2')]) });
    expect(await readOne('conditions', { conditions }, server)).toMatchObject({
      reading: complete(condition('c1'), condition('c2')),
      skipped: 0,
    });
  });

  test('with entries that have no id keeps each of them', async () => {
    const nameless = { resourceType: 'Condition', subject: { reference: 'Patient/p1' } };
    expect((await readOne('conditions', { conditions: bundle([nameless, nameless]) })).reading).toEqual(
      complete(nameless, nameless),
    );
  });

  test('of which something was suppressed lacks what the client may not see', async () => {
    const hidden = {
      resourceType: 'OperationOutcome',
      issue: [
        { severity: 'warning', code: 'suppressed', diagnostics: 'Client not authorized for Condition - Problems.' },
      ],
    };
    const conditions = bundle([hidden]);
    expect((await readOne('conditions', { conditions })).reading).toEqual({
      state: 'incomplete',
      resources: [],
      reason: 'refused',
    });
    expect((await readOne('conditions', { conditions: bundle([condition('c1'), hidden]) })).reading).toMatchObject({
      state: 'incomplete',
      reason: 'refused',
    });
  });

  test.each([
    ['outside records', 'Condition - Outside Record'],
    ['what holds no diagnosis', 'Condition - Genomics'],
  ])('of which %s alone were suppressed is all that is needed', async (_claim, what) => {
    const hidden = {
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'warning',
          code: 'suppressed',
          diagnostics: `Client not authorized for ${what}.`,
        },
      ],
    };
    expect((await readOne('conditions', { conditions: bundle([condition('c1'), hidden]) })).reading).toEqual(
      complete(condition('c1')),
    );
  });

  test('keeps the Medications that came along', async () => {
    const medication = { resourceType: 'Medication', id: 'm1' };
    const request = resource('MedicationRequest', 'r1');
    const prefetch = { medicationRequests: bundle([request, medication]) };
    expect((await readOne('medicationRequests', prefetch)).reading).toEqual(complete(request, medication));
  });

  test('loses what is neither, counted', async () => {
    const prefetch = {
      conditions: bundle([condition('c1'), resource('Procedure', 'x'), { resourceType: 'Patient', id: 'p1' }]),
    };
    const { reading, skipped } = await readOne('conditions', prefetch);
    expect(reading).toEqual(complete(condition('c1')));
    expect(skipped).toBe(2);
  });

  test('with an entry that is no resource may lack something', async () => {
    const prefetch = { conditions: bundle([condition('c1'), null, { id: 'x' }]) };
    const { reading, skipped } = await readOne('conditions', prefetch);
    expect(reading).toEqual({ state: 'incomplete', resources: [condition('c1')], reason: 'malformed' });
    expect(skipped).toBe(2);
  });

  test('given for the patient is no patient', async () => {
    const patient = bundle([{ resourceType: 'Patient', id: 'p1' }]);
    expect((await readOne('patient', { patient })).reading).toEqual({ state: 'unread', reason: 'malformed' });
  });
});

// CH-70.
describe('a next link', () => {
  const page2 = `${base}/Condition?page=2`;
  const prefetch = { conditions: bundle([condition('c1')], page2) };
  const incomplete = (reason: string, ...ids: string[]) => ({
    state: 'incomplete',
    resources: ids.map((id) => condition(id)),
    reason,
  });

  test('is followed to the end, with the token', async () => {
    const server = new ScriptedServer({
      'Condition?page=2': bundle([condition('c2')], `${base}/Condition?page=3`),
      'Condition?page=3': bundle([condition('c3')]),
    });
    const { reading } = await readOne('conditions', prefetch, server);
    expect(reading).toEqual(complete(condition('c1'), condition('c2'), condition('c3')));
    expect(server.asked.map(({ accessToken }) => accessToken)).toEqual(['secret', 'secret']);
  });

  test("is followed from a server's first page, too", async () => {
    const server = new ScriptedServer({
      [CONDITIONS]: bundle([condition('c1')], page2),
      'Condition?page=2': bundle([condition('c2')]),
    });
    expect((await readOne('conditions', {}, server)).reading).toEqual(complete(condition('c1'), condition('c2')));
  });

  test('that nobody can be asked for leaves it incomplete', async () => {
    expect((await readOne('conditions', prefetch)).reading).toEqual(incomplete('more-pages', 'c1'));
  });

  test.each([
    ['of another host', 'http://evil.example/fhir/Condition?page=2'],
    ['without a scheme, of another host', '//evil.example/fhir/Condition?page=2'],
    ['of another port', 'http://127.0.0.1:10/fhir/Condition?page=2'],
    ['of another scheme', 'https://127.0.0.1:9/fhir/Condition?page=2'],
    ['of another loopback name', 'http://localhost:9/fhir/Condition?page=2'],
    ['that leaves the base', `${base}/../admin`],
    ['with user information', 'http://user:x@127.0.0.1:9/fhir/Condition?page=2'],
    ['that is a file', 'file:///etc/passwd'],
    ['that is empty', ''],
    ['that is no URL', 'http://['],
  ])('%s is not followed', async (_claim, next) => {
    const server = new ScriptedServer();
    const { reading, asked } = await readOne('conditions', { conditions: bundle([condition('c1')], next) }, server);
    expect(reading).toEqual(incomplete('more-pages', 'c1'));
    expect(asked).toEqual([]);
  });

  test('that comes back to a page is not followed again', async () => {
    const server = new ScriptedServer({
      'Condition?page=2': bundle([condition('c2')], `${base}/Condition?page=3`),
      'Condition?page=3': bundle([condition('c3')], page2),
    });
    const { reading, asked } = await readOne('conditions', prefetch, server);
    expect(reading).toEqual(incomplete('more-pages', 'c1', 'c2', 'c3'));
    expect(asked).toHaveLength(2);
  });

  test('that comes back to the first query is not followed', async () => {
    const server = new ScriptedServer({ [CONDITIONS]: bundle([condition('c1')], `${base}/${CONDITIONS}&_count=1000`) });
    const { reading, asked } = await readOne('conditions', {}, server);
    expect(reading).toEqual(incomplete('more-pages', 'c1'));
    expect(asked).toHaveLength(1);
  });

  test('and what is beyond ten thousand resources is not read', async () => {
    const conditions = Array.from({ length: 10_001 }, (_, at) => condition(`c${at}`));
    const whole = await readOne('conditions', { conditions: bundle(conditions.slice(1)) });
    expect(whole.reading?.state).toBe('complete');
    const cut = await readOne('conditions', { conditions: bundle(conditions) });
    expect(cut.reading).toEqual({ state: 'incomplete', resources: conditions.slice(0, 10_000), reason: 'more-pages' });
  });

  test('is followed for ten pages at most', async () => {
    const pages = Array.from({ length: 20 }, (_, index) => index + 2);
    const server = new ScriptedServer(
      Object.fromEntries(
        pages.map((page) => [
          `Condition?page=${page}`,
          bundle([condition(`c${page}`)], `${base}/Condition?page=${page + 1}`),
        ]),
      ),
    );
    const { reading, asked } = await readOne('conditions', prefetch, server);
    expect(reading).toEqual(incomplete('more-pages', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10'));
    expect(asked).toHaveLength(9);
  });

  test('whose tenth page is the last is read to the end', async () => {
    const pages = Array.from({ length: 9 }, (_, index) => index + 2);
    const server = new ScriptedServer(
      Object.fromEntries(
        pages.map((page) => [
          `Condition?page=${page}`,
          bundle([condition(`c${page}`)], page === 10 ? undefined : `${base}/Condition?page=${page + 1}`),
        ]),
      ),
    );
    expect((await readOne('conditions', prefetch, server)).reading).toMatchObject({ state: 'complete' });
  });

  test.each([
    ['fails', undefined],
    ['is an OperationOutcome', outcome('error')],
    ['is no Bundle', { resourceType: 'Patient', id: 'p1' }],
    ['is no FHIR', 7],
    ["is another patient's", bundle([condition('x', 'p2')])],
  ])('whose page %s keeps what was read', async (_claim, body) => {
    const server = new ScriptedServer(body === undefined ? {} : { 'Condition?page=2': body });
    expect((await readOne('conditions', prefetch, server)).reading).toEqual(incomplete('more-pages', 'c1'));
  });

  test('whose page does not come in time keeps what was read', async () => {
    const server: FhirServerPort = { get: () => Promise.resolve({ kind: 'failed', reason: 'timed-out' }) };
    const readings = await openChart({ prefetch, fhirServer: base }, server).read(['conditions']);
    expect(readings.get('conditions')).toEqual(incomplete('timed-out', 'c1'));
  });

  test('to a page of Medications alone is read', async () => {
    const request = resource('MedicationRequest', 'r1');
    const medication = { resourceType: 'Medication', id: 'm1' };
    const server = new ScriptedServer({ 'MedicationRequest?page=2': bundle([medication]) });
    const sent = { medicationRequests: bundle([request], `${base}/MedicationRequest?page=2`) };
    expect((await readOne('medicationRequests', sent, server)).reading).toEqual(complete(request, medication));
  });

  test('to a page that reports an error leaves it incomplete for that reason', async () => {
    const server = new ScriptedServer({ 'Condition?page=2': bundle([condition('c2'), outcome('error')]) });
    expect((await readOne('conditions', prefetch, server)).reading).toEqual(incomplete('failed', 'c1', 'c2'));
  });
});

describe('an OperationOutcome', () => {
  // CH-66.
  test('is failed, and the same query is not run again', async () => {
    const server = new ScriptedServer({ [CONDITIONS]: bundle([condition('c1')]) });
    const { reading, asked } = await readOne('conditions', { conditions: outcome('error') }, server);
    expect(reading).toEqual({ state: 'unread', reason: 'failed' });
    expect(asked).toEqual([]);
  });

  test.each(['error', 'fatal'])('in a Bundle, of severity %s, leaves it incomplete', async (severity) => {
    const server = new ScriptedServer({ [CONDITIONS]: bundle([condition('c9')]) });
    const prefetch = { conditions: bundle([condition('c1'), outcome(severity)]) };
    const { reading, asked } = await readOne('conditions', prefetch, server);
    expect(reading).toEqual({ state: 'incomplete', resources: [condition('c1')], reason: 'failed' });
    expect(asked).toEqual([]);
  });

  test.each(['warning', 'information'])('in a Bundle, of severity %s, takes nothing away', async (severity) => {
    const prefetch = { conditions: bundle([condition('c1'), outcome(severity)]) };
    const { reading, skipped } = await readOne('conditions', prefetch);
    expect(reading).toEqual(complete(condition('c1')));
    expect(skipped).toBe(0);
  });
});

describe('the wrong resource type', () => {
  test.each([
    ['a resource instead of a Bundle', condition('c1')],
    ['a Bundle of another type', bundle([resource('Procedure', 'x')])],
    ['no FHIR', { hello: 1 }],
    ['text', 'Bundle'],
    ['a list', [condition('c1')]],
  ])('%s counts as absent: the server is asked', async (_claim, conditions) => {
    const server = new ScriptedServer({ [CONDITIONS]: bundle([condition('c1')]) });
    expect((await readOne('conditions', { conditions }, server)).reading).toEqual(complete(condition('c1')));
    expect((await readOne('conditions', { conditions })).reading).toEqual({ state: 'unread', reason: 'malformed' });
  });

  test('for the patient counts as absent, too', async () => {
    const server = new ScriptedServer({ 'Patient/p1': { resourceType: 'Patient', id: 'p1' } });
    const prefetch = { patient: { resourceType: 'Practitioner', id: 'p1' } };
    expect((await readOne('patient', prefetch, server)).reading).toMatchObject({ state: 'complete' });
    expect((await readOne('patient', prefetch)).reading).toEqual({ state: 'unread', reason: 'malformed' });
  });
});

describe("another patient's", () => {
  test('resources among ours are left out and counted', async () => {
    const prefetch = { conditions: bundle([condition('c1'), condition('x', 'p2'), condition('y', 'p3')]) };
    const { reading, skipped } = await readOne('conditions', prefetch);
    expect(reading).toEqual(complete(condition('c1')));
    expect(skipped).toBe(2);
  });

  test('resources alone count as absent: the server is asked', async () => {
    const server = new ScriptedServer({ [CONDITIONS]: bundle([condition('c1')]) });
    const prefetch = { conditions: bundle([condition('x', 'p2')]) };
    expect(await readOne('conditions', prefetch, server)).toMatchObject({
      reading: complete(condition('c1')),
      skipped: 1,
    });
    expect((await readOne('conditions', prefetch)).reading).toEqual({ state: 'unread', reason: 'malformed' });
  });

  test('requests alone count as absent, whatever Medications came along', async () => {
    const sent = bundle([resource('MedicationRequest', 'x', 'p2'), { resourceType: 'Medication', id: 'm1' }]);
    const { reading } = await readOne('medicationRequests', { medicationRequests: sent });
    expect(reading).toEqual({ state: 'unread', reason: 'malformed' });
  });

  test('Patient resource counts as absent: the server is asked', async () => {
    const server = new ScriptedServer({ 'Patient/p1': { resourceType: 'Patient', id: 'p1' } });
    const prefetch = { patient: { resourceType: 'Patient', id: 'p2' } };
    expect((await readOne('patient', prefetch, server)).reading).toEqual(
      complete({ resourceType: 'Patient', id: 'p1' }),
    );
    expect((await readOne('patient', prefetch)).reading).toEqual({ state: 'unread', reason: 'malformed' });
  });
});

describe('the rest of the table', () => {
  // CH-72.
  test('an unknown key is ignored', async () => {
    const readings = await openChart({ prefetch: { other: bundle([]), conditions: null } }).read(['conditions']);
    expect([...readings.keys()]).toEqual(['conditions']);
  });

  test('the wrapper of old clients is taken off', async () => {
    const prefetch = { conditions: { response: { status: '200' }, resource: bundle([condition('c1')]) } };
    expect((await readOne('conditions', prefetch)).reading).toEqual(complete(condition('c1')));
  });
});

describe('a chart', () => {
  test('says whether its server may be asked', () => {
    expect(openChart({}).server).toBe('not-given');
    expect(openChart({ fhirServer: base }).server).toBe('usable');
    expect(openChart({ fhirServer: 'https://ehr.example/r4' }).server).toBe('not-allowed');
  });

  test('asks once for a part that is read twice', async () => {
    const server = new ScriptedServer({ [CONDITIONS]: bundle([condition('c1'), condition('x', 'p2')]) });
    const chart = openChart({ fhirServer: base }, server);
    const [first, second] = [await chart.read(['conditions']), await chart.read(['conditions', 'patient'])];
    expect(second.get('conditions')).toBe(first.get('conditions'));
    expect(server.asked.map(({ url }) => url)).toEqual([`${base}/${CONDITIONS}`, `${base}/Patient/p1`]);
    expect(chart.skipped()).toBe(1);
  });

  test('reads nothing when nothing is asked of it', async () => {
    expect(await openChart({}).read([])).toEqual(new Map());
  });

  test('asks nothing once its time is over', async () => {
    const server = new ScriptedServer({ 'Patient/p1': { resourceType: 'Patient', id: 'p1' } });
    const late = await openChart({ fhirServer: base }, server, 0).read(['patient']);
    expect(late.get('patient')).toEqual({ state: 'unread', reason: 'timed-out' });
    expect(server.asked).toEqual([]);
  });

  test('cannot be read with a template that nobody can resolve', async () => {
    const chart = openChartSource(
      { patientId: 'p1', prefetch: undefined },
      {
        queries: { ...queries, patient: 'Practitioner/{{userPractitionerId}}' },
        servers: newServers(new ScriptedServer()),
      },
    );
    await expect(chart.read(['patient'])).rejects.toThrow('Unsupported token');
  });
});

describe('a scope that says which types the token is for', () => {
  const found = () =>
    new ScriptedServer({ [CONDITIONS]: bundle([condition('c1')]), 'Procedure?patient=p1': bundle([]) });
  const refused: Reading = { state: 'unread', reason: 'refused' };

  test('a type that is not granted is not asked for (CH-84)', async () => {
    const server = found();
    const chart = openChart({ fhirServer: base, scope: 'launch patient/Procedure.rs' }, server);
    expect(await chart.read(['conditions', 'procedures'])).toEqual(
      new Map<string, Reading>([
        ['conditions', refused],
        ['procedures', complete()],
      ]),
    );
    expect(server.asked.map(({ url }) => url)).toEqual([`${base}/Procedure?patient=p1`]);
  });

  test('a type that may be read and not searched is not searched', async () => {
    const server = new ScriptedServer({ 'Patient/p1': { resourceType: 'Patient', id: 'p1' } });
    const chart = openChart({ fhirServer: base, scope: 'patient/*.r' }, server);
    expect(await chart.read(['patient', 'conditions'])).toEqual(
      new Map<string, Reading>([
        ['patient', complete({ resourceType: 'Patient', id: 'p1' })],
        ['conditions', refused],
      ]),
    );
    expect(server.asked.map(({ url }) => url)).toEqual([`${base}/Patient/p1`]);
  });

  test.each([
    ['every resource', [condition('c1')]],
    ['none', []],
    ['one that is no resource', [condition('c1'), {}]],
  ])('what a narrowed scope shows is never all there is: %s (CH-84)', async (_shown, resources) => {
    const server = new ScriptedServer({ [CONDITIONS]: bundle(resources) });
    const chart = openChart({ fhirServer: base, scope: 'patient/Condition.rs?category=problem-list-item' }, server);
    expect((await chart.read(['conditions'])).get('conditions')).toMatchObject({
      state: 'incomplete',
      reason: 'refused',
    });
    expect(server.asked).toHaveLength(1);
  });

  test('the one resource of a read is all there is, however narrow the scope', async () => {
    const patient = { resourceType: 'Patient', id: 'p1' };
    const server = new ScriptedServer({ 'Patient/p1': patient });
    const chart = openChart({ fhirServer: base, scope: 'patient/Patient.r?active=true' }, server);
    expect((await chart.read(['patient'])).get('patient')).toEqual(complete(patient));
  });

  test.each(['patient/Observation.rs', 'patient/Condition.rs?category=x'])(
    'what the client sent itself is judged as it stands: %s',
    async (scope) => {
      const server = found();
      const chart = openChart({ prefetch: { conditions: bundle([]) }, fhirServer: base, scope }, server);
      expect((await chart.read(['conditions'])).get('conditions')).toEqual(complete());
      expect(server.asked).toEqual([]);
    },
  );

  test.each([
    ['patient/Observation.rs', 'more-pages', 0],
    ['patient/Condition.rs?category=x', 'refused', 1],
  ])('but not with the next page of it: %s', async (scope, reason, asked) => {
    const server = new ScriptedServer({ 'Condition?page=2': bundle([]) });
    const prefetch = { conditions: bundle([condition('c1')], 'Condition?page=2') };
    const chart = openChart({ prefetch, fhirServer: base, scope }, server);
    expect((await chart.read(['conditions'])).get('conditions')).toEqual({
      state: 'incomplete',
      resources: [condition('c1')],
      reason,
    });
    expect(server.asked).toHaveLength(asked);
  });

  test.each([undefined, 'launch openid', 'patient/*.*', 'user/Condition.read'])(
    'a scope that grants it, or says nothing of it, changes nothing: %s',
    async (scope) => {
      const chart = openChart({ fhirServer: base, scope }, found());
      expect((await chart.read(['conditions'])).get('conditions')).toEqual(complete(condition('c1')));
    },
  );
});
