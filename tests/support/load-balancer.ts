import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createProxyServer } from 'httpxy';

/*
 * A hospital's load balancer, in small and as a process of its own: `node tests/support/load-balancer.ts PORT UPSTREAM…`
 *
 * It goes round the upstreams that can answer with cards, whatever the store is like. One that refuses the connection is taken
 * out, and the next one is asked: nothing was sent yet. One that hangs up later may have done what it was asked, so that the
 * client gets a 502 and decides.
 */

const CHECK = '/readyz?exclude=store';
const CHECK_MS = 200;
const CHECK_TIMEOUT_MS = 10_000;

interface Upstream {
  readonly url: string;
  ready: boolean;
}

const [port = '0', ...urls] = process.argv.slice(2);
const upstreams: readonly Upstream[] = urls.map((url) => ({ url, ready: false }));
const proxy = createProxyServer({ agent: new Agent({ keepAlive: true }) });
let turn = 0;

/** Those to be asked, one after the other, the next in turn first. */
function candidates(): readonly Upstream[] {
  turn += 1;
  const asked = upstreams.filter(({ ready }) => ready);
  const first = turn % asked.length;
  return [...asked.slice(first), ...asked.slice(0, first)];
}

async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  for (const upstream of candidates()) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- the next one is asked only if this one refuses
      await proxy.web(request, response, { target: upstream.url, buffer: Readable.from([body]) });
      return;
    } catch (error) {
      if (!isRefusal(error)) {
        answer(response, 502);
        return;
      }
      upstream.ready = false;
    }
  }
  answer(response, 503);
}

/** Nobody listens: the request did not leave. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

function answer(response: ServerResponse, status: number): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'Retry-After': '1' }).end();
}

function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const check = get(url + CHECK, { agent: false, timeout: CHECK_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    check.on('timeout', () => check.destroy());
    check.on('error', () => resolve(false));
  });
}

async function watch(upstream: Upstream): Promise<void> {
  upstream.ready = await isReady(upstream.url);
  setTimeout(() => void watch(upstream), CHECK_MS);
}

const server = createServer((request, response) => {
  // Whoever hangs up while sending is not answered.
  forward(request, response).catch(() => response.destroy());
});
await Promise.all(upstreams.map(watch));
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`ready at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
