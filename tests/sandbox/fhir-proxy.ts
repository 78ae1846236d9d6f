import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that came through. */
export interface Seen {
  readonly method: string;
  /** Below the FHIR base URL, with the query. */
  readonly path: string;
  readonly authorization: string | undefined;
  /** Is it the service that asks? The command itself asks for nothing out of a cache. */
  readonly isService: boolean;
}

/** Would it change anything on the server? */
export function isWrite({ method }: Seen): boolean {
  return method !== 'GET';
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What stands in for the real server's answer; undefined lets the request through, `hang` never answers. */
export type Instead = (request: Seen) => Answered | 'hang' | undefined;

/** A FHIR server that has its own mind, in front of a real one. */
export interface FhirProxy {
  readonly base: string;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

/**
 * Serves the FHIR server at `upstream` from another address. `change` edits the text of its answers, once all addresses in
 * them are the proxy's own.
 */
export async function startFhirProxy(
  upstream: string,
  {
    instead = () => undefined,
    change = (_request, body) => body,
  }: {
    readonly instead?: Instead;
    readonly change?: (request: Seen, body: string) => string;
  } = {},
): Promise<FhirProxy> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await textOf(request);
      const one: Seen = {
        method: request.method ?? '',
        path: (request.url ?? '').replace(/^\/fhir\/?/, ''),
        authorization: request.headers.authorization,
        isService: request.headers['cache-control'] !== 'no-cache',
      };
      seen.push(one);
      const other = instead(one);
      if (other === 'hang') return;
      if (other !== undefined) {
        response.writeHead(other.status, { 'content-type': 'application/fhir+json', ...other.headers }).end(other.body);
        return;
      }
      const passed = await fetch(one.path === '' ? upstream : `${upstream}/${one.path}`, {
        method: one.method,
        headers: {
          'content-type': 'application/fhir+json',
          ...(one.authorization === undefined ? {} : { authorization: one.authorization }),
        },
        ...(body === '' ? {} : { body }),
      });
      const text = (await passed.text()).replaceAll(upstream, base());
      response.writeHead(passed.status, { 'content-type': 'application/fhir+json' }).end(change(one, text));
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
  return {
    base: base(),
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
