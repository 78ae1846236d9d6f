/** Why a question to a FHIR server brought nothing. One closed set. */
export type FhirFailure =
  | 'invalid' // 400, 422 and other 4xx but 408: the server does not take this query
  | 'refused' // 401 or 403 (CH-84)
  | 'not-offered' // 404, 410 or 501: the server does not have this type, or this resource
  | 'throttled' // 429, or 503 with Retry-After
  | 'too-long' // a page beyond what is read of one
  | 'failed' // 408, another 5xx, a redirect, no HTTP; and what could not be sent
  | 'unreachable' // no connection, a dropped one, or a gateway that says so: 502, 504, and 503 without Retry-After
  | 'timed-out' // given up: the time budget ended, or nobody waits any more
  | 'malformed' // 2xx, and no JSON
  | 'blocked'; // the name leads to an address that may not be asked

/** The JSON that a 2xx answer carried, whatever it is; else why there is none. */
export type FhirAnswer =
  | { readonly kind: 'answered'; readonly body: unknown }
  | {
      readonly kind: 'failed';
      readonly reason: FhirFailure;
      /** `throttled`: for how long the server asks to be left alone. */
      readonly retryAfterMs?: number;
    };

/** What an answer with this status, which is no 2xx, has come to. */
export function failureOf(status: number, saysWhenToRetry: boolean): FhirFailure {
  switch (status) {
    case 401:
    case 403: // CH-84
      return 'refused';
    case 404:
    case 410:
    case 501:
      return 'not-offered';
    case 429:
      return 'throttled';
    case 503:
      return saysWhenToRetry ? 'throttled' : 'unreachable';
    case 502:
    case 504:
      return 'unreachable';
    case 408: // The connection was too slow: it says nothing of the query.
      return 'failed';
    default:
      return status >= 400 && status < 500 ? 'invalid' : 'failed';
  }
}

/** What a body says as JSON. Undefined when it is none, or a mere text, which no FHIR server means. */
export function parseJson(text: string): unknown {
  try {
    // RFC 8259, 8.1: whoever parses may ignore a byte order mark.
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'string' ? undefined : value;
  } catch {
    return undefined;
  }
}
