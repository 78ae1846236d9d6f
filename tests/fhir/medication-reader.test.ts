import { describe, expect, test } from '@jest/globals';
import type { FhirAnswer } from '../../src/fhir/fhir-answer.ts';
import type { FhirServerPort } from '../../src/fhir/fhir-server.ts';
import { base, bundle, openChart, resource, ScriptedServer } from './chart-fixtures.ts';

const medication = (id: string, more: Record<string, unknown> = {}) => ({ resourceType: 'Medication', id, ...more });
const request = (id: string, reference: string, display?: string) => ({
  ...resource('MedicationRequest', id),
  medicationReference: { reference, ...(display === undefined ? {} : { display }) },
});
const REQUESTS = 'MedicationRequest?patient=p1';

/** Reads the MedicationRequests from a server that has these resources. */
async function read(answers: Readonly<Record<string, unknown>>, prefetch: Record<string, unknown> = {}) {
  const server = new ScriptedServer(answers);
  const chart = openChart({ prefetch, fhirServer: base }, server);
  const readings = await chart.read(['medicationRequests']);
  const asked = server.asked.map(({ url }) => url.slice(base.length + 1));
  return { reading: readings.get('medicationRequests'), asked, skipped: chart.skipped(), chart, server };
}

describe('a Medication that a record only refers to', () => {
  test('is read by its id, and stands beside the record', async () => {
    const record = request('r1', 'Medication/m1');
    const { reading, asked } = await read({ [REQUESTS]: bundle([record]), 'Medication/m1': medication('m1') });
    expect(reading).toEqual({ state: 'complete', resources: [record, medication('m1')] });
    expect(asked).toEqual([REQUESTS, 'Medication/m1']);
  });

  test('is read for records that the client sent, too', async () => {
    const record = request('r1', 'Medication/m1');
    const sent = { medicationRequests: bundle([record]) };
    const { reading, asked } = await read({ 'Medication/m1': medication('m1') }, sent);
    expect(reading).toEqual({ state: 'complete', resources: [record, medication('m1')] });
    expect(asked).toEqual(['Medication/m1']);
  });

  test.each([
    ['that came with it', 'Medication/m1', [medication('m1')]],
    ['that came with it, under its whole address', `${base}/Medication/m1`, [medication('m1')]],
    ['that is contained', '#m1', []],
    ['that only the Bundle knew', 'urn:uuid:2b1a6f5e-0c55-4f43-8f0c-0d6f7c9b5b11', []],
  ])('%s is not asked for', async (_claim, reference, beside) => {
    const { asked } = await read({ [REQUESTS]: bundle([request('r1', reference), ...beside]) });
    expect(asked).toEqual([REQUESTS]);
  });

  test('by two records, in two parts of the chart and in a draft is asked for once', async () => {
    const given = {
      ...resource('MedicationAdministration', 'a1'),
      medicationReference: { reference: 'Medication/m1' },
    };
    const server = new ScriptedServer({
      [REQUESTS]: bundle([request('r1', 'Medication/m1'), request('r2', `${base}/Medication/m1`)]),
      'MedicationAdministration?patient=p1': bundle([given]),
      'Medication/m1': medication('m1'),
    });
    const chart = openChart({ fhirServer: base }, server);
    const [readings, beside] = await Promise.all([
      chart.read(['medicationRequests', 'medicationAdministrations']),
      chart.readMedications([request('draft', 'Medication/m1')]),
    ]);
    expect(beside).toEqual([medication('m1')]);
    for (const reading of readings.values()) {
      expect(reading.state === 'complete' ? reading.resources.filter(({ id }) => id === 'm1') : []).toHaveLength(1);
    }
    expect(server.asked.filter(({ url }) => url.endsWith('Medication/m1'))).toHaveLength(1);
  });

  test.each([
    ['another resource', { resourceType: 'Patient', id: 'm1' }],
    ['another Medication', medication('m2')],
    ['one without an id', { resourceType: 'Medication' }],
    ['a Bundle', bundle([medication('m1')])],
    ['no FHIR', ['m1']],
    ['null', null],
  ])('under whose id the server has %s is left out, and counted', async (_claim, body) => {
    const record = request('r1', 'Medication/m1');
    const { reading, skipped } = await read({ [REQUESTS]: bundle([record]), 'Medication/m1': body });
    expect(reading).toEqual({ state: 'complete', resources: [record], unresolved: ['m1'] });
    expect(skipped).toBe(1);
  });

  test('that cannot be had leaves the record as it is', async () => {
    const record = request('r1', 'Medication/m1', 'pazopanib 200 mg tablet');
    const { reading, skipped } = await read({ [REQUESTS]: bundle([record]) });
    expect(reading).toEqual({ state: 'complete', resources: [record], unresolved: ['m1'] });
    expect(skipped).toBe(0);
  });

  test.each([
    'http://evil.example/fhir/Medication/m1',
    '//evil.example/fhir/Medication/m1',
    'Medication/../Patient/p2',
    'Medication/%2e%2e/Patient/p2',
    'Medication/m1/../../Patient/p2',
    'Medication/m1?_include=*',
    'Medication/m1/$everything',
    'Medication?_id=m1',
    'Medication',
    'Patient/p2',
    '../admin/Medication/m1',
    'Binary/Medication/m1',
    'Medication/m%2f1',
    'Medication/m1;v=2',
    '',
  ])('%s leads elsewhere, and is not followed', async (reference) => {
    const { asked } = await read({ [REQUESTS]: bundle([request('r1', reference)]) });
    expect(asked).toEqual([REQUESTS]);
  });

  test('in one version is read as it is now', async () => {
    const record = request('r1', 'Medication/m1/_history/3');
    const { asked, reading } = await read({ [REQUESTS]: bundle([record]), 'Medication/m1': medication('m1') });
    expect(asked).toEqual([REQUESTS, 'Medication/m1']);
    expect(reading).toEqual({ state: 'complete', resources: [record, medication('m1')] });
  });
});

describe('of more Medications than can be read', () => {
  test('thirty are, and first those that nothing else names', async () => {
    const named = Array.from({ length: 40 }, (_, at) => request(`n${at}`, `Medication/named${at}`, 'ibuprofen'));
    const nameless = Array.from({ length: 5 }, (_, at) => request(`x${at}`, `Medication/nameless${at}`));
    const { asked, reading } = await read({ [REQUESTS]: bundle([...named, ...nameless]) });
    expect(asked.slice(1, 6)).toEqual([0, 1, 2, 3, 4].map((at) => `Medication/nameless${at}`));
    expect(asked).toHaveLength(1 + 30);
    expect(reading?.state === 'complete' ? reading.unresolved : []).toHaveLength(45);
  });

  test('a nameless dose comes before all named orders', async () => {
    const orders = Array.from({ length: 40 }, (_, at) => request(`n${at}`, `Medication/named${at}`, 'ibuprofen'));
    const dose = { ...resource('MedicationAdministration', 'a1'), medicationReference: { reference: 'Medication/m1' } };
    const server = new ScriptedServer({
      [REQUESTS]: bundle(orders),
      'MedicationAdministration?patient=p1': bundle([dose]),
      'Medication/m1': medication('m1'),
    });
    const readings = await openChart({ fhirServer: base }, server).read([
      'medicationRequests',
      'medicationAdministrations',
    ]);
    expect(readings.get('medicationAdministrations')).toEqual({
      state: 'complete',
      resources: [dose, medication('m1')],
    });
  });

  test('those of records entered in error are not', async () => {
    const { asked } = await read({
      [REQUESTS]: bundle([{ ...request('r1', 'Medication/m1'), status: 'entered-in-error' }]),
    });
    expect(asked).toEqual([REQUESTS]);
  });
});

test('they share the time budget of the call', async () => {
  const record = request('r1', 'Medication/m1');
  const port: FhirServerPort = {
    get({ url, signal }): Promise<FhirAnswer> {
      if (!url.includes('/Medication/')) return Promise.resolve({ kind: 'answered', body: bundle([record]) });
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ kind: 'failed', reason: 'timed-out' }));
      });
    },
  };
  const readings = await openChart({ fhirServer: base }, port, 50).read(['medicationRequests']);
  expect(readings.get('medicationRequests')).toEqual({ state: 'complete', resources: [record], unresolved: ['m1'] });
});

test('one that came with the orders is the one that a dose refers to', async () => {
  const dose = { ...resource('MedicationAdministration', 'a1'), medicationReference: { reference: 'Medication/m1' } };
  const prefetch = {
    medicationRequests: bundle([request('r1', 'Medication/m1'), medication('m1')]),
    medicationAdministrations: bundle([dose]),
  };
  const server = new ScriptedServer();
  for (const call of [{ prefetch }, { prefetch, fhirServer: base }]) {
    // oxlint-disable-next-line no-await-in-loop -- two, one after the other
    const readings = await openChart(call, server).read(['medicationRequests', 'medicationAdministrations']);
    expect(readings.get('medicationAdministrations')).toEqual({
      state: 'complete',
      resources: [dose, medication('m1')],
    });
  }
  expect(server.asked).toEqual([]);
});

test('without a server nothing is read', async () => {
  const sent = { medicationRequests: bundle([request('r1', 'Medication/m1')]) };
  const chart = openChart({ prefetch: sent });
  expect((await chart.read(['medicationRequests'])).get('medicationRequests')).toMatchObject({
    state: 'complete',
  });
  expect(await chart.readMedications([request('r1', 'Medication/m1')])).toEqual([]);
});
