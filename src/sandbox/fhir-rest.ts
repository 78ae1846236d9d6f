import { setTimeout as pause } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '../cds-hooks/json.ts';
import { urlUnderBase } from '../fhir/server-base.ts';
import { isShallow } from './nesting.ts';

/** What a FHIR server said. `body` is undefined when it was no JSON object, or one too large or too deep for FHIR. */
export type RestAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: JsonObject | undefined }
  /** No connection, no answer in time, or one that broke off. What was to be written may have been written. */
  | { readonly kind: 'unreachable' };

/** How to reach a FHIR server. */
export type RestOptions = {
  /** The FHIR base URL. */
  readonly base: string;
  readonly token?: string | undefined;
  /** Ends reads. Writes are never torn: nobody could say what became of them. */
  readonly signal?: AbortSignal | undefined;
};

/** A FHIR server as an EHR's own software sees it. Nothing rejects: what goes wrong is an answer. */
export interface FhirRest {
  readonly base: string;
  /** GET of `Type/id`, of `Type?…`, of `metadata` or of a link below the base; undefined if the link leads elsewhere. */
  get(reference: string): Promise<RestAnswer | undefined>;
  /** POST of a transaction Bundle to the base. */
  transaction(bundle: JsonObject): Promise<RestAnswer>;
  /** DELETE of `Type/id`. */
  delete(reference: string): Promise<RestAnswer>;
}

const FHIR_JSON = 'application/fhir+json';
const READ_MS = 30_000;
const WRITE_MS = 120_000;
const LONGEST_WAIT_S = 60;
const LONGEST_BODY = 64 * 1024 * 1024;

/**
 * Plain REST over fetch. Redirects are never followed: a write or a token would go where nobody has allowed it to go.
 * The service itself asks by fhirclient; what it finds is checked here by other means.
 */
export function fhirRest({ base, token, signal }: RestOptions): FhirRest {
  const headers = {
    accept: FHIR_JSON,
    // HAPI gives the result of an earlier search again for a minute.
    'cache-control': 'no-cache',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const withinMs = (ms: number) => () => AbortSignal.timeout(ms);
  const reading = () => {
    const patience = AbortSignal.timeout(READ_MS);
    return signal === undefined ? patience : AbortSignal.any([signal, patience]);
  };
  return {
    base,
    get: async (reference) => {
      const url = urlUnderBase(reference, base);
      return url === undefined ? undefined : exchange(url, { headers }, reading, signal);
    },
    transaction: (bundle) =>
      exchange(
        base,
        { method: 'POST', headers: { ...headers, 'content-type': FHIR_JSON }, body: JSON.stringify(bundle) },
        withinMs(WRITE_MS),
        signal,
      ),
    delete: (reference) => exchange(`${base}/${reference}`, { method: 'DELETE', headers }, withinMs(WRITE_MS), signal),
  };
}

/** Was it done as asked? */
export function isDone(answer: RestAnswer | undefined): answer is Extract<RestAnswer, { readonly kind: 'answered' }> {
  return answer?.kind === 'answered' && answer.status >= 200 && answer.status < 300;
}

/** Is the resource not there (any more)? */
export function isAbsent(answer: RestAnswer): boolean {
  return answer.kind === 'answered' && (answer.status === 404 || answer.status === 410);
}

/** Does it send elsewhere? */
export function isRedirect(answer: RestAnswer): boolean {
  return answer.kind === 'answered' && answer.status >= 300 && answer.status < 400;
}

const LONGEST_REASON = 200;

/** An answer in a few words, with what its OperationOutcome says. Never with a token, which some servers repeat. */
export function describeAnswer(answer: RestAnswer | undefined, token?: string): string {
  if (answer === undefined) return 'a link that leads away from the server';
  if (answer.kind === 'unreachable') return 'no answer';
  const { status, body } = answer;
  if (isRedirect(answer)) return `${status}, a redirect, which is not followed`;
  if (body === undefined) return `${status} without JSON`;
  const reason = token === undefined ? reasonIn(body) : reasonIn(body).replaceAll(token, '[token]');
  return reason === '' ? String(status) : `${status}: ${reason.slice(0, LONGEST_REASON)}`;
}

function reasonIn({ resourceType, issue }: JsonObject): string {
  if (resourceType !== 'OperationOutcome' || !Array.isArray(issue)) return '';
  const reasons = issue.filter(isJsonObject).map(({ diagnostics, details, code }) => {
    const said = diagnostics ?? (isJsonObject(details) ? details['text'] : undefined) ?? code;
    return typeof said === 'string' ? said : '';
  });
  // A server's text must not steer the terminal.
  return reasons
    .filter((reason) => reason !== '')
    .join('; ')
    .replaceAll(/\p{Cc}+/gu, ' ');
}

/** One request; once more where the server asks for a moment's patience. */
async function exchange(
  url: string,
  init: RequestInit,
  limit: () => AbortSignal,
  ending: AbortSignal | undefined,
): Promise<RestAnswer> {
  const first = await exchangeOnce(url, init, limit());
  const waitMs = first.kind === 'answered' ? first.waitMs : undefined;
  if (waitMs === undefined) return first;
  try {
    await pause(waitMs, undefined, { signal: ending });
  } catch {
    // The run is to end: the refusal is the answer.
    return first;
  }
  return exchangeOnce(url, init, limit());
}

async function exchangeOnce(
  url: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<RestAnswer & { readonly waitMs?: number | undefined }> {
  try {
    const response = await fetch(url, { ...init, signal, redirect: 'manual' });
    return {
      kind: 'answered',
      status: response.status,
      body: parsed(await textOf(response)),
      ...(response.status === 429 ? { waitMs: retryAfterMs(response.headers.get('retry-after')) } : {}),
    };
  } catch {
    return { kind: 'unreachable' };
  }
}

/** `Retry-After` in seconds; undefined if there is none, or if it asks for more than is waited for. */
function retryAfterMs(header: string | null): number | undefined {
  const seconds = header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
  return seconds === undefined || seconds > LONGEST_WAIT_S ? undefined : seconds * 1000;
}

/** The body, or nothing of one that is longer than any that is asked for here. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LONGEST_BODY) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
