import { expect, test } from '@jest/globals';
import { RESOURCE_KEYS, type Readings } from '../../../src/chart/reading.ts';
import { loadPatient } from '../../../src/ehr-demo/scenarios.ts';
import { openChartSource } from '../../../src/fhir/chart-source.ts';
import { createFhirServer } from '../../../src/fhir/fhir-server.ts';
import { type ChartProgress, readChart } from '../../../src/smart-app/chart/read-chart.ts';
import { newServers } from '../../fhir/chart-fixtures.ts';
import { serveFhir } from '../../support/fhir-base.ts';
import { queries, TOKEN } from '../../support/recorded-call.ts';
import { recordedServers, replay } from '../../support/recorded-fhir-server.ts';
import { clientOf } from './fhir-client.ts';

// How fast this machine is decides nothing here.
const LONG = 25_000;

/** As the service reads it for a hook call. */
function asService(fhirServer: string, patientId: string): Promise<Readings> {
  return openChartSource(
    { patientId, prefetch: undefined, fhirServer, accessToken: TOKEN },
    {
      queries,
      servers: { ...newServers(createFhirServer(), LONG), policy: { mode: 'listed', servers: [fhirServer] } },
    },
  ).read(RESOURCE_KEYS);
}

/** As the app reads it. */
async function asApp(base: string, patientId: string): Promise<ChartProgress> {
  const end = await readChart({
    client: clientOf(base, TOKEN),
    base,
    patientId,
    queries,
    scope: undefined,
    patienceMs: { part: LONG, overall: LONG },
    onProgress: () => {},
  }).done;
  if (typeof end === 'string') throw new Error(end);
  return end;
}

test.each(recordedServers().map((server) => [server.name, server] as const))(
  'at %s the app reads the chart that the service reads, and says of each part that is missing what the server said',
  async (_name, server) => {
    const running = replay(server, { queries, accessToken: TOKEN });
    const expected = await asService(server.base, server.patient);
    const askedByService = new Set(running.asked.map(({ url }) => url));
    const { readings, answers } = await asApp(server.base, server.patient);
    expect(readings).toEqual(expected);
    expect(new Set(running.asked.map(({ url }) => url))).toEqual(askedByService);
    expect(running.problems).toEqual([]);

    const missing = [...expected].filter(([, { state }]) => state !== 'complete').map(([key]) => key);
    expect(new Set(answers.keys())).toEqual(new Set(missing));
    for (const { says } of answers.values()) expect(says).toMatch(/\S/);
  },
);

const FIXTURES = ['on-atezolizumab-lung-bone', 'epic-on-atezolizumab', 'second-cancer', 'hostile-text', 'no-stage'];

test.each(FIXTURES)(
  "at the demo EHR's FHIR server the app reads the chart of %s that the service reads",
  async (id) => {
    const server = await serveFhir({
      access: { kind: 'static-token', token: TOKEN },
      resources: loadPatient(id).resources,
    });
    try {
      const { readings, pending } = await asApp(server.base, id);
      expect(pending.size).toBe(0);
      expect(readings).toEqual(await asService(server.base, id));
      expect(readings.get('conditions')).toHaveProperty('resources.0.resourceType', 'Condition');
    } finally {
      await server.close();
    }
  },
);
