import type { RequestListener, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { PatientStore } from '../src/ehr-demo/patient-store.ts';
import { answerTo, type FhirAnswer, MANNERS, type Manner } from './fhir-answers.ts';
import type { ServedTraffic } from './fhir-traffic.ts';

/** Finds a chart; undefined if there is none of that name. */
export type ChartNamed = (name: string) => PatientStore | undefined;

/** The FHIR base URL of a chart on the stub. Each `contact` is a server of its own, as far as its client can tell. */
export function baseOf(stubUrl: string, chart: string, manner: Manner, contact: string): string {
  return `${stubUrl}/${chart}/${manner}/${contact}`;
}

/**
 * A FHIR server for each chart, manner and contact: `/<chart>/<manner>/<contact>/Condition?patient=…`. It waits before each
 * answer, as a network would. `/traffic` tells what was asked of all of them together.
 */
export function fhirStub(chartNamed: ChartNamed, latencyMs: number): RequestListener {
  let requests = 0;
  let bytes = 0;
  return (request, response) => {
    const path = request.url ?? '/';
    if (path === '/healthz' || path === '/traffic') {
      send(response, { status: 200, body: { requests, bytes } satisfies ServedTraffic });
      return;
    }
    requests += 1;
    const answer = answerFor(path, `http://${request.headers.host}`, chartNamed);
    const sendLater = async () => {
      await pause(latencyMs);
      bytes += send(response, answer);
    };
    void sendLater();
  };
}

function answerFor(path: string, stubUrl: string, chartNamed: ChartNamed): FhirAnswer {
  const [, name = '', manner = '', contact = '', ...rest] = path.split('/');
  const chart = chartNamed(name);
  if (chart === undefined || !isManner(manner)) return { status: 404, body: {} };
  return answerTo(rest.join('/'), baseOf(stubUrl, name, manner, contact), chart, manner);
}

function send(response: ServerResponse, { status, body }: FhirAnswer): number {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/fhir+json', 'content-length': text.length }).end(text);
  return text.length;
}

function isManner(text: string): text is Manner {
  return MANNERS.some((manner) => manner === text);
}
