import { type Agent, IncomingMessage, ServerResponse } from 'node:http';
import { type LookupFunction, Socket } from 'node:net';
import smart from 'fhirclient';
import { createAgents, isBlocked, type Target } from './agents.ts';
import { type FhirAnswer, type FhirFailure, failureOf, parseJson } from './fhir-answer.ts';
import type { NetworkReach } from './network-reach.ts';
import { retryAfterMs } from './retry-after.ts';
import { isUnderBase } from './server-base.ts';
import { watchRequest } from './watched-request.ts';

/** One GET. `url` is absolute and lies under `base`; `signal` ends it, down to the socket. */
export interface FhirRequest {
  readonly base: string;
  readonly url: string;
  readonly accessToken: string | undefined;
  readonly signal: AbortSignal;
  readonly reach: NetworkReach;
}

/**
 * What the service asks of a FHIR server, in its own words. `get` never rejects, and settles as soon as the signal aborts,
 * with nothing of it left running.
 */
export interface FhirServerPort {
  get(request: FhirRequest): Promise<FhirAnswer>;
}

export interface FhirServerOptions {
  /** A longer page, counted after decompression, is `too-long`. Default is 10 MiB. */
  readonly maxPageBytes?: number;
  /** What resolves the names of servers. Default is the system's. */
  readonly lookup?: LookupFunction;
  /** By which clock a `Retry-After` with a date is read. */
  readonly now?: () => number;
}

interface Exchange {
  readonly answer: FhirAnswer;
  /** The server had closed the connection that was kept from an earlier request: this one has not reached anybody. */
  readonly wasStale: boolean;
}

/**
 * The port over fhirclient: one GET is one request, redirected nowhere, with the token sent (CH-74) nowhere but under the base.
 * It is repeated once when a kept connection turns out to be closed, and never else. Errors are reduced to their reason, since
 * the message of fhirclient's errors quotes the URL and the body.
 */
export function createFhirServer(options: FhirServerOptions = {}): FhirServerPort {
  const { maxPageBytes = 10 * 1024 * 1024, lookup, now = Date.now } = options;
  const agents = createAgents(lookup);

  async function exchange(request: FhirRequest, connections: 'kept' | 'fresh'): Promise<Exchange> {
    // node-fetch leaves a body that nobody read, or that grew too long, on an open socket; this closes it.
    const done = new AbortController();
    const watch = watchRequest(() => done.abort());
    const signal = AbortSignal.any([request.signal, done.signal]);
    const agentFor = (target: Target) => watch.over(agents.agentFor(target, request.reach, connections));
    try {
      const body = await getJson(request, { signal, agentFor, maxPageBytes });
      const answer: FhirAnswer =
        body === undefined ? { kind: 'failed', reason: 'malformed' } : { kind: 'answered', body };
      return { answer, wasStale: false };
    } catch (error) {
      // What the server has said holds, though the rest of it did not come in time.
      const answer = refusalOf(error, now);
      if (answer !== undefined) return { answer, wasStale: false };
      const reason = request.signal.aborted ? 'timed-out' : faultOf(error);
      return {
        answer: { kind: 'failed', reason },
        wasStale: watch.isUnansweredOnKeptConnection() && isConnectionLost(error),
      };
    } finally {
      done.abort();
    }
  }

  return {
    async get(request) {
      if (!isUnderBase(request.url, request.base)) return { kind: 'failed', reason: 'failed' };

      const first = await exchange(request, 'kept');
      // Nothing is changed by a GET, so that it may be sent twice (RFC 9110, 9.2.2). Other kept connections may be closed as well.
      return first.wasStale ? (await exchange(request, 'fresh')).answer : first.answer;
    },
  };
}

interface Transport {
  readonly signal: AbortSignal;
  readonly agentFor: (target: Target) => Agent;
  readonly maxPageBytes: number;
}

// `fhirRequest` is the request alone. Client.request() would also look through every entry for references (and throw at a null
// one), refresh tokens, and on a 401 clear a session that a hook call does not have.
async function getJson(request: FhirRequest, { signal, agentFor, maxPageBytes }: Transport): Promise<unknown> {
  let connections = 0;
  const client = fhirClient(request);
  const options = {
    headers: { accept: 'application/fhir+json' },
    redirect: 'error' as const,
    signal,
    includeResponse: true,
    // Understood by node-fetch, which fhirclient uses on Node and hands its options to.
    size: maxPageBytes,
    // Called for every connection. fhirclient itself follows the Location of a 201, to any host and with the token.
    agent: (target: Target & { readonly href: string }): Agent => {
      connections += 1;
      if (connections > 1 || !isUnderBase(target.href, request.base)) throw new Error('Not what was to be asked');
      return agentFor(target);
    },
  };
  const { body, response } = await client.fhirRequest<FhirclientAnswer>(request.url, options);
  if (body !== undefined) return typeof body === 'string' ? parseJson(body) : body;
  // A type that fhirclient does not know it leaves unread. Many are JSON all the same, and XML is none.
  return /\bxml\b/i.test(response.headers.get('content-type') ?? '') ? undefined : parseJson(await response.text());
}

interface FhirclientAnswer {
  readonly body?: unknown;
  readonly response: Pick<Response, 'headers' | 'text'>;
}

// On Node, fhirclient's entry takes the request and response of a SMART launch. A hook call is none, and nothing reads these.
function fhirClient({ base, accessToken }: FhirRequest) {
  const launch = new IncomingMessage(new Socket());
  return smart(launch, new ServerResponse(launch)).client({
    serverUrl: base,
    ...(accessToken === undefined ? {} : { tokenResponse: { access_token: accessToken } }),
  });
}

/** What an answer that is no 2xx has come to; undefined if there was none. */
function refusalOf(error: unknown, now: () => number): FhirAnswer | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error) || typeof error.status !== 'number')
    return undefined;

  const waitMs = retryAfterMs(retryAfterOf(error), now());
  const reason = failureOf(error.status, waitMs !== undefined);
  return {
    kind: 'failed',
    reason,
    ...(reason === 'throttled' && waitMs !== undefined ? { retryAfterMs: waitMs } : {}),
  };
}

function retryAfterOf(error: object): string | null {
  const { response } = error as { readonly response?: { readonly headers: Pick<Headers, 'get'> } };
  return response?.headers.get('retry-after') ?? null;
}

/** Why there is no answer, or no whole one, though it was waited for. */
function faultOf(error: unknown): FhirFailure {
  if (typeof error !== 'object' || error === null) return 'failed';
  if ('name' in error && error.name === 'SyntaxError') return 'malformed';
  if (isBlocked(error)) return 'blocked';
  switch ('type' in error ? error.type : undefined) {
    case 'max-size': // more than `size`
      return 'too-long';
    case 'aborted': // not by the one who asked: the connection was cut off
      return 'unreachable';
    case 'system':
      return 'code' in error && NOT_OF_THE_CONNECTION.test(String(error.code)) ? 'failed' : 'unreachable';
    default: // redirected, or thrown before anything was sent
      return 'failed';
  }
}

/** Errors of Node's HTTP parser, of zlib and of its Brotli: something came, and was not what it should be. */
const NOT_OF_THE_CONNECTION = /^(?:HPE_|Z_|ERR__ERROR_)/;

function isConnectionLost(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return error.code === 'ECONNRESET' || error.code === 'EPIPE'; // A "socket hang up" is an ECONNRESET as well.
}
