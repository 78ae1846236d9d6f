import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP server on a loopback address, for what a mock cannot show: sockets, clocks, and requests under way at once. */
export interface LocalServer {
  readonly base: string;
  close(): Promise<void>;
}

/** Starts a server on a free port; its FHIR base ends in `/fhir`. */
export async function startLocalServer(listener: RequestListener, host = '127.0.0.1'): Promise<LocalServer> {
  const server = createServer(listener);
  await listening(server, host);
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://${host.includes(':') ? `[${host}]` : host}:${port}/fhir`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, host: string): Promise<void> {
  return new Promise((resolve) => {
    server.listen(0, host, resolve);
  });
}
