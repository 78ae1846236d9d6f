import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RESOURCE_KEYS } from '../../../src/chart/reading.ts';
import { isAnotherPatients } from '../../../src/chart/subject.ts';
import type { FhirRequester } from '../../../src/smart-app/chart/ask.ts';
import { type ChartProgress, readChart } from '../../../src/smart-app/chart/read-chart.ts';
import { queries } from '../../fhir/chart-fixtures.ts';

const BASE = 'https://fhir.example/r4';

const resource = fc.record(
  {
    resourceType: fc.constantFrom(
      'Patient',
      'Condition',
      'MedicationRequest',
      'Medication',
      'OperationOutcome',
      'Bundle',
    ),
    id: fc.oneof(fc.constantFrom('p1', 'p2'), fc.jsonValue()),
    subject: fc.record({ reference: fc.constantFrom('Patient/p1', 'Patient/p2', '#x', '') }),
    medicationReference: fc.record({ reference: fc.constantFrom('Medication/p1', 'Medication/../Patient/p2', 'x') }),
    issue: fc.jsonValue(),
  },
  { requiredKeys: ['resourceType'] },
);
const bundle = fc.record({
  resourceType: fc.constant('Bundle'),
  entry: fc.oneof(fc.array(fc.record({ resource })), fc.jsonValue()),
  link: fc.oneof(
    fc.array(
      fc.record({ relation: fc.constant('next'), url: fc.constantFrom(`${BASE}/page`, 'https://evil.example/', '?') }),
    ),
    fc.jsonValue(),
  ),
});
const body = fc.oneof(resource, bundle, fc.jsonValue(), fc.string());
const response = fc.oneof(
  fc.record({
    status: fc.constantFrom(200, 203, 226),
    type: fc.constantFrom('text/html', 'application/fhir+json', 'x'),
  }),
  fc.constant(undefined),
);
/** What a client may do with one request; `never` settles. */
const behaviour = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('answers' as const), body, response }) },
  fc.record({
    does: fc.constant('rejects' as const),
    error: fc.oneof(
      fc.record({
        status: fc.constantFrom(400, 401, 403, 404, 429, 500),
        message: fc.string(),
        statusText: fc.jsonValue(),
      }),
      fc.anything(),
      fc.constant(new TypeError('Failed to fetch')),
    ),
  }),
  fc.record({ does: fc.constantFrom('throws' as const, 'never' as const, 'gives no promise' as const) }),
);

test("whatever comes, reading ends, shows no other patient's record, and leaves nothing pending or without a word", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(behaviour, { minLength: 1, maxLength: 20 }), async (behaviours) => {
      const addresses: string[] = [];
      const client: FhirRequester = {
        fhirRequest(url) {
          addresses.push(url);
          const one = behaviours[addresses.length % behaviours.length];
          switch (one?.does) {
            case 'answers': {
              const { status, type } = one.response ?? {};
              const answered = { status, headers: new Headers({ 'content-type': type ?? '' }), text: async () => '{' };
              return Promise.resolve({ body: one.body, response: one.response && answered });
            }
            case 'rejects':
              // oxlint-disable-next-line prefer-promise-reject-errors -- anything can be thrown
              return Promise.reject(one.error);
            case 'throws':
              throw new Error('at once');
            case 'gives no promise':
              return undefined as unknown as Promise<unknown>;
            default:
              return new Promise(() => {});
          }
        },
      };
      const told: ChartProgress[] = [];
      const { done } = readChart({
        client,
        base: BASE,
        patientId: 'p1',
        queries,
        scope: undefined,
        patienceMs: { part: 4, overall: 10 },
        onProgress: (progress) => told.push(progress),
      });
      const end = await done;
      for (const { readings, answers } of told) {
        for (const [key, reading] of readings) {
          if (reading.state === 'complete') continue;
          expect(answers.get(key)?.says).toMatch(/\S/);
        }
        const shown = [...readings.values()].flatMap((reading) =>
          reading.state === 'unread' ? [] : reading.resources,
        );
        expect(shown.filter((one) => isAnotherPatients(one, 'p1'))).toEqual([]);
      }
      expect(addresses.filter((url) => !url.startsWith(`${BASE}/`))).toEqual([]);
      if (end === 'other-patient') return;
      expect(told.at(-1)?.pending.size).toBe(0);
      expect([...(told.at(-1)?.readings.keys() ?? [])]).toEqual(RESOURCE_KEYS);
    }),
    { numRuns: 150 },
  );
});
