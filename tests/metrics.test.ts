import { afterEach, describe, expect, test } from '@jest/globals';
import { register } from 'prom-client';
import { chartQueries } from '../src/chart/queries.ts';
import { buildHookRequest, type DiscoveredService, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { resolvePrefetch } from '../src/ehr-demo/prefetch.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import { queryFor } from '../src/fhir/query.ts';
import { type Circuit, rememberServers } from '../src/fhir/server-memories.ts';
import { createMetrics, type Metrics, type MetricsOptions } from '../src/metrics.ts';
import { documentAt } from './docs/documents.ts';
import { type LocalServer, startLocalServer } from './fhir/local-server.ts';
import { call, post, type Served } from './support/http.ts';
import { discover } from './support/play.ts';
import { registeredClient } from './support/registered-client.ts';
import { guideline, type ServiceOptions, serveService, trustingAuthentication } from './support/service.ts';

const SERVER = 'https://fhir.example/r4';

function make(options: Partial<MetricsOptions> = {}): Metrics {
  return createMetrics({ circuits: () => [], isOpen: false, isStoreUp: async () => true, ...options });
}

/** The samples whose name begins so, without what the text format says of them. */
async function samplesOf(metrics: Metrics, name: string): Promise<readonly string[]> {
  return samplesIn((await metrics.exposition()).text, name);
}

function samplesIn(text: string, name: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('requests to FHIR servers', () => {
  test('are counted by server, resource type and what came of them', async () => {
    const metrics = make();
    const { traffic } = metrics;
    traffic.exchanged({ server: SERVER, resourceType: 'Condition', outcome: 'answered', ms: 20 });
    traffic.exchanged({ server: SERVER, resourceType: 'Condition', outcome: 'answered', ms: 400 });
    traffic.exchanged({ server: SERVER, resourceType: 'CareTeam', outcome: 'not-offered', ms: 20 });
    traffic.exchanged({ server: 'open', resourceType: 'Condition', outcome: 'timed-out', ms: 1500 });
    expect(await samplesOf(metrics, 'asps_fhir_requests_total')).toEqual([
      `asps_fhir_requests_total{server="${SERVER}",resource_type="Condition",outcome="answered"} 2`,
      `asps_fhir_requests_total{server="${SERVER}",resource_type="CareTeam",outcome="not-offered"} 1`,
      'asps_fhir_requests_total{server="open",resource_type="Condition",outcome="timed-out"} 1',
    ]);
  });

  test('are timed by server, in seconds', async () => {
    const metrics = make();
    for (const ms of [20, 400, 1_500, 60_000])
      metrics.traffic.exchanged({ server: SERVER, resourceType: 'Patient', outcome: 'answered', ms });
    const samples = await samplesOf(metrics, 'asps_fhir_request_duration_seconds');
    const bucket = (le: string) =>
      samples
        .find((sample) => sample.includes(`le="${le}"`) && sample.includes(SERVER))
        ?.split(' ')
        .at(-1);
    expect([bucket('0.01'), bucket('0.025'), bucket('0.5'), bucket('1'), bucket('1.5'), bucket('+Inf')]).toEqual([
      '0',
      '1',
      '2',
      '2',
      '3',
      '4',
    ]);
    expect(samples).toContain(`asps_fhir_request_duration_seconds_sum{server="${SERVER}"} 61.92`);
  });

  test.each(['not-offered', 'paused', 'circuit-open', 'not-granted'] as const)(
    'that were not sent are counted by the reason: %s',
    async (because) => {
      const metrics = make();
      metrics.traffic.spared({ server: SERVER, resourceType: 'CareTeam', because });
      expect(await samplesOf(metrics, 'asps_fhir_')).toContain(
        `asps_fhir_spared_total{server="${SERVER}",resource_type="CareTeam",because="${because}"} 1`,
      );
    },
  );

  test.each(['', 'Testcase', 'condition', 'Condition/x', 'Basic', '"} 1\nx{y="', '__proto__'])(
    'for a type that the service does not ask for are one series: %j',
    async (resourceType) => {
      const metrics = make();
      metrics.traffic.exchanged({ server: SERVER, resourceType, outcome: 'answered', ms: 1 });
      metrics.traffic.spared({ server: SERVER, resourceType, because: 'paused' });
      expect(await samplesOf(metrics, 'asps_fhir_requests_total')).toEqual([
        `asps_fhir_requests_total{server="${SERVER}",resource_type="other",outcome="answered"} 1`,
      ]);
      expect(await samplesOf(metrics, 'asps_fhir_spared_total')).toEqual([
        `asps_fhir_spared_total{server="${SERVER}",resource_type="other",because="paused"} 1`,
      ]);
    },
  );

  test('for each type that the service asks for are told apart', async () => {
    const metrics = make();
    const types = new Set(
      Object.values(chartQueries(guideline.terminology)).map((template) => queryFor(template, 'p1').resourceType),
    ).add('Medication');
    for (const resourceType of types)
      metrics.traffic.exchanged({ server: SERVER, resourceType, outcome: 'answered', ms: 1 });
    const samples = await samplesOf(metrics, 'asps_fhir_requests_total');
    expect(samples.map((sample) => /resource_type="(\w+)"/.exec(sample)?.[1])).toEqual([...types]);
  });
});

describe('the circuit of a FHIR server', () => {
  const ask = (circuits: readonly Circuit[], isOpen = false) =>
    samplesOf(make({ circuits: () => circuits, isOpen }), 'asps_fhir_circuit_open');

  test('is 1 until the server has answered again', async () => {
    const circuits: readonly Circuit[] = [
      { server: 'https://a.example', state: 'closed' },
      { server: 'https://b.example', state: 'open' },
      { server: 'https://c.example', state: 'half-open' },
    ];
    expect(await ask(circuits)).toEqual([
      'asps_fhir_circuit_open{server="https://a.example"} 0',
      'asps_fhir_circuit_open{server="https://b.example"} 1',
      'asps_fhir_circuit_open{server="https://c.example"} 1',
    ]);
  });

  test.each<[string, readonly Circuit['state'][], number]>([
    ['none is', ['closed', 'closed'], 0],
    ['one is', ['closed', 'open', 'half-open', 'closed'], 1],
  ])('is one figure in open mode, where callers name the servers: %s', async (_claim, states, value) => {
    const circuits = states.map((state, port) => ({ server: `http://127.0.0.1:${port}`, state }));
    expect(await ask(circuits, true)).toEqual([`asps_fhir_circuit_open{server="open"} ${value}`]);
  });

  test('is as it is at that moment, and gone with what was remembered', async () => {
    let circuits: readonly Circuit[] = [{ server: SERVER, state: 'open' }];
    const metrics = make({ circuits: () => circuits });
    const states = [await samplesOf(metrics, 'asps_fhir_circuit_open')];
    circuits = [{ server: SERVER, state: 'closed' }];
    states.push(await samplesOf(metrics, 'asps_fhir_circuit_open'));
    circuits = [];
    states.push(await samplesOf(metrics, 'asps_fhir_circuit_open'));
    expect(states.map((samples) => samples.map((sample) => sample.split(' ').at(-1)))).toEqual([['1'], ['0'], []]);
  });

  test('is what the memory says', async () => {
    const memories = rememberServers();
    const down = () =>
      memories.of(SERVER, undefined).round(
        () => Promise.resolve(),
        () => true,
      );
    await Promise.all(Array.from({ length: 5 }, down));
    expect(await ask(memories.circuits())).toEqual([`asps_fhir_circuit_open{server="${SERVER}"} 1`]);
  });
});

describe('calls', () => {
  test('are counted by service and status, and timed if they were let in', async () => {
    const metrics = make();
    const { calls } = metrics;
    calls.ended({ service: 'asps-patient-view', client: undefined, status: 200, ms: 30 });
    calls.ended({ service: 'asps-patient-view', client: undefined, status: 200, ms: 40 });
    calls.ended({ service: 'asps-patient-view', client: undefined, status: 401, ms: undefined });
    calls.ended({ service: 'asps-order-sign', client: 'General Hospital', status: 'gone', ms: 500 });
    const { text } = await metrics.exposition();
    expect(samplesIn(text, 'asps_cds_calls_total')).toEqual([
      'asps_cds_calls_total{service="asps-patient-view",status="200"} 2',
      'asps_cds_calls_total{service="asps-patient-view",status="401"} 1',
      'asps_cds_calls_total{service="asps-order-sign",status="gone"} 1',
    ]);
    expect(samplesIn(text, 'asps_cds_call_duration_seconds_count')).toEqual([
      'asps_cds_call_duration_seconds_count{service="asps-patient-view"} 2',
      'asps_cds_call_duration_seconds_count{service="asps-order-sign"} 1',
    ]);
    expect(text).toContain('asps_cds_call_duration_seconds_sum{service="asps-patient-view"} 0.07\n');
  });
});

describe('the figures', () => {
  test('have names with their unit, and say in a sentence what they are', async () => {
    const { text, contentType } = await make().exposition();
    const about = [...text.matchAll(/^# HELP (\S+) (.*)$/gm)];
    expect(about.map(([, name]) => name)).toEqual([
      'asps_fhir_requests_total',
      'asps_fhir_request_duration_seconds',
      'asps_fhir_spared_total',
      'asps_fhir_circuit_open',
      'asps_cds_calls_total',
      'asps_cds_call_duration_seconds',
      'asps_store_up',
      'asps_store_errors_total',
      'asps_showings_dropped_total',
      'asps_replay_fallback_total',
      'asps_rate_limit_fallback_total',
    ]);
    for (const [, , help] of about) expect(help).toMatch(/^[A-Z0-9].*\w\.$/);
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test('of the store are 0 until something goes wrong', async () => {
    const metrics = make({ isStoreUp: async () => false });
    expect(await samplesOf(metrics, 'asps_store')).toEqual(['asps_store_up 0']);
    expect(await samplesOf(metrics, 'asps_showings')).toEqual(['asps_showings_dropped_total 0']);
    metrics.store.failed('showings', 'full');
    metrics.store.failed('showings', 'full');
    metrics.store.showingsDropped(3);
    metrics.store.replayFellBack();
    metrics.store.rateLimitFellBack();
    expect(await samplesOf(metrics, 'asps_')).toEqual([
      'asps_store_up 0',
      'asps_store_errors_total{operation="showings",reason="full"} 2',
      'asps_showings_dropped_total 3',
      'asps_replay_fallback_total 1',
      'asps_rate_limit_fallback_total 1',
    ]);
  });

  test('are those that docs/operators.md tells of, with their labels', async () => {
    const metrics = make({ circuits: () => [{ server: SERVER, state: 'closed' }] });
    metrics.traffic.exchanged({ server: SERVER, resourceType: 'Patient', outcome: 'answered', ms: 1 });
    metrics.traffic.spared({ server: SERVER, resourceType: 'Patient', because: 'paused' });
    metrics.calls.ended({ service: 'asps-patient-view', client: undefined, status: 200, ms: 1 });
    metrics.store.failed('showings', 'full');
    const { text } = await metrics.exposition();
    const said = [...text.matchAll(/^# TYPE (\S+) (\w+)\n\w+(?:\{(.*)\})? /gm)].map(([, name, kind, labels = '']) => [
      name,
      kind,
      [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le'),
    ]);
    const documented = [...documentAt('docs/operators.md').text.matchAll(/^\| `(asps_\w+)` +\| (\w+) +\| (.*?) +\|/gm)];
    expect(
      documented.map(([, name, kind, labels = '']) => [
        name,
        kind,
        labels
          .replaceAll(/[`–]/g, '')
          .split(', ')
          .filter((label) => label !== ''),
      ]),
    ).toEqual(expect.arrayContaining(said));
    expect([documented.length, said.length]).toEqual([11, 11]);
  });

  test('of one service are not those of another, and there are none of everybody', async () => {
    const one = make();
    one.calls.ended({ service: 'asps-patient-view', client: undefined, status: 200, ms: 1 });
    expect(await samplesOf(make(), 'asps_cds_calls_total')).toEqual([]);
    expect(await register.getMetricsAsJSON()).toEqual([]);
  });
});

describe('played calls', () => {
  const TOKEN = 'token-0123456789';
  const open: { close(): Promise<void> }[] = [];
  afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));

  const patient = loadPatient('metastatic-untreated');

  async function started(options: ServiceOptions = {}): Promise<Served> {
    // On a busy machine even a server on it takes its time.
    const served = await serveService({ budgetMs: 20_000, ...options });
    open.push(served);
    return served;
  }

  /** A FHIR server with this patient's chart, and without CareTeams. */
  async function fhirServer(): Promise<LocalServer> {
    const server = await startLocalServer((request, response) => {
      const query = decodeURIComponent((request.url ?? '').replace(/^\/fhir\//, ''));
      const { answer } = resolvePrefetch({ answer: query }, {}, patient.resources);
      response.statusCode = query.startsWith('CareTeam') ? 404 : 200;
      response.setHeader('Content-Type', 'application/fhir+json').end(JSON.stringify(answer));
    });
    open.push(server);
    return server;
  }

  function requestOn(hook: string, services: readonly DiscoveredService[]) {
    const service = serviceForHook(services, hook);
    if (service === undefined) throw new Error(`no service for ${hook}`);
    return { path: `/cds-services/${service.id}`, request: buildHookRequest({ patient, hook }, service) };
  }

  /** A chart by prefetch, the same from a FHIR server, and a body that is none; and all the figures after it. */
  async function playAll({ url }: Served, fhir: LocalServer, headers: Record<string, string>): Promise<string> {
    const { path, request } = requestOn('patient-view', await discover(url));
    const { prefetch: _prefetch, ...bare } = request;
    const fhirAuthorization = {
      access_token: TOKEN,
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'patient/*.read',
      subject: 'subject-4711',
    };
    const replies = [
      await post(url + path, request, headers),
      await post(url + path, { ...bare, fhirServer: fhir.base, fhirAuthorization }, headers),
      await post(url + path, { patientId: patient.patientId }, headers),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 400]);
    const { text, status } = await call(`${url}/metrics`);
    expect(status).toBe(200);
    const all = [...stringsIn(patient.resources), ...stringsIn(request), TOKEN, 'subject-4711', 'General Hospital'];
    const telling = new Set(all.filter((word) => word.length > 3 && !OUR_OWN.has(word)));
    expect(telling.size).toBeGreaterThan(100);
    // The values are numbers, whose digits may be anything.
    const series = text.replaceAll(/ [\d.]+$/gm, '');
    expect([...telling].filter((word) => series.includes(word))).toEqual([]);
    return text;
  }

  /** Words of the service's own that stand in charts as well. */
  const OUR_OWN: ReadonlySet<string> = new Set([
    'patient-view',
    ...patient.resources.map(({ resourceType }) => resourceType),
  ]);

  test('in open mode leave nothing of the patient, the user, the token, and the server that the caller named', async () => {
    const [served, fhir] = await Promise.all([started(), fhirServer()]);
    const text = await playAll(served, fhir, {});
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|http:/);
    expect(samplesIn(text, 'asps_cds_calls_total')).toEqual([
      'asps_cds_calls_total{service="asps-patient-view",status="200"} 2',
      'asps_cds_calls_total{service="asps-patient-view",status="400"} 1',
    ]);
    expect(samplesIn(text, 'asps_fhir_requests_total')).toEqual(
      expect.arrayContaining([
        'asps_fhir_requests_total{server="open",resource_type="Condition",outcome="answered"} 1',
        'asps_fhir_requests_total{server="open",resource_type="CareTeam",outcome="not-offered"} 1',
      ]),
    );
    expect(samplesIn(text, 'asps_fhir_circuit_open')).toEqual(['asps_fhir_circuit_open{server="open"} 0']);
  });

  test('of a client leave nothing of the patient, the user and the token, and name the server that is listed', async () => {
    const fhir = await fhirServer();
    const served = await started({
      authentication: trustingAuthentication([registeredClient({ fhirServers: [`${fhir.base}/`] })]),
    });
    const headers = { authorization: 'Bearer General Hospital' };
    const text = await playAll(served, fhir, headers);
    expect(text).toContain(
      `asps_fhir_requests_total{server="${fhir.base}",resource_type="Condition",outcome="answered"} 1\n`,
    );
    expect(text).toContain(`asps_fhir_circuit_open{server="${fhir.base}"} 0\n`);
  });

  test('with a server that is down say so, and that it was asked five times', async () => {
    let asked = 0;
    const fhir = await startLocalServer((_request, response) => {
      asked += 1;
      response.writeHead(503).end();
    });
    const { url } = await started();
    open.push(fhir);
    const { path, request } = requestOn('patient-view', await discover(url));
    const { prefetch: _prefetch, ...bare } = request;
    const statuses: number[] = [];
    for (let calls = 0; calls < 7; calls += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      statuses.push((await post(url + path, { ...bare, fhirServer: fhir.base })).status);
    }
    expect([statuses, asked]).toEqual([[412, 412, 412, 412, 412, 412, 412], 5]);
    const { text } = await call(`${url}/metrics`);
    expect(samplesIn(text, 'asps_fhir_circuit_open')).toEqual(['asps_fhir_circuit_open{server="open"} 1']);
    expect([...samplesIn(text, 'asps_fhir_requests_total'), ...samplesIn(text, 'asps_fhir_spared_total')]).toEqual([
      'asps_fhir_requests_total{server="open",resource_type="Condition",outcome="unreachable"} 5',
      'asps_fhir_spared_total{server="open",resource_type="Condition",because="circuit-open"} 2',
    ]);
  });

  test('are told whatever listens in place of the figures', async () => {
    const told: string[] = [];
    const [served, fhir] = await Promise.all([
      started({
        traffic: {
          exchanged: ({ resourceType, outcome }) => void told.push(`${resourceType} ${outcome}`),
          spared: () => {},
        },
      }),
      fhirServer(),
    ]);
    const text = await playAll(served, fhir, {});
    expect(told).toEqual(expect.arrayContaining(['Condition answered', 'CareTeam not-offered']));
    expect(samplesIn(text, 'asps_fhir_requests_total')).toEqual([]);
  });
});

/** Every string that is anywhere in it. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
