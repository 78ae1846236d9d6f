import { randomUUID } from 'node:crypto';
import type { FhirExchange } from '../fhir-server/fhir-exchange.ts';
import type { Exchange } from './exchange.ts';

/** What is to be sent, and what it is about. */
export interface Outgoing extends Pick<Exchange, 'about' | 'request'> {
  /** Watches meanwhile what the service asks of the EHR's FHIR server. */
  readonly watchTraffic?: () => WatchedTraffic;
}

/** FHIR exchanges that are being collected. */
export interface WatchedTraffic {
  stop(): readonly FhirExchange[];
}

/** Sends a request and tells what came of it; never rejects. */
export type Send = (outgoing: Outgoing) => Promise<Exchange>;

/** No service has as much to say, and it is kept in memory, in bytes. */
const LONGEST_ANSWER = 5_000_000;

/** A sender whose patience ends after so many milliseconds. */
export function serviceSender(patienceMs: number, now: () => Date): Send {
  return async ({ about, request, watchTraffic }) => {
    const at = now();
    const traffic = watchTraffic?.();
    const startedAt = performance.now();
    const response = await answerTo(request, patienceMs);
    const milliseconds = performance.now() - startedAt;
    const fhirTraffic = traffic?.stop() ?? [];
    return { id: `exchange-${randomUUID()}`, at, about, request, response, milliseconds, fhirTraffic };
  };
}

async function answerTo(request: Exchange['request'], patienceMs: number): Promise<Exchange['response']> {
  const { method, url, headers, body } = request;
  const signal = AbortSignal.timeout(patienceMs);
  let hasBegun = false;
  try {
    // What leads elsewhere is shown and not followed: the JWT is for this address alone.
    const response = await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    hasBegun = true;
    const text = await textOf(response);
    return text === undefined
      ? { failure: `Its answer is longer than ${LONGEST_ANSWER / 1_000_000} MB` }
      : { status: response.status, headers: Object.fromEntries(response.headers), body: text };
  } catch {
    if (signal.aborted) return { failure: `It did not answer within ${patienceMs / 1000} s` };
    return { failure: hasBegun ? 'Its answer broke off' : 'It cannot be reached' };
  }
}

/** The body; undefined: there is more of it than is read. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
