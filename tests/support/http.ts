import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { listen } from '../../src/server.ts';

/** An app on a free loopback port. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `app` over real HTTP. */
export async function serve(app: RequestListener): Promise<Served> {
  const server = await listen(app, { port: 0, host: '127.0.0.1' });
  return { url: server.url, close: () => server.stop(0) };
}

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, parsed; undefined when it is not JSON. */
  readonly body: unknown;
}

/** Sends a request and reads the answer to its end. */
export async function call(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

/** POSTs `body` as JSON; a string goes out as it is. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  return call(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Writes bytes that no HTTP client would write, and reads until the server hangs up. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
