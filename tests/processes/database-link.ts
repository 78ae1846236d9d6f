import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The network between the service and its database, to be cut and to be blocked. */
export interface DatabaseLink {
  /** The database by way of this link. */
  readonly url: string;
  /** As behind a firewall that drops everything: connections open, and nothing comes through, on old ones neither. */
  block(): void;
  /** As a firewall that forgets what is connected: nothing comes through on that, nobody is told, and new ones are as they should be. */
  forget(): void;
  /** All connections of before are broken, and new ones are as they should be. */
  mend(): void;
  close(): Promise<void>;
}

/** Links to the database with this URL. */
export async function linkTo(databaseUrl: string): Promise<DatabaseLink> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isBlocked = false;
  let age = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    keep(near);
    if (isBlocked) return;
    const made = age;
    const isDead = () => isBlocked || made < age;
    const far = connect(Number(target.port), target.hostname);
    keep(far);
    // Not a pipe, which would go on by itself.
    near.on('data', (chunk: Buffer) => isDead() || far.write(chunk));
    far.on('data', (chunk: Buffer) => isDead() || near.write(chunk));
    near.on('close', () => far.destroy());
    far.on('close', () => isDead() || near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    block() {
      isBlocked = true;
    },
    forget() {
      age += 1;
    },
    mend() {
      isBlocked = false;
      breakAll();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      breakAll();
      await closed;
    },
  };
}
