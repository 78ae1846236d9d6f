import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';

export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
}

export interface RunningServer {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  /** Takes no more calls, and resolves when those in flight are answered; those that are not after `graceMs` are cut off. */
  stop(graceMs: number): Promise<void>;
}

// A whole request, body included, has to arrive in this time: ten megabytes over a slow line, but not a trickle without end.
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
// Longer than the 60 s of the usual load balancers, so that it is they who close, and never a call that hits a closing door.
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Serves `app`; rejects with a plain sentence when the address cannot be had. */
export async function listen(app: RequestListener, { port, host }: ListenOptions): Promise<RunningServer> {
  const server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  });
  const inFlight = new Set<ServerResponse>();
  let stopping = false;

  server.on('request', (_request, response) => {
    inFlight.add(response);
    response.once('close', () => inFlight.delete(response));
    if (stopping) endConnection(response);
  });
  server.on('request', app);

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, { port, host })));
    server.listen(port, host, resolve);
  });

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
        for (const response of inFlight) endConnection(response);
      }),
  };
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
