import type { RequestListener, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type CampaignOptions, type CampaignReport, runCampaign } from '../../fuzz/campaign.ts';
import { CANARY, EVALUATED } from '../../fuzz/canary.ts';
import { realCall } from '../../fuzz/hook-requests.ts';
import { judgeAfter } from '../../fuzz/lasting-state.ts';
import { memoryReport } from '../../fuzz/memory.ts';
import type { Oracle } from '../../fuzz/oracles.ts';
import type { WireRequest } from '../../fuzz/wire.ts';
import { operationOutcome, ServiceError } from '../../src/cds-hooks/errors.ts';
import { type Served, serve } from '../support/http.ts';

const call = realCall({ name: 'a call', serviceId: 'example', hook: 'patient-view', json: '{"hook":"patient-view"}' });
const changed: WireRequest = { ...call, kind: 'structure' };

const CARD = {
  uuid: '11111111-2222-4333-8444-555555555555',
  summary: 'A card',
  indicator: 'info',
  source: { label: 'A source' },
};

let served: Served | undefined;

afterEach(async () => {
  await served?.close();
});

/** What a short run finds with a server that answers like this. */
async function run(
  listener: RequestListener,
  request: WireRequest,
  options: Partial<CampaignOptions> = {},
): Promise<CampaignReport> {
  served = await serve((incoming, response) => {
    incoming.resume();
    incoming.on('end', () => listener(incoming, response));
  });
  return runCampaign({ url: served.url, requests: fc.constant(request), count: 4, seed: 1, lanes: 2, ...options });
}

function send(response: ServerResponse, status: number, type: string, body: unknown): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const cards =
  (...of: readonly object[]): RequestListener =>
  (_request, response) =>
    send(response, 200, 'application/json', { cards: of });

const refusal =
  (status: number, body: unknown): RequestListener =>
  (_request, response) =>
    send(response, status, 'application/fhir+json', body);

let turn = 0;

/** Each a service with one fault, and the oracle that has to see it. */
const FAULTS: readonly (readonly [fault: string, oracle: Oracle, listener: RequestListener])[] = [
  ['answers 500', 'status', refusal(500, operationOutcome(new ServiceError('internal')))],
  [
    'answers 503 without having too much to do',
    'status',
    refusal(503, operationOutcome(new ServiceError('overloaded'))),
  ],
  ['asks who is there in open mode', 'status', refusal(401, operationOutcome(new ServiceError('unauthenticated')))],
  [
    'answers an error in HTML',
    'media-type',
    (_request, response) => send(response, 400, 'text/html', '<h1>Error</h1>'),
  ],
  ['answers cards as text', 'media-type', (_request, response) => send(response, 200, 'text/plain', '{"cards":[]}')],
  ['answers half of a body', 'json', (_request, response) => send(response, 200, 'application/json', '{"cards":[')],
  ['answers an error without a body', 'json', refusal(400, '')],
  ['answers null members', 'schema', cards({ ...CARD, detail: null })],
  ['answers no cards', 'schema', (_request, response) => send(response, 200, 'application/json', {})],
  [
    'acts by itself',
    'schema',
    (_request, response) => send(response, 200, 'application/json', { cards: [], systemActions: [] }),
  ],
  [
    'answers a code nobody knows',
    'schema',
    refusal(400, { ...operationOutcome(new ServiceError('malformed-json')), id: 'x' }),
  ],
  ['answers a code of another status', 'schema', refusal(400, operationOutcome(new ServiceError('not-found')))],
  [
    'quotes what was sent',
    'canary',
    refusal(400, operationOutcome(new ServiceError('request-invalid', [`${CANARY} is unknown`]))),
  ],
  ['evaluates templates in a chart', 'evaluated', cards({ ...CARD, summary: EVALUATED })],
  ['makes links of what a chart says', 'markup', cards({ ...CARD, detail: 'See [planted](http://planted.example/)' })],
  ['never answers', 'time', () => undefined],
  ['hangs up', 'answered', (_request, response) => response.destroy()],
  [
    'answers now so, now otherwise',
    'same-again',
    (request, response) => {
      turn += 1;
      cards(...(turn % 2 === 0 ? [CARD] : []))(request, response);
    },
  ],
];

describe('a service that', () => {
  test.each(FAULTS)('%s is found out by the oracle %s', async (_fault, oracle, listener) => {
    const { findings } = await run(listener, changed, { limitMs: 300, lanes: 1 });
    expect(new Set(findings.map(({ violation }) => violation.oracle))).toContain(oracle);
  });

  test('refuses a call that is right is found out', async () => {
    const { findings } = await run(refusal(400, operationOutcome(new ServiceError('request-invalid'))), call);
    expect(findings.map(({ violation }) => violation.says)).toEqual(['status 400 for a call that is right']);
  });

  test('ends is found out, with the requests that were its last', async () => {
    let alive = true;
    const { findings } = await run(
      (_request, response) => {
        alive = false;
        response.destroy();
      },
      changed,
      { isRunning: () => alive },
    );
    expect(findings.map(({ violation }) => violation.oracle)).toContain('alive');
    expect(findings[0]?.request).toBe(changed);
  });

  test('is well breaks no rule', async () => {
    const { findings, sent } = await run(cards(CARD), call, { count: 40 });
    expect([findings, sent]).toEqual([[], 40]);
  });

  test('refuses in the right way breaks no rule', async () => {
    const { findings } = await run(refusal(400, operationOutcome(new ServiceError('request-invalid'))), changed);
    expect(findings).toEqual([]);
  });
});

describe('over a whole run', () => {
  const flat = Array.from({ length: 100 }, (_, index) => 300 + (index % 7));

  test('memory that breathes is no leak, and memory that grows is', () => {
    const cold = flat.slice(0, 10).map((megabytes) => megabytes / 2);
    const growing = flat.map((megabytes, index) => megabytes + index);
    expect(memoryReport(flat, 100_000).violations).toEqual([]);
    expect(memoryReport([...cold, ...flat], 100_000).violations).toEqual([]);
    expect(memoryReport(growing, 100_000).violations).toMatchObject([{ oracle: 'memory' }]);
  });

  test('a short run proves nothing of memory, since it is warming up', () => {
    expect(memoryReport([1, 2, 3, 1000], 3000)).toMatchObject({ violations: [], early: 2, late: 1000 });
  });

  test('what one caller sent must not change what another is answered', () => {
    const before = {
      answers: new Map([
        ['a', '200 x'],
        ['b', '200 y'],
      ]),
      violations: [],
    };
    expect(judgeAfter(before, before)).toEqual([]);
    const after = {
      answers: new Map([
        ['a', '200 x'],
        ['b', '500 z'],
      ]),
      violations: [],
    };
    expect(judgeAfter(before, after)).toMatchObject([{ oracle: 'same-after', says: expect.stringContaining('b ') }]);
  });
});
