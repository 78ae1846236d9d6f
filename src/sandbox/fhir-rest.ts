import { isJsonObject, type JsonObject } from '../cds-hooks/json.ts';
import { urlUnderBase } from '../fhir/server-base.ts';

/** What a FHIR server said. `body` is undefined when it was no JSON object. */
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
  const reading = () => {
    const patience = AbortSignal.timeout(READ_MS);
    return signal === undefined ? patience : AbortSignal.any([signal, patience]);
  };
  return {
    base,
    get: async (reference) => {
      const url = urlUnderBase(reference, base);
      return url === undefined ? undefined : exchange(url, { headers, signal: reading() });
    },
    transaction: (bundle) =>
      exchange(base, {
        method: 'POST',
        headers: { ...headers, 'content-type': FHIR_JSON },
        body: JSON.stringify(bundle),
        signal: AbortSignal.timeout(WRITE_MS),
      }),
    delete: (reference) =>
      exchange(`${base}/${reference}`, { method: 'DELETE', headers, signal: AbortSignal.timeout(WRITE_MS) }),
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

const LONGEST_REASON = 200;

/** An answer in a few words, with what its OperationOutcome says. Never with a token, which some servers repeat. */
export function describeAnswer(answer: RestAnswer | undefined, token?: string): string {
  if (answer === undefined) return 'a link that leads away from the server';
  if (answer.kind === 'unreachable') return 'no answer';
  const { status, body } = answer;
  if (status >= 300 && status < 400) return `${status}, a redirect, which is not followed`;
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

async function exchange(url: string, init: RequestInit): Promise<RestAnswer> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    return { kind: 'answered', status: response.status, body: parsed(await response.text()) };
  } catch {
    return { kind: 'unreachable' };
  }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
