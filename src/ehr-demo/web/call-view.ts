import { STATUS_CODES } from 'node:http';
import { curlOf } from '../ehr/curl.ts';
import type { Exchange } from '../ehr/exchange.ts';

/** One call as a line of the list. */
export interface CallLine {
  /** Fit for an HTML id, and for an address. */
  readonly id: string;
  readonly about: string;
  readonly method: string;
  readonly url: string;
  readonly outcome: string;
  readonly isFailure: boolean;
  /** In milliseconds. */
  readonly duration: string;
  readonly fhirCalls: string;
}

/** Everything about one call. */
export interface CallView extends CallLine {
  /** When it was sent, in UTC. */
  readonly at: string;
  /** Those that the EHR sets: what sends the request adds some of its own. */
  readonly requestHeaders: string;
  readonly requestBody: string;
  readonly answerHeaders: string;
  readonly answerBody: string;
  readonly traffic: readonly TrafficRow[];
  readonly curl: string;
  /** Without the Authorization header; empty: there was none. */
  readonly curlWithoutHeader: string;
}

export interface TrafficRow {
  readonly request: string;
  readonly status: string;
  readonly duration: string;
  readonly size: string;
}

export function callLine({ id, about, request, response, milliseconds, fhirTraffic }: Exchange): CallLine {
  const failed = 'failure' in response;
  const words = failed ? undefined : STATUS_CODES[response.status];
  return {
    id,
    about,
    method: request.method,
    url: request.url,
    outcome: failed ? 'no answer' : [response.status, words].filter((part) => part !== undefined).join(' '),
    isFailure: failed || response.status >= 400,
    duration: `${Math.round(milliseconds)} ms`,
    fhirCalls: fhirTraffic.length === 0 ? '' : `${fhirTraffic.length} FHIR`,
  };
}

export function callView(exchange: Exchange): CallView {
  const { request, response, fhirTraffic } = exchange;
  const hasAuthorization = Object.keys(request.headers).some((name) => name.toLowerCase() === 'authorization');
  return {
    ...callLine(exchange),
    at: exchange.at.toISOString(),
    requestHeaders: headerText(request.headers),
    requestBody: pretty(request.body ?? ''),
    answerHeaders: 'failure' in response ? '' : headerText(response.headers),
    answerBody: 'failure' in response ? response.failure : pretty(response.body),
    traffic: fhirTraffic.map(({ method, path, status, milliseconds, bytes }) => ({
      request: `${method} ${path}`,
      status: String(status),
      duration: `${Math.round(milliseconds)} ms`,
      size: sizeText(bytes),
    })),
    curl: curlOf(exchange, { authorization: true }),
    curlWithoutHeader: hasAuthorization ? curlOf(exchange, { authorization: false }) : '',
  };
}

function headerText(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** JSON over several lines; what is none stays as it is. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function sizeText(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
