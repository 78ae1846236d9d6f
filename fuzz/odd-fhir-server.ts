import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { CANARY } from './canary.ts';

/** Stands for the address of this server in a request, until its port is known. */
export const FHIR_ORIGIN = 'http://fhir-origin.invalid';

/** A FHIR server on loopback that answers by the first part of the path: in one way that is right, and many that are not. */
export type OddFhirServer = { readonly origin: string; stop(): Promise<void> };

type Behaviour = (response: ServerResponse, url: string, origin: string) => void;

const FHIR = { 'content-type': 'application/fhir+json' };
const EMPTY = { resourceType: 'Bundle', type: 'searchset', total: 0 };
const CONDITION = { resourceType: 'Condition', id: 'asked', code: { text: 'Alveolar soft part sarcoma' } };

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  fhir: (response, url) =>
    json(response, url.includes('?') ? EMPTY : { resourceType: 'Patient', id: idIn(url), birthDate: '1990-05-05' }),
  asps: (response, url) =>
    json(
      response,
      url.includes('?')
        ? { ...EMPTY, total: 1, entry: [{ resource: CONDITION }] }
        : { resourceType: 'Patient', id: idIn(url) },
    ),
  other: (response) => json(response, { resourceType: 'Patient', id: 'somebody-else' }),
  self: (response, url, origin) => json(response, { ...EMPTY, link: [{ relation: 'next', url: origin + url }] }),
  endless: (response, url, origin) =>
    json(response, {
      ...EMPTY,
      entry: [{ resource: CONDITION }],
      link: [{ relation: 'next', url: `${origin}${url}&again=1` }],
    }),
  away: (response, _url, origin) =>
    json(response, { ...EMPTY, link: [{ relation: 'next', url: `${origin}/elsewhere` }] }),
  null: (response) => json(response, null),
  list: (response) => json(response, [[], {}, null]),
  html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${CANARY}</html>`),
  nothing: (response) => response.writeHead(200, FHIR).end(),
  'no-content': (response) => response.writeHead(204).end(),
  cut: (response) => response.writeHead(200, FHIR).end('{"resourceType":"Bun'),
  short: (response) => {
    response.writeHead(200, { ...FHIR, 'content-length': '1000' });
    response.write('{');
    setTimeout(() => response.destroy(), 5);
  },
  reset: (response) => response.destroy(),
  silent: () => undefined,
  large: (response) =>
    json(response, { ...EMPTY, entry: Array.from({ length: 5000 }, () => ({ resource: CONDITION })) }),
  deep: (response) => response.writeHead(200, FHIR).end('['.repeat(50_000) + ']'.repeat(50_000)),
  redirect: (response, url) => response.writeHead(302, { location: url }).end(),
  created: (response, url) => response.writeHead(201, { ...FHIR, location: url }).end('{}'),
  gzip: (response) => response.writeHead(200, { ...FHIR, 'content-encoding': 'gzip' }).end('not packed'),
  unauthorized: (response) => outcome(response, 401),
  gone: (response) => outcome(response, 410),
  failing: (response) => outcome(response, 500),
  busy: (response) => outcome(response, 503),
};

/** The paths under which it behaves in different ways. */
export const FHIR_PATHS: readonly string[] = Object.keys(BEHAVIOURS);

/** Listens on a free port of 127.0.0.1. */
export async function startOddFhirServer(): Promise<OddFhirServer> {
  let origin = '';
  const server = createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    const url = request.url ?? '/';
    const behaviour = BEHAVIOURS[url.split('/')[1] ?? ''];
    if (behaviour === undefined) outcome(response, 404);
    else behaviour(response, url, origin);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port for the odd FHIR server');
  origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, FHIR).end(JSON.stringify(body));
}

function outcome(response: ServerResponse, status: number): void {
  const issue = [{ severity: 'error', code: 'exception', diagnostics: CANARY }];
  response.writeHead(status, FHIR).end(JSON.stringify({ resourceType: 'OperationOutcome', issue }));
}

function idIn(url: string): string {
  return url.split('/').at(-1) ?? '';
}
