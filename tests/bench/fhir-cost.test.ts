import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type MeasuredChart, measuredCharts } from '../../bench/fhir-charts.ts';
import { type FhirCost, fhirCosts } from '../../bench/fhir-cost.ts';
import { CALL_KINDS } from '../../bench/fhir-rows.ts';
import { fhirStub } from '../../bench/fhir-stub-listener.ts';
import { serviceForHook } from '../../src/ehr-demo/hook-request.ts';
import { storeOf } from '../../src/ehr-demo/patient-store.ts';
import { type Served, serve } from '../support/http.ts';
import { discover } from '../support/play.ts';
import { serveService, TODAY } from '../support/service.ts';

/** The parts of a chart beside the Conditions, each one question. */
const OTHER_PARTS = 16;

// Some ninety calls, on a machine that may be busy with other things.
jest.setTimeout(120_000);

let service: Served;
let stub: Served;
let charts: readonly MeasuredChart[];
let costs: readonly FhirCost[];

beforeAll(async () => {
  // No time budget that a busy machine could end.
  service = await serveService({ budgetMs: 60_000 });
  const described = serviceForHook(await discover(service.url), 'patient-view');
  if (described === undefined) throw new Error('there is a service for patient-view');
  charts = measuredCharts(described, TODAY);
  stub = await serve(fhirStub((name) => charts.find((chart) => chart.name === name)?.chart, 0));
  costs = await fhirCosts({
    serviceUrl: service.url,
    service: described,
    stubUrl: stub.url,
    charts,
    warmUps: 1,
    calls: 2,
  });
});
afterAll(async () => {
  await service.close();
  await stub.close();
});

function requestsOf(title: string): number {
  const requests = costs.find(({ kind }) => kind.title === title)?.requests;
  expect(requests?.max).toBe(requests?.min);
  return requests?.median ?? Number.NaN;
}

test('every kind of call is measured, in the order of the table', () => {
  expect(costs.map(({ kind }) => kind.title)).toEqual(CALL_KINDS.map(({ title }) => title));
});

test.each([
  ['no ASPS, full prefetch', 0],
  ['no ASPS, lean prefetch', 0],
  ['no ASPS, no prefetch', 1],
  ['ASPS, full prefetch', 0],
  ['ASPS, lean prefetch', OTHER_PARTS - 1],
  ['ASPS, no prefetch', OTHER_PARTS + 1],
  ['drugs by reference, no prefetch, `_include` honoured', OTHER_PARTS + 1],
])('%s: %i FHIR requests a call', (title, requests) => {
  expect(requestsOf(title)).toBe(requests);
});

test('drugs by reference cost one request each where _include is ignored', () => {
  const drugs = charts.find(({ name }) => name === 'asps-by-reference')?.chart.byType('Medication').length ?? 0;
  expect(drugs).toBeGreaterThan(5);
  expect(requestsOf('drugs by reference, full prefetch')).toBe(drugs);
  expect(requestsOf('drugs by reference, lean prefetch')).toBe(OTHER_PARTS - 1 + drugs);
  expect(requestsOf('drugs by reference, no prefetch')).toBe(OTHER_PARTS + 1 + drugs);
});

test('what a server refuses costs more requests on the first call alone', () => {
  expect(requestsOf('no ASPS, no prefetch, `_count` refused, first call')).toBe(2);
  expect(requestsOf('no ASPS, no prefetch, `_count` refused, later call')).toBe(1);
  expect(requestsOf('ASPS, no prefetch, `_count` refused, first call')).toBeGreaterThan(2 * OTHER_PARTS);
  expect(requestsOf('ASPS, no prefetch, `_count` refused, later call')).toBe(OTHER_PARTS + 1);
});

test('bodies and bytes are counted where they are sent', () => {
  const of = (title: string) => costs.find(({ kind }) => kind.title === title);
  expect(of('ASPS, full prefetch')).toMatchObject({ fhirBytes: { max: 0 } });
  expect(of('ASPS, full prefetch')?.bodyBytes).toBeGreaterThan(45_000);
  expect(of('ASPS, no prefetch')?.bodyBytes).toBeLessThan(1000);
  expect(of('ASPS, no prefetch')?.fhirBytes.min).toBeGreaterThan(30_000);
});

test('a call that sees less than full prefetch does is no measurement', async () => {
  const described = serviceForHook(await discover(service.url), 'patient-view');
  const [, asps] = charts;
  if (described === undefined || asps === undefined) throw new Error('there is a service, and a chart with ASPS');
  const onlyDiagnoses = storeOf(asps.chart.patientId, [
    ...asps.chart.byType('Patient'),
    ...asps.chart.byType('Condition'),
  ]);
  const forgetful = await serve(fhirStub(() => onlyDiagnoses, 0));
  try {
    const bench = { serviceUrl: service.url, service: described, stubUrl: forgetful.url };
    await expect(fhirCosts({ ...bench, charts: [asps], warmUps: 0, calls: 1 })).rejects.toThrow(
      /^ASPS, lean prefetch: an answer of \d+ bytes, not \d+ as with full prefetch$/,
    );
  } finally {
    await forgetful.close();
  }
});
