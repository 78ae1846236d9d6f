import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ListenOptions, listen, type RunningServer } from '../src/server.ts';

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

/** A connection that says whatever it is told to, and all that came back once it is closed. */
function dial(url: string): {
  readonly say: (bytes: string) => void;
  readonly hangUp: () => void;
  /** All that came, once it is what is waited for, or when no more will come. */
  readonly hears: (pattern: RegExp) => Promise<string>;
  readonly closed: Promise<string>;
  readonly socket: Socket;
} {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = Promise.withResolvers<string>();
  let received = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  // A connection that is cut is what some of these tests are about.
  socket.on('error', () => undefined);
  socket.on('close', () => closed.resolve(received));
  return {
    socket,
    say: (bytes) => socket.write(bytes),
    hangUp: () => socket.destroy(),
    hears: async (pattern) => {
      while (!pattern.test(received) && !socket.closed) {
        // oxlint-disable-next-line no-await-in-loop -- waits for more
        await Promise.race([once(socket, 'data'), closed.promise]);
      }
      return received;
    },
    closed: closed.promise,
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

/** Reads the body before it answers, and says how much there was; past a wrong chunk or an end too early it stays silent. */
const counting: RequestListener = (request, response) => {
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
  });
  request.on('error', () => undefined);
  request.on('end', () => response.end(`${request.method} ${length} bytes`));
};

const running = new Set<RunningServer>();

afterEach(async () => {
  await Promise.all([...running].map((server) => server.stop(0)));
  running.clear();
});

const QUICK = { headersTimeoutMs: 100, requestTimeoutMs: 200, checkIntervalMs: 20 };

/** Where `app` is served, under limits that bite soon. */
async function served(app: RequestListener, limits: Partial<ListenOptions> = {}): Promise<string> {
  const server = await listen(app, { ...loopback, ...QUICK, ...limits });
  running.add(server);
  return server.url;
}

/** The answers of a connection, in their order. */
function statuses(received: string): readonly number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** The one answer of a connection that is refused: complete, an OperationOutcome, and the last. */
function refusal(received: string): object {
  const [head = '', body = '', ...more] = received.split('\r\n\r\n');
  const { issue } = JSON.parse(body) as { issue: readonly { diagnostics: string }[] };
  return {
    status: statuses(head)[0],
    code: issue[0]?.diagnostics,
    mediaType: /^content-type: (.*)$/im.exec(head)?.[1],
    isWhole: /^content-length: (.*)$/im.exec(head)?.[1] === String(body.length),
    connection: /^connection: (.*)$/im.exec(head)?.[1],
    origin: /^access-control-allow-origin: (.*)$/im.exec(head)?.[1],
    more,
  };
}

function refused(status: number, code: string): object {
  const mediaType = 'application/fhir+json; charset=utf-8';
  return { status, code, mediaType, isWhole: true, connection: 'close', origin: '*', more: [] };
}

const POST = 'POST / HTTP/1.1\r\nHost: x\r\n';
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe('a client that is slow', () => {
  test.each([
    ['says nothing', ''],
    ['stops amid its first line', 'GET /cds-serv'],
    ['stops amid its headers', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n'],
    ['stops before its body', `${POST}Content-Length: 10\r\n\r\n`],
    ['stops amid its body', `${POST}Content-Length: 10\r\n\r\n{"a"`],
    ['stops amid a chunk', `${POST}Transfer-Encoding: chunked\r\n\r\nff\r\n{"a"`],
    ['stops between chunks', `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`],
  ])('and %s is told so, and hung up on (CH-189, CH-190)', async (_what, bytes) => {
    const client = dial(await served(counting));
    client.say(bytes);
    expect(refusal(await client.closed)).toEqual(refused(408, 'request-timeout'));
  });

  test.each([
    ['headers', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: '],
    ['body', `${POST}Content-Length: 100000\r\n\r\n`],
  ])('and trickles its %s gains nothing by it', async (_what, bytes) => {
    const client = dial(await served(counting));
    client.say(bytes);
    const trickle = setInterval(() => client.say('x'), 5);
    const received = await client.closed;
    clearInterval(trickle);
    expect(statuses(received)).toEqual([408]);
  });

  test('and was answered before its body came is not answered again', async () => {
    const client = dial(await served(hello));
    client.say(`${POST}Content-Length: 10\r\n\r\n{`);
    expect(statuses(await client.closed)).toEqual([200]);
  });

  test.each([
    ['its headers', '', GET],
    ['its body', `${POST}Content-Length: 2\r\n\r\n`, '{}'],
  ])('is not one who sent %s while the service itself was busy', async (_what, before, rest) => {
    const client = dial(await served(counting, { headersTimeoutMs: 200 }));
    client.say(before);
    await new Promise((done) => setTimeout(done, 30));
    // From here the event loop goes on with what is due, and reads after that.
    await new Promise((done) => setImmediate(done));
    client.say(rest);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    expect(statuses(await client.hears(/bytes/))).toEqual([200]);
  });

  test('and takes nothing of its answer is cut off', async () => {
    const closed = Promise.withResolvers<string>();
    const url = await served(
      (_request, response) => {
        response.once('close', () => closed.resolve(response.writableFinished ? 'answered' : 'cut off'));
        response.end(Buffer.alloc(50 * 1024 * 1024));
      },
      { answerTimeoutMs: 100 },
    );
    const client = dial(url);
    client.socket.pause();
    client.say(GET);
    expect(await closed.promise).toBe('cut off');
    client.hangUp();
  });

  test('and takes its answer byte by byte is cut off', async () => {
    const url = await served(
      (_request, response) => {
        const trickle = setInterval(() => response.write('x'), 5);
        response.once('close', () => clearInterval(trickle));
      },
      { answerTimeoutMs: 100 },
    );
    const client = dial(url);
    client.say(GET);
    expect(await client.closed).toMatch(/x/);
  });

  test('and is one of a thousand keeps nobody from being answered', async () => {
    const url = await served(counting, { headersTimeoutMs: 10_000, requestTimeoutMs: 10_000 });
    const idle = Array.from({ length: 1000 }, () => dial(url));
    await Promise.all(idle.map(({ socket }) => once(socket, 'connect')));
    expect(await (await fetch(url)).text()).toBe('GET 0 bytes');
    for (const { hangUp } of idle) hangUp();
    await Promise.all(idle.map(({ closed }) => closed));
    expect(await (await fetch(url)).text()).toBe('GET 0 bytes');
  });

  test('and keeps its connection without a use for it loses it', async () => {
    const client = dial(await served(hello, { keepAliveTimeoutMs: 1 }));
    client.say(GET);
    expect(statuses(await client.closed)).toEqual([200]);
  });
});

test('one connection too many is closed, and the others are not', async () => {
  const url = await served(hello, { maxConnections: 1 });
  const [first, second] = [dial(url), dial(url)];
  expect(await second.closed).toBe('');
  first.say(GET);
  expect(await first.hears(/hello/)).toMatch(/hello/);
});

describe('what is not one well-formed request is refused, and nothing of it is taken for another (CH-192)', () => {
  test.each([
    ['a length and chunks', `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${GET}`],
    ['chunks and a length', `${POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${GET}`],
    ['two lengths', `${POST}Content-Length: 0\r\nContent-Length: ${GET.length}\r\n\r\n${GET}`],
    ['the same length twice', `${POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
    ['a length with a sign', `${POST}Content-Length: +2\r\n\r\n{}`],
    ['a negative length', `${POST}Content-Length: -1\r\n\r\n`],
    ['a length in hexadecimal', `${POST}Content-Length: 0x2\r\n\r\n{}`],
    ['a length beyond every number', `${POST}Content-Length: 99999999999999999999\r\n\r\n{}`],
    ['chunks that are not the last coding', `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
    ['a coding that is not known', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['chunks twice', `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${GET}`],
    ['a chunk whose size is no number', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
    ['a chunk longer than it says', `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n`],
    ['a folded header', `GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n`],
    ['a header folded before its name', `GET / HTTP/1.1\r\n Host: x\r\n\r\n`],
    ['a space before the colon', `POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 2\r\n\r\n{}`],
    ['a header without a colon', `GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n`],
    ['bare line feeds', 'GET / HTTP/1.1\nHost: x\n\n'],
    ['bare carriage returns', 'GET / HTTP/1.1\rHost: x\r\r'],
    ['a NUL in a header', `GET / HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n`],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n'],
    ['a method that does not exist', 'FETCH / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a method in small letters', 'get / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a target with a space', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a version that does not exist', 'GET / HTTP/3.7\r\nHost: x\r\n\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', '\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003'],
    ['garbage', '\r\n\r\n}{'],
  ])('with %s', async (_what, bytes) => {
    const url = await served(counting);
    const client = dial(url);
    client.say(bytes);
    expect(refusal(await client.closed)).toEqual(refused(400, 'not-http'));
    expect(await (await fetch(url)).text()).toBe('GET 0 bytes');
  });

  test('with headers of 20 kB (431)', async () => {
    const client = dial(await served(counting));
    client.say(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(refusal(await client.closed)).toEqual(refused(431, 'headers-too-large'));
  });

  test('with an address of 20 kB (431)', async () => {
    const client = dial(await served(counting));
    client.say(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(refusal(await client.closed)).toEqual(refused(431, 'headers-too-large'));
  });

  test('while its headers go on and on: the answer arrives all the same', async () => {
    const client = dial(await served(counting));
    client.say(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'x'.repeat(5_000_000)}`);
    expect(refusal(await client.closed)).toEqual(refused(431, 'headers-too-large'));
  });

  test('after others on its connection: those are answered first', async () => {
    const { app, arrived, release } = held();
    const client = dial(await served(app));
    client.say(`${GET}${GET}GARBAGE\r\n\r\n`);
    await arrived;
    client.say('and more of it\r\n\r\n');
    release();
    expect(statuses(await client.closed)).toEqual([200, 200, 400]);
  });

  test('after one that said it was the last is not heard', async () => {
    const client = dial(await served(hello));
    client.say('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGARBAGE\r\n\r\n');
    expect(statuses(await client.closed)).toEqual([200]);
  });
});

describe('unusual HTTP', () => {
  test('requests in a pipeline are answered in their order', async () => {
    const client = dial(await served((request, response) => response.end(`<${request.url}>`)));
    client.say(['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
    expect(await client.hears(/<\/1>[^]*<\/2>[^]*<\/3>/)).toMatch(/<\/1>[^]*<\/2>[^]*<\/3>/);
  });

  test('HTTP/1.0 without a Host is answered, and the connection closed', async () => {
    const client = dial(await served(hello));
    client.say('GET / HTTP/1.0\r\n\r\n');
    expect(await client.closed).toMatch(/^HTTP\/1\.1 200 [^]*hello$/);
  });

  test('a client that waits for leave to send its body is given it', async () => {
    const client = dial(await served(counting));
    client.say(`${POST}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
    expect(await client.hears(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.say('{}');
    expect(await client.hears(/HTTP\/1\.1 200 [^]*POST 2 bytes/)).toMatch(/HTTP\/1\.1 200 [^]*POST 2 bytes/);
  });

  test('an expectation that is not known is none', async () => {
    const client = dial(await served(counting));
    client.say(`${POST}Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}`);
    expect(await client.hears(/^HTTP\/1\.1 200 [^]*POST 2 bytes/)).toMatch(/^HTTP\/1\.1 200 [^]*POST 2 bytes/);
  });

  test.each([
    ['h2c', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n'],
    [
      'websocket',
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhl\r\n',
    ],
  ])('an upgrade to %s is not made, and the request answered', async (_what, headers) => {
    const client = dial(await served(counting));
    client.say(`GET / HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
    expect(await client.hears(/^HTTP\/1\.1 200 [^]*GET 0 bytes/)).toMatch(/^HTTP\/1\.1 200 [^]*GET 0 bytes/);
  });

  test('a tunnel is not dug', async () => {
    const url = await served(hello);
    const client = dial(url);
    client.say('CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n');
    expect(await client.closed).toBe('');
    expect(await (await fetch(url)).text()).toBe('hello');
  });

  test.each(['GET http://x/ HTTP/1.1', 'OPTIONS * HTTP/1.1', 'TRACE / HTTP/1.1'])(
    '%s comes to the app',
    async (line) => {
      const client = dial(await served(counting));
      client.say(`${line}\r\nHost: x\r\n\r\n`);
      expect(await client.hears(/^HTTP\/1\.1 200 [^]*0 bytes/)).toMatch(/^HTTP\/1\.1 200 [^]*0 bytes/);
    },
  );

  test('a client that vanishes anywhere in a request leaves nothing behind', async () => {
    const url = await served(counting);
    const bytes = `${POST}Content-Length: 5\r\n\r\n{"a":`;
    await Promise.all(
      Array.from({ length: bytes.length }, async (_, length) => {
        const client = dial(url);
        client.say(bytes.slice(0, length));
        await once(client.socket, 'connect');
        client.hangUp();
        await client.closed;
      }),
    );
    expect(await (await fetch(url)).text()).toBe('GET 0 bytes');
  });
});
