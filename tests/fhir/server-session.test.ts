import { describe, expect, test } from '@jest/globals';
import type { ResourceKey } from '../../src/chart/reading.ts';
import { type ChartCall, openChartSource } from '../../src/fhir/chart-source.ts';
import type { FhirAnswer } from '../../src/fhir/fhir-answer.ts';
import type { FhirServerPort } from '../../src/fhir/fhir-server.ts';
import { rememberServers } from '../../src/fhir/server-memories.ts';
import type { Exchange, SparedQuestion } from '../../src/fhir/traffic.ts';
import { base, bundle, condition, newServers, queries, resource } from './chart-fixtures.ts';

const patientIn = (url: string) => /patient=(\w+)/.exec(url)?.[1];

type AnswerTo = (type: string, url: string, signal: AbortSignal) => FhirAnswer | Promise<FhirAnswer>;

const found = (...resources: unknown[]): FhirAnswer => ({ kind: 'answered', body: bundle(resources) });
const failed = (reason: Extract<FhirAnswer, { kind: 'failed' }>['reason'], retryAfterMs?: number): FhirAnswer =>
  retryAfterMs === undefined ? { kind: 'failed', reason } : { kind: 'failed', reason, retryAfterMs };

/** A process with one FHIR server that answers as it is told to, and a clock that is set by hand. */
function process(answerTo: AnswerTo) {
  let answer = answerTo;
  let now = 1; // lru-cache takes 0 for no time at all
  const asked: string[] = [];
  const exchanges: Exchange[] = [];
  const spared: SparedQuestion[] = [];
  const port: FhirServerPort = {
    async get({ url, signal }) {
      const path = url.slice(base.length + 1);
      asked.push(path);
      return answer(path.split(/[?/]/)[0] ?? '', path, signal);
    },
  };
  const servers = {
    ...newServers(port, 1000),
    memories: rememberServers({ now: () => now }),
    traffic: {
      exchanged: (exchange: Exchange) => void exchanges.push(exchange),
      spared: (question: SparedQuestion) => void spared.push(question),
    },
  };
  return {
    asked,
    exchanges,
    spared,
    answerWith: (next: AnswerTo) => {
      answer = next;
    },
    pass: (ms: number) => {
      now += ms;
    },
    /** A hook call: what it could read of these parts, and what passed between it and the server. */
    call: async (
      keys: readonly ResourceKey[],
      call: Partial<ChartCall> = {},
      signal?: AbortSignal,
      client?: string,
    ) => {
      const before = asked.length;
      const chart = openChartSource(
        { patientId: 'p1', prefetch: undefined, fhirServer: base, ...call },
        { queries, servers: { ...servers, client }, signal },
      );
      const readings = await chart.read(keys);
      const states = Object.fromEntries(
        [...readings].map(([key, reading]) => [key, reading.state === 'unread' ? reading.reason : reading.state]),
      );
      return { states, requests: asked.length - before, traffic: chart.traffic() };
    },
  };
}

describe('a part that a server does not have', () => {
  const KEYS = ['conditions', 'medicationStatements'] as const;
  const withoutStatements: AnswerTo = (type, url) =>
    type === 'MedicationStatement' ? failed('not-offered') : found(condition('c1', patientIn(url)));

  test('is not asked for again for ten minutes, for no patient', async () => {
    const { call, pass, spared } = process(withoutStatements);
    expect(await call(KEYS)).toMatchObject({ states: { medicationStatements: 'not-offered' }, requests: 2 });
    expect(await call(KEYS, { patientId: 'p2' })).toMatchObject({
      states: { conditions: 'complete', medicationStatements: 'not-offered' },
      requests: 1,
    });
    expect(spared).toEqual([{ server: 'open', resourceType: 'MedicationStatement', because: 'not-offered' }]);
    pass(600_001);
    expect(await call(KEYS)).toMatchObject({ requests: 2 });
  });

  test('is only believed when the server answers something about the same patient: there may be no such patient', async () => {
    const { call } = process(() => failed('not-offered'));
    await call(['conditions', 'procedures', 'medicationStatements'], { patientId: 'nobody' });
    expect(await call(KEYS)).toMatchObject({ requests: 2 });
  });

  test('is not believed of a server that answers, and has nothing of the patient', async () => {
    const { call } = process((type) => (type === 'MedicationStatement' ? failed('not-offered') : found()));
    await call(KEYS);
    expect(await call(KEYS)).toMatchObject({ requests: 2 });
  });

  test('for one client is asked for on behalf of another', async () => {
    const { call } = process(withoutStatements);
    await call(KEYS);
    expect(await call(KEYS, {}, undefined, 'Another Hospital')).toMatchObject({ requests: 2 });
    expect(await call(KEYS)).toMatchObject({ requests: 1 });
  });

  test('is believed whichever answer comes first', async () => {
    const late = Promise.withResolvers<FhirAnswer>();
    const { call } = process((type) => (type === 'MedicationStatement' ? failed('not-offered') : late.promise));
    const first = call(KEYS);
    setImmediate(() => late.resolve(found(condition('c1'))));
    await first;
    expect(await call(KEYS)).toMatchObject({ requests: 1 });
  });

  test('is another thing than a page that has expired', async () => {
    const { call } = process((_type, path) =>
      path.includes('page=2')
        ? failed('not-offered')
        : { kind: 'answered', body: bundle([condition('c1')], `${base}/Condition?page=2`) },
    );
    expect(await call(['conditions'])).toMatchObject({ states: { conditions: 'incomplete' }, requests: 2 });
    expect(await call(['conditions'])).toMatchObject({ requests: 2 });
  });

  test('is another thing than a resource that is not there', async () => {
    const { call } = process((type) => (type === 'Patient' ? failed('not-offered') : found()));
    await call(['conditions', 'patient']);
    expect(await call(['patient'])).toMatchObject({ requests: 1 });
  });

  test('is that part alone: the other searches of the same type are asked', async () => {
    const { call } = process((_type, url) =>
      url.includes('95779-5') ? failed('not-offered') : found(resource('Observation', 'o1')),
    );
    const keys = ['observationsBiomarkers', 'observationsLaboratory', 'observationsStaging'] as const;
    await call(keys);
    expect(await call(keys)).toMatchObject({
      states: { observationsBiomarkers: 'not-offered', observationsLaboratory: 'complete' },
      requests: 2,
    });
  });

  test.each(['not-offered', 'invalid'] as const)('is never the Conditions: %s is asked again', async (reason) => {
    const { call } = process((type) => (type === 'Condition' ? failed(reason) : found(resource('Procedure', 'x1'))));
    const { requests } = await call(['conditions', 'procedures']);
    expect(await call(['conditions', 'procedures'])).toMatchObject({ requests });
  });

  test('is another thing than one that this token may not read', async () => {
    const { call } = process((type) => (type === 'MedicationStatement' ? failed('refused') : found()));
    await call(KEYS);
    expect(await call(KEYS)).toMatchObject({ requests: 2 });
  });
});

describe('a server that asks to be left alone', () => {
  test('is, for so long, and what was to be asked is unknown', async () => {
    const { call, answerWith, pass, spared } = process(() => failed('throttled', 5000));
    expect(await call(['conditions'])).toMatchObject({ states: { conditions: 'failed' }, requests: 1 });
    answerWith(() => found());
    pass(4999);
    expect(await call(['conditions', 'patient'])).toMatchObject({
      states: { conditions: 'failed', patient: 'failed' },
      requests: 0,
    });
    expect(spared.map(({ because }) => because)).toEqual(['paused', 'paused']);
    pass(1);
    expect(await call(['conditions'])).toMatchObject({ states: { conditions: 'complete' }, requests: 1 });
  });

  test('by one client is asked by another', async () => {
    const { call } = process(() => failed('throttled', 5000));
    await call(['conditions']);
    expect(await call(['conditions'], {}, undefined, 'Another Hospital')).toMatchObject({ requests: 1 });
  });

  test('without saying for how long is asked by the next call', async () => {
    const { call } = process(() => failed('throttled'));
    await call(['conditions']);
    expect(await call(['conditions'])).toMatchObject({ requests: 1 });
  });
});

describe('a server that does not answer', () => {
  const DOWN: AnswerTo = () => failed('unreachable');

  async function fiveCalls(call: ReturnType<typeof process>['call'], ...rest: Parameters<typeof call>) {
    for (let round = 0; round < 5; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one call after the other: that is what is counted
      await call(...rest);
    }
  }

  test('five calls in a row is not asked by the sixth, which answers at once', async () => {
    const { call, spared } = process(DOWN);
    await fiveCalls(call, ['conditions']);
    expect(await call(['conditions'])).toEqual({
      states: { conditions: 'failed' },
      requests: 0,
      traffic: { requests: 0, spared: 1, ms: expect.any(Number) },
    });
    expect(spared).toEqual([{ server: 'open', resourceType: 'Condition', because: 'circuit-open' }]);
  });

  test('does not keep what the client sent from being read', async () => {
    const { call } = process(DOWN);
    await fiveCalls(call, ['conditions']);
    const prefetch = { conditions: bundle([condition('c1')]) };
    expect(await call(['conditions', 'procedures'], { prefetch })).toMatchObject({
      states: { conditions: 'complete', procedures: 'failed' },
    });
  });

  test('is asked again after ten seconds, by one call, and then by all', async () => {
    const { call, answerWith, pass } = process(DOWN);
    await fiveCalls(call, ['conditions']);
    answerWith(() => found());
    pass(9999);
    expect(await call(['conditions'])).toMatchObject({ requests: 0 });
    pass(1);
    expect(await call(['conditions'])).toMatchObject({ states: { conditions: 'complete' }, requests: 1 });
    expect(await call(['conditions'])).toMatchObject({ requests: 1 });
  });

  test('in one type alone is asked on', async () => {
    const { call } = process((type) => (type === 'Procedure' ? failed('unreachable') : found()));
    await fiveCalls(call, ['conditions', 'procedures']);
    expect(await call(['conditions', 'procedures'])).toMatchObject({ requests: 2 });
  });

  test.each(['refused', 'invalid', 'not-offered', 'throttled', 'malformed', 'too-long', 'failed', 'blocked'] as const)(
    'is not one that answers %s',
    async (reason) => {
      const { call } = process(() => failed(reason));
      await fiveCalls(call, ['patient']);
      expect(await call(['patient'])).toMatchObject({ requests: 1 });
    },
  );

  test('in time is one that does not answer', async () => {
    const { call } = process((_type, _url, signal) => hang(signal));
    await fiveCalls(call, ['conditions']);
    expect(await call(['conditions'])).toMatchObject({ states: { conditions: 'failed' }, requests: 0 });
  });

  test('before the client hangs up is not held against it', async () => {
    const { call } = process((_type, _url, signal) => hang(signal));
    await fiveCalls(call, ['conditions'], {}, AbortSignal.abort());
    for (let round = 0; round < 5; round += 1) {
      const gone = new AbortController();
      setImmediate(() => gone.abort());
      // oxlint-disable-next-line no-await-in-loop -- one call after the other: that is what is counted
      await call(['conditions'], {}, gone.signal);
    }
    const { requests } = await call(['conditions']);
    expect(requests).toBe(1);
  });

  test('until the client hangs up after more than half a second is held against it', async () => {
    const { call } = process((_type, _url, signal) => hang(signal));
    for (let round = 0; round < 5; round += 1) {
      const gone = new AbortController();
      setTimeout(() => gone.abort(), 520);
      // oxlint-disable-next-line no-await-in-loop -- one call after the other: that is what is counted
      await call(['conditions'], {}, gone.signal);
    }
    expect(await call(['conditions'])).toMatchObject({ requests: 0 });
  });

  test('at an address that a caller has named is not held against it', async () => {
    const { call, answerWith } = process((_type, _url, signal) => hang(signal));
    const prefetch = { conditions: bundle([condition('c1')], `${base}/hangs`) };
    await fiveCalls(call, ['conditions'], { prefetch });
    answerWith(() => found());
    expect(await call(['conditions'])).toMatchObject({ states: { conditions: 'complete' }, requests: 1 });
  });

  test('one client is asked on behalf of another', async () => {
    const { call } = process(DOWN);
    await fiveCalls(call, ['conditions']);
    expect(await call(['conditions'], {}, undefined, 'Another Hospital')).toMatchObject({ requests: 1 });
  });

  test('is not one to which nothing is asked: calls that bring everything themselves count for nothing', async () => {
    const { call, answerWith } = process(DOWN);
    const prefetch = { conditions: bundle([]) };
    await fiveCalls(call, ['conditions'], { prefetch });
    answerWith(() => found());
    expect(await call(['conditions'])).toMatchObject({ states: { conditions: 'complete' }, requests: 1 });
  });
});

function hang(signal: AbortSignal): Promise<FhirAnswer> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(failed('timed-out')), { once: true });
  });
}

test('nothing is left running once a reading has resolved: all that was asked has been told to end', async () => {
  const signals: AbortSignal[] = [];
  const { call } = process((_type, _url, signal) => {
    signals.push(signal);
    return found();
  });
  await call(['conditions', 'procedures']);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});

describe('figures', () => {
  test('count a next link that leads away from the server (CH-87)', async () => {
    const { call, spared } = process(() => ({
      kind: 'answered',
      body: bundle([condition('c1')], 'http://inner.example/fhir?page=2'),
    }));
    expect(await call(['conditions'])).toMatchObject({ states: { conditions: 'incomplete' }, requests: 1 });
    expect(spared).toEqual([{ server: 'open', resourceType: 'Condition', because: 'off-server' }]);
  });

  test('name the server, the type and the outcome, and nobody', async () => {
    const { call, exchanges } = process((type) => (type === 'Condition' ? found(condition('c1')) : failed('refused')));
    const { traffic } = await call(['conditions', 'procedures']);
    expect(exchanges).toEqual([
      { server: 'open', resourceType: 'Condition', outcome: 'answered', ms: expect.any(Number) },
      { server: 'open', resourceType: 'Procedure', outcome: 'refused', ms: expect.any(Number) },
    ]);
    expect(traffic).toEqual({ requests: 2, spared: 0, ms: expect.any(Number) });
  });

  test('count what the scope does not grant as spared (CH-78)', async () => {
    const { call, spared } = process(() => found());
    const { traffic } = await call(['conditions', 'procedures'], { scope: 'patient/Condition.rs' });
    expect(traffic).toMatchObject({ requests: 1, spared: 1 });
    expect(spared).toEqual([{ server: 'open', resourceType: 'Procedure', because: 'not-granted' }]);
  });

  test('call a listed server by its own name', async () => {
    const exchanges: Exchange[] = [];
    const servers = {
      ...newServers({ get: async () => found() }),
      policy: { mode: 'listed' as const, servers: ['https://fhir.example.org/r4/'] },
      traffic: { exchanged: (exchange: Exchange) => void exchanges.push(exchange), spared: () => {} },
    };
    const call = { patientId: 'p1', prefetch: undefined, fhirServer: 'HTTPS://fhir.example.org:443/r4' };
    await openChartSource(call, { queries, servers }).read(['conditions']);
    expect(exchanges.map(({ server }) => server)).toEqual(['https://fhir.example.org/r4']);
  });

  test('of a call without a server are none', () => {
    const chart = openChartSource({ patientId: 'p1', prefetch: undefined }, { queries });
    expect(chart.traffic()).toBeUndefined();
  });
});
