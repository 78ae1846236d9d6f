import { describe, expect, test } from '@jest/globals';
import { RESOURCE_KEYS, type ResourceKey } from '../../src/chart/reading.ts';
import { openChartSource } from '../../src/fhir/chart-source.ts';
import type { FhirAnswer } from '../../src/fhir/fhir-answer.ts';
import type { FhirServerPort } from '../../src/fhir/fhir-server.ts';
import { queryFor } from '../../src/fhir/query.ts';
import { waysOf } from '../../src/fhir/ways.ts';
import { base, bundle, condition, newServers, queries, resource } from './chart-fixtures.ts';

const waysFor = (key: ResourceKey) => waysOf(key, queryFor(queries[key], 'p1')).map(({ path }) => path);

describe('a part of the chart is asked for with what saves round trips, then with less', () => {
  test.each<[ResourceKey, readonly string[]]>([
    ['patient', ['Patient/p1']],
    ['conditions', ['Condition?patient=p1&_count=1000', 'Condition?patient=p1']],
    [
      'medicationRequests',
      [
        'MedicationRequest?patient=p1&_include=MedicationRequest:medication&_count=1000',
        'MedicationRequest?patient=p1&_count=1000',
        'MedicationRequest?patient=p1&_count=100',
        'MedicationRequest?patient=p1',
      ],
    ],
    ['diagnosticReports', ['DiagnosticReport?patient=p1&_count=100', 'DiagnosticReport?patient=p1']],
    [
      'observationsLaboratory',
      [
        'Observation?patient=p1&code=http://loinc.org|1920-8&_count=200',
        'Observation?patient=p1&code=http://loinc.org|1920-8',
        'Observation?patient=p1&category=laboratory&_count=200',
        'Observation?patient=p1&category=laboratory',
      ],
    ],
  ])('%s', (key, ways) => {
    expect(waysFor(key)).toEqual(ways);
  });

  test('every search begins with its prefetch template, and ends in no more than four ways', () => {
    for (const key of RESOURCE_KEYS) {
      const query = queryFor(queries[key], 'p1');
      expect(waysFor(key)).toContain(query.path);
      expect(waysFor(key).length).toBeLessThanOrEqual(4);
      for (const way of waysFor(key))
        expect(way.startsWith(`${query.resourceType}${query.isSearch ? '?patient=p1' : '/p1'}`)).toBe(true);
    }
  });
});

/** Refuses every query that the pattern fits; keeps what it was asked. */
class PickyServer implements FhirServerPort {
  readonly asked: string[] = [];
  readonly #refuses: RegExp;

  constructor(refuses: RegExp) {
    this.#refuses = refuses;
  }

  async get({ url }: { readonly url: string }): Promise<FhirAnswer> {
    const path = url.slice(base.length + 1);
    this.asked.push(path);
    if (this.#refuses.test(path)) return { kind: 'failed', reason: 'invalid' };
    const [type = ''] = path.split('?');
    const found = type === 'Observation' ? [] : [resource(type, 'c1', /patient=(\w+)/.exec(path)?.[1])];
    return { kind: 'answered', body: bundle(found) };
  }
}

describe('what a server refuses', () => {
  const open = (servers: ReturnType<typeof newServers>, patientId = 'p1') =>
    openChartSource({ patientId, prefetch: undefined, fhirServer: base }, { queries, servers });

  test('is left out at once, and not sent to it again for the next patient', async () => {
    const server = new PickyServer(/_count|_include/);
    const servers = newServers(server);
    const first = await open(servers).read(['conditions']);
    expect(first.get('conditions')).toEqual({ state: 'complete', resources: [condition('c1')] });
    expect(server.asked).toEqual(['Condition?patient=p1&_count=1000', 'Condition?patient=p1']);

    await open(servers, 'p2').read(['conditions']);
    expect(server.asked.slice(2)).toEqual(['Condition?patient=p2']);
  });

  test('of one type is asked of the others all the same', async () => {
    const server = new PickyServer(/^Condition.*_count/);
    const servers = newServers(server);
    await open(servers).read(['conditions']);
    await open(servers).read(['procedures']);
    expect(server.asked.at(-1)).toBe('Procedure?patient=p1&_count=1000');
  });

  test('by one server is asked of another all the same', async () => {
    const server = new PickyServer(/_count/);
    const servers = newServers(server);
    await open(servers).read(['conditions']);
    const elsewhere = openChartSource(
      { patientId: 'p1', prefetch: undefined, fhirServer: 'http://127.0.0.1:8/fhir' },
      { queries, servers },
    );
    await elsewhere.read(['conditions']);
    expect(server.asked[2]).toContain('_count=1000');
  });

  test('in every way is failed, and teaches nothing: it may be the patient that it does not know', async () => {
    const server = new PickyServer(/patient=p1/);
    const servers = newServers(server);
    const readings = await open(servers).read(['diagnosticReports']);
    expect(readings.get('diagnosticReports')).toEqual({ state: 'unread', reason: 'failed' });
    expect(server.asked).toHaveLength(2);
    await open(servers, 'p2').read(['diagnosticReports']);
    expect(server.asked.slice(2)).toEqual(['DiagnosticReport?patient=p2&_count=100']);
  });

  test('by code is asked by category, where a profile fixes that', async () => {
    const server = new PickyServer(/code=/);
    const readings = await open(newServers(server)).read(['observationsBodyWeight', 'observationsStaging']);
    // A weight that is filed elsewhere is not found so: no record of one must not follow.
    expect(readings.get('observationsBodyWeight')).toEqual({
      state: 'incomplete',
      resources: [],
      reason: 'more-pages',
    });
    expect(server.asked).toContain('Observation?patient=p1&category=vital-signs&_count=200');
    expect(readings.get('observationsStaging')).toEqual({ state: 'unread', reason: 'failed' });
  });

  test('in every way, and answers something else about the patient, is not asked of it for ten minutes', async () => {
    const server = new PickyServer(/^Encounter/);
    const servers = newServers(server);
    const keys = ['encounters', 'procedures'] as const;
    await open(servers).read(keys);
    const asked = server.asked.length;
    const readings = await open(servers, 'p2').read(keys);
    expect(server.asked.slice(asked)).toEqual(['Procedure?patient=p2&_count=1000']);
    expect(readings.get('encounters')).toEqual({ state: 'unread', reason: 'failed' });
  });

  test('for being too long is asked for in smaller pages', async () => {
    const asked: string[] = [];
    const port: FhirServerPort = {
      get: async ({ url }) => {
        asked.push(url.slice(base.length + 1));
        return url.includes('_count')
          ? { kind: 'failed', reason: 'too-long' }
          : { kind: 'answered', body: bundle([condition('c1')]) };
      },
    };
    const readings = await open(newServers(port)).read(['conditions']);
    expect(readings.get('conditions')).toEqual({ state: 'complete', resources: [condition('c1')] });
    expect(asked).toEqual(['Condition?patient=p1&_count=1000', 'Condition?patient=p1']);
  });

  test('for being too long in one chart is asked for whole in the next', async () => {
    const asked: string[] = [];
    const port: FhirServerPort = {
      get: async ({ url }) => {
        asked.push(url.slice(base.length + 1));
        return url.endsWith('patient=p1&_count=1000')
          ? { kind: 'failed', reason: 'too-long' }
          : { kind: 'answered', body: bundle([]) };
      },
    };
    const servers = newServers(port);
    await open(servers).read(['conditions']);
    await open(servers, 'p2').read(['conditions']);
    expect(asked.at(-1)).toBe('Condition?patient=p2&_count=1000');
  });

  test.each(['refused', 'failed', 'timed-out', 'throttled', 'malformed', 'not-offered', 'blocked'] as const)(
    'is only what it says it cannot read: %s is no reason to ask again',
    async (reason) => {
      const asked: string[] = [];
      const port: FhirServerPort = {
        get: async ({ url }) => {
          asked.push(url);
          return { kind: 'failed', reason };
        },
      };
      await open(newServers(port)).read(['conditions']);
      expect(asked).toHaveLength(1);
    },
  );
});
