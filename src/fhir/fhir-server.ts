import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import smart from 'fhirclient';
import type { UnreadReason } from '../chart/reading.ts';
import { isUnderBase } from './server-base.ts';

/** One GET. `url` is absolute and lies under `base`; `signal` ends it, down to the socket. */
export interface FhirRequest {
  readonly base: string;
  readonly url: string;
  readonly accessToken: string | undefined;
  readonly signal: AbortSignal;
}

/** The JSON that a 2xx answer carried, whatever it is; else why there is none. */
export type FhirAnswer =
  | { readonly kind: 'answered'; readonly body: unknown }
  | { readonly kind: 'failed'; readonly reason: Exclude<UnreadReason, 'not-sent' | 'more-pages'> };

/**
 * What the service asks of a FHIR server, in its own words. `get` never rejects, and settles as soon as the signal aborts,
 * with nothing of it left running.
 */
export interface FhirServerPort {
  get(request: FhirRequest): Promise<FhirAnswer>;
}

export interface FhirServerOptions {
  /** A longer page, counted after decompression, is `failed`. Default is 10 MiB. */
  readonly maxPageBytes?: number;
}

/**
 * The port over fhirclient: one GET is one request, not retried, redirected nowhere, and with the token, sent (CH-74) nowhere but
 * under the base. Errors are reduced to their reason, since the message of fhirclient's errors quotes the URL and the body.
 */
export function createFhirServer({ maxPageBytes = 10 * 1024 * 1024 }: FhirServerOptions = {}): FhirServerPort {
  return {
    async get(request) {
      if (!isUnderBase(request.url, request.base)) return { kind: 'failed', reason: 'failed' };

      // node-fetch leaves a body that nobody read, or that grew too long, on an open socket; this closes it.
      const done = new AbortController();
      try {
        const body = await getJson(request, maxPageBytes, AbortSignal.any([request.signal, done.signal]));
        return body === undefined ? { kind: 'failed', reason: 'malformed' } : { kind: 'answered', body };
      } catch (error) {
        return { kind: 'failed', reason: request.signal.aborted ? 'timed-out' : reasonOf(error) };
      } finally {
        done.abort();
      }
    },
  };
}

// `fhirRequest` is the request alone. Client.request() would also look through every entry for references (and throw at a null
// one), refresh tokens, and on a 401 clear a session that a hook call does not have.
async function getJson(request: FhirRequest, maxPageBytes: number, signal: AbortSignal): Promise<unknown> {
  const client = fhirClient(request);
  const options = {
    headers: { accept: 'application/fhir+json' },
    redirect: 'error' as const,
    signal,
    includeResponse: true,
    // Understood by node-fetch, which fhirclient uses on Node and hands its options to.
    size: maxPageBytes,
    // Called for every connection. fhirclient itself follows the Location of a 201, to any host and with the token.
    agent: ({ href }: { readonly href: string }): undefined => {
      if (!isUnderBase(href, request.base)) throw new Error('Not under the FHIR base URL');
    },
  };
  const answer = await client.fhirRequest<{ readonly body?: unknown }>(request.url, options);
  // Bodies that are not JSON come as text or not at all.
  return typeof answer.body === 'string' ? undefined : answer.body;
}

// On Node, fhirclient's entry takes the request and response of a SMART launch. A hook call is none, and nothing reads these.
function fhirClient({ base, accessToken }: FhirRequest) {
  const launch = new IncomingMessage(new Socket());
  return smart(launch, new ServerResponse(launch)).client({
    serverUrl: base,
    ...(accessToken === undefined ? {} : { tokenResponse: { access_token: accessToken } }),
  });
}

function reasonOf(error: unknown): 'failed' | 'refused' | 'not-offered' | 'malformed' {
  if (typeof error !== 'object' || error === null) return 'failed';
  if ('name' in error && error.name === 'SyntaxError') return 'malformed';

  switch ('status' in error ? error.status : undefined) {
    case 401:
    case 403: // CH-84
      return 'refused';
    case 404:
    case 410:
    case 501:
      return 'not-offered';
    default:
      return 'failed';
  }
}
