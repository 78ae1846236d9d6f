import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { onExchangeEnd } from './http/exchange-end.ts';
import { answerUnreadable, hangUp, unreadableReason } from './http/unreadable-request.ts';

export interface ListenOptions extends Partial<ConnectionLimits> {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
}

/** What one connection may cost, in milliseconds unless it says otherwise. Nobody holds one by being slow. */
export interface ConnectionLimits {
  /** From a connection's start, or a request's first byte, until its headers are here; then it is a 408. */
  readonly headersTimeoutMs: number;
  /** Until the body is here too; then it is a 408. */
  readonly requestTimeoutMs: number;
  /** From the headers until the client has taken the whole answer; then the connection is cut. Longer than any call works. */
  readonly answerTimeoutMs: number;
  /** Without a request; then the connection is closed. */
  readonly keepAliveTimeoutMs: number;
  /** How often all of these are looked after: each may take that much longer. */
  readonly checkIntervalMs: number;
  /** Number of connections at a time; one more is closed at once. */
  readonly maxConnections: number;
}

export interface RunningServer {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  /** Takes no more calls, and resolves when those in flight are answered; those that are not after `graceMs` are cut off. */
  stop(graceMs: number): Promise<void>;
}

const LIMITS: ConnectionLimits = {
  headersTimeoutMs: 10_000,
  // Ten megabytes over a slow line, but not a trickle without end.
  requestTimeoutMs: 30_000,
  answerTimeoutMs: 60_000,
  // Longer than the 60 s of the usual load balancers, so that it is they who close, and never a call that hits a closing door.
  keepAliveTimeoutMs: 65_000,
  checkIntervalMs: 1000,
  maxConnections: 10_000,
};

// Node leaves out what is more. A proxy adds a dozen; the size of all together is limited to 16 KiB.
const MAX_HEADERS = 200;

/** A request that is not answered to its end. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly since: number;
}

/** Serves `app`; rejects with a plain sentence when the address cannot be had. */
export async function listen(app: RequestListener, { port, host, ...given }: ListenOptions): Promise<RunningServer> {
  const limits = { ...LIMITS, ...given };
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    // Node's own refusal has no body (CH-190).
    requireHostHeader: false,
  });
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = limits.maxConnections;

  // In the order in which they came.
  const inFlight = new Set<Exchange>();
  const latest = new WeakMap<Duplex, Exchange>();
  let stopping = false;

  const take: RequestListener = (request, response) => {
    const exchange = { request, response, since: performance.now() };
    inFlight.add(exchange);
    latest.set(request.socket, exchange);
    onExchangeEnd(request, response, () => inFlight.delete(exchange));
    if (stopping) endConnection(response);
    if (hasOneHost(request)) app(request, response);
    else answerUnreadable(response, 'not-http');
  };
  server.on('request', take);
  // RFC 9110, 10.1.1: an expectation that is not known may be ignored. Node's own refusal has no body.
  server.on('checkExpectation', take);
  server.on('clientError', refuseUnreadable(inFlight, latest));

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, { port, host })));
    server.listen(port, host, resolve);
  });

  const watch = setInterval(() => {
    const tooOld = performance.now() - limits.answerTimeoutMs;
    for (const { request, since } of inFlight) {
      if (since > tooOld) break;
      request.socket.destroy();
    }
  }, limits.checkIntervalMs);
  watch.unref();
  server.once('close', () => clearInterval(watch));

  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${actualPort}`,
    stop: (graceMs) =>
      new Promise((resolve) => {
        stopping = true;
        const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(deadline);
          resolve();
        });
        // `close` ends idle connections; one that is being answered would otherwise stay open for its next call.
        for (const { response } of inFlight) endConnection(response);
      }),
  };
}

/** Answers what Node could not read, after the requests before it on its connection, and never a second time. */
function refuseUnreadable(
  inFlight: ReadonlySet<Exchange>,
  latest: WeakMap<Duplex, Exchange>,
): (error: Error, socket: Duplex) => void {
  const refused = new WeakSet<Duplex>();
  const refuse = (error: Error, socket: Duplex) => {
    const before = [...inFlight].findLast(({ request }) => request.socket === socket && request.complete);
    if (before !== undefined) before.response.once('close', () => refuse(error, socket));
    else if (!socket.writable || isAnswered(latest.get(socket))) socket.destroy();
    else hangUp(socket, unreadableReason(error));
  };
  const refuseOnce = (error: Error, socket: Duplex) => {
    // Node says it again for whatever else arrives.
    if (refused.has(socket)) return;
    refused.add(socket);
    refuse(error, socket);
  };
  return (error, socket) => {
    if (unreadableReason(error) !== 'request-timeout') {
      refuseOnce(error, socket);
      return;
    }
    // When it was this process that was busy, what is missing is here and only not read yet: reading comes before `setImmediate`.
    const last = latest.get(socket);
    const waitsForBody = last !== undefined && !last.request.complete;
    setImmediate(() => {
      const hasCome = waitsForBody ? last.request.complete : latest.get(socket) !== last;
      if (!hasCome) refuseOnce(error, socket);
    });
  };
}

/** Was this very request answered before its body was all here? */
function isAnswered(exchange: Exchange | undefined): boolean {
  return exchange !== undefined && !exchange.request.complete && exchange.response.headersSent;
}

/** RFC 9112, 3.2: a request with no Host, or with two, is refused; HTTP/1.0 had none. */
function hasOneHost({ httpVersion, rawHeaders }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

function endConnection(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

function refusal({ code }: NodeJS.ErrnoException, { port, host }: ListenOptions): Error {
  switch (code) {
    case 'EADDRINUSE':
      return new Error(`Cannot listen on ${host}:${port}: another program is using this port. Set PORT to a free one.`);
    case 'EACCES':
      return new Error(`Cannot listen on ${host}:${port}: not permitted. Set PORT to 1024 or above.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`Cannot listen on ${host}:${port}: this machine has no such address. Set HOST.`);
    default:
      return new Error(`Cannot listen on ${host}:${port} (${code ?? 'unknown reason'}).`);
  }
}
