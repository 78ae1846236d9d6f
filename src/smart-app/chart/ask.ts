import { type FhirAnswer, type FhirFailure, failureOf, parseJson } from '../../fhir/fhir-answer.ts';
import { isUnderBase } from '../../fhir/server-base.ts';
import { inOneLine, outcomeWords, pageWords } from './server-words.ts';

/**
 * What is used of fhirclient's Client. `fhirRequest` sends the token along and is the request alone: `request` would also look
 * through every entry of a Bundle for references, and throw at one that is null.
 */
export interface FhirRequester {
  fhirRequest(url: string, options: FhirRequestOptions): Promise<unknown>;
}

export interface FhirRequestOptions {
  readonly headers: Record<string, string>;
  readonly redirect: 'error';
  readonly signal: AbortSignal;
  readonly includeResponse: true;
}

export interface Question {
  readonly url: string;
  /** The FHIR base URL: the token goes nowhere else. */
  readonly base: string;
  readonly signal: AbortSignal;
}

/** One question, and what came of it. */
export interface Exchange {
  readonly answer: FhirAnswer;
  /** The HTTP status; undefined if nothing came. */
  readonly status: number | undefined;
  /** What was said of what is missing; undefined where everything came without a word. */
  readonly says: string | undefined;
}

/** What is read of a Response, whoever made it. */
type Answered = Pick<Response, 'status' | 'headers' | 'text'>;

/** One GET with the token. Never rejects, and settles as soon as the signal aborts, whatever the client does. */
export async function ask(client: FhirRequester, { url, base, signal }: Question): Promise<Exchange> {
  if (!isUnderBase(url, base)) return silence('failed', 'not asked: the address is not on this FHIR server');
  if (signal.aborted) return silence('timed-out', 'no answer in time');
  try {
    const asked = client.fhirRequest(url, {
      headers: { accept: 'application/fhir+json' },
      redirect: 'error',
      signal,
      includeResponse: true,
    });
    return await unlessAborted(asked.then(readAnswer), signal);
  } catch (error) {
    return faultOf(error, signal.aborted);
  }
}

async function readAnswer(result: unknown): Promise<Exchange> {
  const body = member(result, 'body');
  const response = member(result, 'response');
  const answered = isAnswered(response) ? response : undefined;
  const status = answered?.status;
  const type = answered?.headers.get('content-type') ?? '';
  // A type that fhirclient does not know it leaves unread. Many are JSON all the same, and XML is none.
  const sent = body === undefined && !/\bxml\b/i.test(type) ? await answered?.text() : body;
  const json: unknown = typeof sent === 'string' ? parseJson(sent) : sent;
  if (json === undefined) {
    const says = /\bhtml\b/i.test(type) ? 'a web page came in place of FHIR' : 'what came is no FHIR in JSON';
    return { answer: { kind: 'failed', reason: 'malformed' }, status, says };
  }
  return { answer: { kind: 'answered', body: json }, status, says: pageWords(json) };
}

function faultOf(error: unknown, wasGivenUp: boolean): Exchange {
  const status = member(error, 'status');
  // What the server has said holds, though the time ran out meanwhile.
  if (typeof status === 'number') {
    const says = wordsIn(member(error, 'message')) ?? wordsOfStatus(member(error, 'statusText'));
    return { answer: { kind: 'failed', reason: failureOf(status, false) }, status, says };
  }
  if (wasGivenUp) return silence('timed-out', 'no answer in time');
  const name = member(error, 'name');
  if (name === 'SyntaxError') return silence('malformed', 'what came is no FHIR in JSON');
  // Browsers tell nothing else of a lost connection, a redirect, and an address that CORS or the page's policy forbids.
  if (name === 'TypeError' || name === 'FetchError') return silence('unreachable', 'the FHIR server cannot be reached');
  return silence('failed', 'the question could not be put');
}

/**
 * fhirclient has read the body of a refusal by now, and left what it found in its error's message: below the status line and
 * the URL, JSON in full, or the `error` and `error_description` of OAuth. Other text, such as a gateway's page, tells nobody why.
 */
function wordsIn(message: unknown): string | undefined {
  const rest = typeof message === 'string' ? message.split('\nURL: ', 2)[1] : undefined;
  if (rest === undefined) return undefined;
  const below = rest.slice(rest.indexOf('\n') + 1);
  if (below === rest) return undefined;
  return below.startsWith('\n') ? outcomeWords(parseJson(below.trim())) : inOneLine(below);
}

function wordsOfStatus(statusText: unknown): string {
  // HTTP/2 has no status text.
  return inOneLine(typeof statusText === 'string' ? statusText : undefined) ?? 'no reason given';
}

function silence(reason: FhirFailure, says: string): Exchange {
  return { answer: { kind: 'failed', reason }, status: undefined, says };
}

/** The same promise, rejected at the abort: nothing waits for a request that ignores its signal. */
async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: end, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new Error('Given up'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, end]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function isAnswered(value: unknown): value is Answered {
  return typeof member(value, 'status') === 'number' && typeof member(value, 'text') === 'function';
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
