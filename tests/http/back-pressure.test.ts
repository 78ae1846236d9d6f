import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type InFlightLimit, limitInFlight } from '../../src/http/back-pressure.ts';
import { onExchangeEnd } from '../../src/http/exchange-end.ts';
import { readJson } from '../../src/http/json-body.ts';
import { call, post, type Served } from '../support/http.ts';
import { serveBehind } from './served-behind.ts';

let served: Served | undefined;

afterEach(() => served?.close());

/** A service of two slots, whose calls to /wait are answered when they are released. */
async function service(): Promise<{
  readonly url: string;
  readonly limit: InFlightLimit;
  readonly release: () => void;
}> {
  const limit = limitInFlight({ max: 2 });
  const released = Promise.withResolvers<void>();
  const { url } = (served = await serveBehind([limit, readJson({ limit: '10mb' })], async (request, response) => {
    if (request.path === '/wait') await released.promise;
    if (request.path === '/throw') throw new TypeError('x');
    if (request.path === '/cut') response.destroy();
    if (request.path === '/large') response.send(Buffer.alloc(20 * 1024 * 1024));
    else response.json({});
  }));
  return { url, limit, release: released.resolve };
}

/** How many slots are held: once they are so many, or for good when they never are. */
async function held(limit: InFlightLimit, count: number): Promise<number> {
  for (let tries = 0; limit.inFlight() !== count && tries < 1000; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- asks again and again
    await new Promise((done) => setTimeout(done, 2));
  }
  return limit.inFlight();
}

/** A connection that has said `bytes`, and says no more. */
function dial(url: string, bytes: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
  socket.on('error', () => undefined);
  return socket;
}

const HEAD = 'Host: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n';

test('one client may hold half of the slots, and leaves the others to others', async () => {
  const limit = limitInFlight({ max: 4, holderOf: ({ req }) => req.get('x-client') });
  const released = Promise.withResolvers<void>();
  const { url } = (served = await serveBehind(limit, async (request, response) => {
    if (request.path === '/wait') await released.promise;
    response.json({});
  }));
  const as = (client: string, path = '/') => call(url + path, { headers: { 'x-client': client } });
  const slow = [as('busy', '/wait'), as('busy', '/wait')];
  expect(await held(limit, 2)).toBe(2);
  expect([(await as('busy')).status, (await as('other')).status]).toEqual([503, 200]);
  released.resolve();
  expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
  expect(await held(limit, 0)).toBe(0);
  expect((await as('busy')).status).toBe(200);
});

test('past the limit a call is told at once to come back later (CH-192, CH-193)', async () => {
  const { url, limit, release } = await service();
  const working = [post(`${url}/wait`, {}), post(`${url}/wait`, {})];
  expect(await held(limit, 2)).toBe(2);
  expect(await post(url, {})).toMatchObject({ status: 503, body: { issue: [{ diagnostics: 'overloaded' }] } });
  expect(limit.inFlight()).toBe(2);
  release();
  expect((await Promise.all(working)).map(({ status }) => status)).toEqual([200, 200]);
  expect(await held(limit, 0)).toBe(0);
  expect((await post(url, {})).status).toBe(200);
});

test('a hundred at once are answered or refused, and none is left over', async () => {
  const { url, limit, release } = await service();
  const working = Array.from({ length: 100 }, () => post(`${url}/wait`, {}));
  const refused = Promise.all(working.map(async (reply) => (await reply).status));
  expect(await held(limit, 2)).toBe(2);
  await Promise.race(working);
  release();
  const all = await refused;
  expect(all.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2);
  expect(new Set(all)).toEqual(new Set([200, 503]));
  expect(await held(limit, 0)).toBe(0);
});

describe('a slot comes back', () => {
  test.each(['/', '/throw', '/nope'])('after an answer at %s', async (path) => {
    const { url, limit } = await service();
    await Promise.all([post(url + path, {}), post(url + path, {})]);
    expect(await held(limit, 0)).toBe(0);
  });

  test('after a body that cannot be read', async () => {
    const { url, limit } = await service();
    expect((await post(url, '{')).status).toBe(400);
    expect(await held(limit, 0)).toBe(0);
  });

  test('after the service itself cuts the connection', async () => {
    const { url, limit } = await service();
    await expect(post(`${url}/cut`, {})).rejects.toThrow('fetch failed');
    expect(await held(limit, 0)).toBe(0);
  });

  test.each([
    ['before its body', `POST / HTTP/1.1\r\n${HEAD}`],
    ['amid its body', `POST / HTTP/1.1\r\n${HEAD}{`],
    ['while it waits for the answer', `POST /wait HTTP/1.1\r\n${HEAD}{}`],
  ])('after a client that hangs up %s', async (_when, bytes) => {
    const { url, limit } = await service();
    const sockets = [dial(url, bytes), dial(url, bytes)];
    expect(await held(limit, 2)).toBe(2);
    expect((await post(url, {})).status).toBe(503);
    for (const socket of sockets) socket.destroy();
    expect(await held(limit, 0)).toBe(0);
    expect((await post(url, {})).status).toBe(200);
  });

  test('after a client that resets the connection', async () => {
    const { url, limit } = await service();
    const socket = dial(url, `POST /wait HTTP/1.1\r\n${HEAD}{}`);
    expect(await held(limit, 1)).toBe(1);
    socket.resetAndDestroy();
    expect(await held(limit, 0)).toBe(0);
  });

  test('after a client that takes half of its answer', async () => {
    const { url, limit } = await service();
    const socket = dial(url, `POST /large HTTP/1.1\r\n${HEAD}{}`);
    await once(socket, 'data');
    socket.pause();
    expect(limit.inFlight()).toBe(1);
    socket.destroy();
    expect(await held(limit, 0)).toBe(0);
  });

  test.each([true, false])('for each request of a pipeline, and for each once (hung up on: %j)', async (hangsUp) => {
    const { url, limit, release } = await service();
    const request = `POST /wait HTTP/1.1\r\n${HEAD}{}`;
    const socket = dial(url, request.repeat(5));
    expect(await held(limit, 2)).toBe(2);
    if (hangsUp) socket.destroy();
    else release();
    expect(await held(limit, 0)).toBe(0);
    release();
    expect((await post(url, {})).status).toBe(200);
    expect(await held(limit, 0)).toBe(0);
    socket.destroy();
  });

  test('once, however often a connection says that it is closed', () => {
    const socket = new Socket();
    const request = new IncomingMessage(socket);
    const responses = [new ServerResponse(request), new ServerResponse(request)];
    let ended = 0;
    for (const response of responses) onExchangeEnd(request, response, () => (ended += 1));
    for (const emitter of [...responses, ...responses, socket, socket]) emitter.emit('close');
    expect(ended).toBe(2);
    socket.destroy();
    onExchangeEnd(request, new ServerResponse(request), () => (ended += 1));
    expect(ended).toBe(3);
  });
});

test('a service without slots refuses everything', async () => {
  const { url } = (served = await serveBehind(limitInFlight({ max: 0 }), (_request, response) => response.json({})));
  expect((await call(url)).status).toBe(503);
});
