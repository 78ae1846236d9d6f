import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Answer, HttpRequest, Outcome, SocketRequest, WireRequest } from './wire.ts';

/** Sends requests to one server, over connections that are kept. */
export type Exchange = { send(request: WireRequest): Promise<Outcome>; close(): void };

/**
 * Opens the way to a server; an answer that is not complete after `limitMs` is given up. What never rejects is easier to
 * judge: a connection that closes without an answer is an outcome.
 */
export function openExchange(
  url: string,
  { connections, limitMs }: { readonly connections: number; readonly limitMs: number },
): Exchange {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  const to = { host: hostname, port: Number(port), agent, limitMs };
  return {
    async send(request) {
      if (request.via === 'socket') return sendBytes(to, request);
      const outcome = await sendHttp(to, request);
      // The server may close a kept connection at the moment it is used again; that says nothing about this request.
      return outcome.kind === 'silent' && outcome.reason === 'reused' ? sendHttp(to, request) : outcome;
    },
    close: () => agent.destroy(),
  };
}

type Way = { readonly host: string; readonly port: number; readonly agent: Agent; readonly limitMs: number };

async function sendHttp(
  { host, port, agent, limitMs }: Way,
  { method, path, headers, body }: HttpRequest,
): Promise<Outcome> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const ms = () => performance.now() - startedAt;
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const sent = httpRequest({ host, port, agent, method, path: asPath(path), headers: { ...headers, ...length } });
    const timer = setTimeout(() => {
      resolve({ kind: 'timed-out', ms: ms() });
      sent.destroy();
    }, limitMs);
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    sent.on('error', (error: NodeJS.ErrnoException) =>
      settle({
        kind: 'silent',
        reason: sent.reusedSocket && error.code === 'ECONNRESET' ? 'reused' : (error.code ?? error.name),
        ms: ms(),
      }),
    );
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => settle({ kind: 'silent', reason: error.name, ms: ms() }));
      response.on('end', () =>
        settle({ kind: 'answered', answers: [answerOf(response, Buffer.concat(chunks))], ms: ms() }),
      );
    });
    sent.end(body);
  });
}

async function sendBytes({ host, port, limitMs }: Way, { bytes }: SocketRequest): Promise<Outcome> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const ms = () => performance.now() - startedAt;
    const chunks: Buffer[] = [];
    const socket = connect(port, host, () => socket.end(bytes));
    const timer = setTimeout(() => {
      resolve({ kind: 'timed-out', ms: ms() });
      socket.destroy();
    }, limitMs);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // The server has every right to hang up on nonsense.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ kind: 'answered', answers: answersIn(Buffer.concat(chunks)), ms: ms() });
    });
  });
}

// What the HTTP client refuses to send goes over a socket of its own elsewhere.
function asPath(path: string): string {
  return path.replaceAll(/[^\u0021-\u007e]/g, encodeURIComponent);
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, body: Buffer): Answer {
  const flat = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return { status: statusCode, headers: Object.fromEntries(flat), text: body.toString('utf8') };
}

/** The answers in what a connection received; what is no HTTP counts as an answer of status 0. */
export function answersIn(received: Buffer): readonly Answer[] {
  if (received.length === 0) return [];
  const end = received.indexOf('\r\n\r\n');
  const [first = '', ...lines] = received.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? 0);
  if (end === -1 || status === 0) return [{ status: 0, headers: {}, text: received.toString('latin1') }];

  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const rest = received.subarray(end + 4);
  if (status < 200) return answersIn(rest);
  const { body, length } = bodyIn(rest, headers);
  return [{ status, headers, text: body.toString('utf8') }, ...answersIn(rest.subarray(length))];
}

type Body = { readonly body: Buffer; readonly length: number };

/** The body at the start of these bytes, and how many of them it takes. */
function bodyIn(rest: Buffer, headers: Readonly<Record<string, string>>): Body {
  if (headers['transfer-encoding'] === 'chunked') return chunksIn(rest);
  const length = Number(headers['content-length'] ?? (headers['connection'] === 'close' ? rest.length : 0));
  return { body: rest.subarray(0, length), length };
}

function chunksIn(rest: Buffer): Body {
  const line = rest.indexOf('\r\n');
  const size = Number.parseInt(rest.subarray(0, Math.max(line, 0)).toString('latin1'), 16);
  const end = line + 2 + size + 2;
  if (line === -1 || Number.isNaN(size) || size === 0)
    return { body: Buffer.alloc(0), length: Math.min(end, rest.length) };
  const more = chunksIn(rest.subarray(end));
  return { body: Buffer.concat([rest.subarray(line + 2, end - 2), more.body]), length: end + more.length };
}
