import { mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { byteMutations, damaged } from '../../fuzz/byte-mutation.ts';
import { runCampaign } from '../../fuzz/campaign.ts';
import { everyRequest } from '../../fuzz/every-request.ts';
import { answersIn } from '../../fuzz/exchange.ts';
import { changedCalls } from '../../fuzz/hook-requests.ts';
import { descend, edited, places, valueAt } from '../../fuzz/json-tree.ts';
import { realRequests } from '../../fuzz/real-requests.ts';
import { readFinding, saveFinding } from '../../fuzz/reproducer.ts';
import type { WireRequest } from '../../fuzz/wire.ts';
import { operationOutcome, ServiceError } from '../../src/cds-hooks/errors.ts';
import { type Served, serve } from '../support/http.ts';

const ORIGIN = 'http://127.0.0.1:4711';
const real = realRequests([
  {
    id: 'view',
    hook: 'patient-view',
    prefetch: { patient: 'Patient/{{context.patientId}}', conditions: 'Condition?patient={{context.patientId}}' },
  },
]).slice(0, 12);
const all = everyRequest({ real, serviceIds: ['view'], cardIds: ['a-card'], fhirOrigin: ORIGIN });

const tree = { a: [{ b: 1 }, { b: 2, c: { b: null } }] };
let served: Served | undefined;

afterEach(async () => {
  await served?.close();
});

/** Reads the body, then answers as told. */
async function serveWith(answer: (body: string, response: Parameters<RequestListener>[1]) => void): Promise<string> {
  served = await serve((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => answer(body, response));
  });
  return served.url;
}

describe('a tree', () => {
  test('is edited at one place, and the rest of it stays', () => {
    expect(edited(tree, ['a', '1', 'c'], () => [])).toEqual({ a: [{ b: 1 }, { b: 2 }] });
    expect(
      edited(tree, ['a', '0'], (key, value) => [
        [key, value],
        ['x', 3],
      ]),
    ).toEqual({ a: [{ b: 1 }, 3, tree.a[1]] });
    expect(edited(tree, [], (key) => [[key, 7]])).toBe(7);
    expect(edited(tree, ['nowhere', 'else'], () => [])).toEqual(tree);
    expect(tree.a).toHaveLength(2);
  });

  test('may have a member named __proto__', () => {
    const changed = edited({ a: 1 }, ['a'], (_key, value) => [['__proto__', value]]);
    expect(JSON.stringify(changed)).toBe('{"__proto__":1}');
  });

  test('has the places one walks down to', () => {
    expect(descend(tree, [0, 1, 7, 0, 5])).toEqual(['a', '1', 'c', 'b']);
    expect(descend(tree, [0, 1, 0])).toEqual(['a', '1', 'b']);
    expect(places(tree, (key) => key === 'b')).toEqual([
      ['a', '0', 'b'],
      ['a', '1', 'b'],
      ['a', '1', 'c', 'b'],
    ]);
    expect(valueAt(tree, ['a', '1', 'b'])).toBe(2);
    expect(valueAt(tree, ['toString'])).toBeUndefined();
  });
});

describe('the requests', () => {
  test('are of every kind', () => {
    const kinds = fc.sample(all, { seed: 1, numRuns: 600 }).map(({ kind }) => kind);
    expect([...new Set(kinds)].toSorted()).toEqual([
      'address',
      'bytes',
      'encoding',
      'feedback',
      'real',
      'socket',
      'structure',
    ]);
  });

  test('are the same for the same seed, and others for another', () => {
    const written = (seed: number) => JSON.stringify(fc.sample(all, { seed, numRuns: 100 }));
    expect(written(5)).toBe(written(5));
    expect(written(5)).not.toBe(written(6));
  });

  test('ask for no FHIR server but on this machine', () => {
    const servers = fc.sample(changedCalls(real, ORIGIN), { seed: 2, numRuns: 1500 }).flatMap(({ body }) => {
      const text = body?.toString() ?? '';
      return [...text.matchAll(/^\{.*?"fhirServer":"([^"]*)"/g)].map(([, address]) => address ?? '');
    });
    expect(servers.length).toBeGreaterThan(50);
    expect(servers.filter((address) => !address.startsWith('http://127.0.0.1'))).toEqual([]);
  });

  test('of damaged bytes can be made of anything', () => {
    fc.assert(
      fc.property(fc.uint8Array(), byteMutations, (bytes, changes) => {
        expect(damaged(Buffer.from(bytes), changes)).toBeInstanceOf(Buffer);
      }),
    );
  });
});

test('answers one after the other on a connection are told apart', () => {
  const received = Buffer.from(
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\nnonsense',
  );
  expect(answersIn(received).map(({ status, text }) => [status, text])).toEqual([
    [200, '{}'],
    [400, 'abcd'],
    [0, 'nonsense'],
  ]);
  expect(answersIn(Buffer.alloc(0))).toEqual([]);
});

describe('a finding', () => {
  test('is made as small as it can be', async () => {
    const url = await serveWith((body, response) => {
      const isHit = body.includes('"Nothing"') && body.includes('"patientId"');
      const [status, type] = isHit ? [500, 'application/fhir+json'] : [200, 'application/json'];
      response.writeHead(status, { 'content-type': `${type}; charset=utf-8` });
      response.end(JSON.stringify(isHit ? operationOutcome(new ServiceError('internal')) : { cards: [] }));
    });
    const { findings } = await runCampaign({
      url,
      requests: changedCalls(real, ORIGIN),
      count: 600,
      seed: 3,
      lanes: 4,
    });
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    const body = finding?.request.via === 'http' ? (finding.request.body?.toString() ?? '') : '';
    expect(body).toContain('"Nothing"');
    expect(body.length).toBeLessThan(300);
    expect(Math.max(...real.map(({ json }) => json.length))).toBeGreaterThan(1000);
  });

  test.each<WireRequest>([
    {
      via: 'http',
      kind: 'structure',
      target: 'service',
      done: ['x'],
      method: 'POST',
      path: '/a',
      headers: { a: 'b' },
      body: Buffer.from(`{"é":"${ORIGIN}"}`),
      repeatable: true,
    },
    {
      via: 'http',
      kind: 'structure',
      target: 'service',
      done: [],
      method: 'GET',
      path: '/',
      headers: {},
      body: Buffer.from([0xff, 0]),
      repeatable: true,
    },
    {
      via: 'http',
      kind: 'structure',
      target: 'page',
      done: [],
      method: 'GET',
      path: '/',
      headers: {},
      body: undefined,
      repeatable: true,
    },
    { via: 'socket', kind: 'socket', target: 'service', done: [], bytes: Buffer.from('GET / HTTP/1.1\r\n\r\n') },
  ])('is kept, and read back as it was', (request) => {
    const folder = mkdtempSync(join(tmpdir(), 'finding-'));
    const finding = { violation: { oracle: 'status' as const, says: 'status 500' }, request, seed: 9 };
    expect(readFinding(saveFinding(folder, 0, finding, ORIGIN), ORIGIN)).toEqual(finding);
    rmSync(folder, { recursive: true });
  });
});
