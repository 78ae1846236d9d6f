import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RESOURCE_KEYS } from '../../src/chart/reading.ts';
import { isAnotherPatients } from '../../src/chart/subject.ts';
import { base, openChart, queries, ScriptedServer } from './chart-fixtures.ts';

const reference = fc.oneof(
  fc.constantFrom('Patient/p1', 'Patient/p2', 'http://h/Patient/p2', 'Patient/p2/_history/1', '#x', 'urn:uuid:1', 'p2'),
  fc.string(),
);
const resource = fc.oneof(
  fc.record(
    {
      resourceType: fc.constantFrom(
        'Patient',
        'Condition',
        'Procedure',
        'Medication',
        'Observation',
        'OperationOutcome',
      ),
      id: fc.oneof(fc.constantFrom('p1', 'p2'), fc.jsonValue()),
      subject: fc.oneof(fc.record({ reference }), fc.jsonValue()),
      patient: fc.record({ reference }),
      issue: fc.jsonValue(),
    },
    { requiredKeys: ['resourceType'] },
  ),
  fc.jsonValue(),
);
const bundle = fc.record(
  {
    resourceType: fc.constant('Bundle'),
    entry: fc.oneof(fc.array(fc.oneof(fc.record({ resource }), fc.jsonValue())), fc.jsonValue()),
    link: fc.oneof(
      fc.array(
        fc.record({
          relation: fc.constantFrom('next', 'self'),
          url: fc.oneof(fc.constant(`${base}/page`), fc.webUrl(), fc.string()),
        }),
      ),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: ['resourceType'] },
);
const value = fc.oneof(bundle, resource, fc.jsonValue());
const prefetch = fc.oneof(
  fc.dictionary(fc.constantFrom(...RESOURCE_KEYS), value),
  fc.dictionary(fc.string(), fc.jsonValue()),
);

const searched = (key: (typeof RESOURCE_KEYS)[number]) => queries[key].split(/[/?]/)[0];

test("whatever was sent or answered, reading does not fail and yields no other patient's resource", async () => {
  await fc.assert(
    fc.asyncProperty(prefetch, value, async (sent, answered) => {
      const server = new ScriptedServer({
        'Patient/p1': answered,
        'Condition?patient=p1': answered,
        'Procedure?patient=p1': answered,
        page: answered,
      });
      const chart = openChart({ prefetch: sent, fhirServer: base }, server);
      const readings = await chart.read(RESOURCE_KEYS);

      expect([...readings.keys()]).toEqual([...RESOURCE_KEYS]);
      for (const [key, reading] of readings) {
        const resources = reading.state === 'unread' ? [] : reading.resources;
        expect(resources.filter((each) => isAnotherPatients(each, 'p1'))).toEqual([]);
        expect([searched(key), 'Medication']).toEqual(
          expect.arrayContaining(resources.map((each) => each['resourceType'])),
        );
      }
    }),
    { numRuns: 300 },
  );
});

test('no server but the one that was named is ever asked', async () => {
  await fc.assert(
    fc.asyncProperty(prefetch, value, async (sent, answered) => {
      const server = new ScriptedServer({ 'Condition?patient=p1': answered, page: answered });
      await openChart({ prefetch: sent, fhirServer: base }, server).read(RESOURCE_KEYS);
      expect(
        server.asked.map(({ url }) => url).filter((url) => !/^http:\/\/127\.0\.0\.1:9\/fhir(?:[/?]|$)/.test(url)),
      ).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
