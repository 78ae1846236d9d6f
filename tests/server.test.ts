import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { listen } from '../src/server.ts';

const loopback = { port: 0, host: '127.0.0.1' };
const hello: RequestListener = (_request, response) => response.end('hello');

/** Answers when told to. */
function held(): { readonly app: RequestListener; readonly arrived: Promise<void>; readonly release: () => void } {
  const arrival = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  return {
    app: async (_request, response) => {
      arrival.resolve();
      await leave.promise;
      response.end('late');
    },
    arrived: arrival.promise,
    release: leave.resolve,
  };
}

/** A connection of a client that keeps it open; `fetch` and `http` would go through the interception of the tests. */
function connection(url: string): {
  readonly get: () => void;
  readonly answered: Promise<string>;
  readonly closed: Promise<unknown>;
} {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  return {
    get: () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    answered: once(socket, 'data').then(String),
    closed: once(socket, 'close'),
  };
}

test('port 0 takes a free port and says which', async () => {
  const server = await listen(hello, loopback);
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  expect(await (await fetch(server.url)).text()).toBe('hello');
  await server.stop(1000);
});

describe('an address that cannot be had is a plain sentence', () => {
  test('a port in use', async () => {
    const first = await listen(hello, loopback);
    const port = Number(new URL(first.url).port);
    await expect(listen(hello, { ...loopback, port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: another program is using this port. Set PORT to a free one.`,
    );
    await first.stop(1000);
  });

  test('an address of another machine', async () => {
    await expect(listen(hello, { port: 0, host: '192.0.2.1' })).rejects.toThrow(
      'Cannot listen on 192.0.2.1:0: this machine has no such address. Set HOST.',
    );
  });
});

describe('stopping', () => {
  test('lets a call in flight be answered, then ends its connection', async () => {
    const { app, arrived, release } = held();
    const server = await listen(app, loopback);
    const { get, answered, closed } = connection(server.url);
    get();
    await arrived;
    const stopped = server.stop(10_000);
    release();
    expect(await answered).toMatch(/\r\nConnection: close\r\n[^]*late/);
    await Promise.all([stopped, closed]);
  });

  test('closes an idle connection at once and takes no new one', async () => {
    const server = await listen(hello, loopback);
    const { get, answered, closed } = connection(server.url);
    get();
    expect(await answered).toMatch(/\r\nConnection: keep-alive\r\n/);
    const started = Date.now();
    await Promise.all([server.stop(10_000), closed]);
    expect(Date.now() - started).toBeLessThan(2000);
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });

  test('cuts off what is not answered after the grace', async () => {
    const { app, arrived, release } = held();
    const server = await listen(app, loopback);
    const answer = fetch(server.url).then(
      () => 'answered',
      () => 'cut off',
    );
    await arrived;
    await server.stop(20);
    expect(await answer).toBe('cut off');
    release();
  });

  test('twice is stopping once', async () => {
    const server = await listen(hello, loopback);
    expect(await Promise.all([server.stop(1000), server.stop(1000)])).toEqual([undefined, undefined]);
  });
});
