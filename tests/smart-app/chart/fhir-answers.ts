import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a FHIR server of a test answers one request; `path` is below its base, with the query. */
export type Answering = (path: string, response: ServerResponse, request: IncomingMessage) => void;

export interface FhirServer {
  readonly base: string;
  /** What was asked, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** A real HTTP server on loopback, whose answers are the test's own. */
export async function serveAnswers(answering: Answering): Promise<FhirServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').replace('/fhir/', ''));
    asked.push(path);
    answering(path, response, request);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}/fhir`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function send(response: ServerResponse, status: number, body: unknown, type = 'application/fhir+json'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export function bundle(resources: readonly unknown[], next?: string) {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
    entry: resources.map((resource) => ({ resource })),
  };
}

export function outcome(severity: string, words: object = {}) {
  return { resourceType: 'OperationOutcome', issue: [{ severity, code: 'processing', ...words }] };
}

export const PATIENT = { resourceType: 'Patient', id: 'p1' };

/** The resource type that is asked for. */
export function typeOf(path: string): string {
  return path.split(/[/?]/, 1)[0] ?? '';
}

/** A server that has this patient and nothing else, but for what is said by type. */
export function sparse(instead: Readonly<Record<string, Answering>> = {}): Answering {
  return (path, response, request) => {
    const type = typeOf(path);
    const own = instead[type];
    if (own !== undefined) own(path, response, request);
    else send(response, 200, type === 'Patient' ? PATIENT : bundle([]));
  };
}
