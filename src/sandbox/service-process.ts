import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { isJsonObject } from '../cds-hooks/json.ts';
import type { CallSigner } from '../ehr-demo/call-signer.ts';

/** What the service's own log says of one call. */
export type LoggedCall = {
  /** FHIR requests that the service made; 0 if none was needed. */
  readonly requests: number;
  /** Prefetch keys of which something was missing. */
  readonly unread: readonly string[];
};

/** What was started and must not outlive the run. */
export type Spawned = {
  /** Ends the process at once and removes its files, for a process that is about to end itself. */
  kill(): void;
};

/** The real service, in a process of its own, with one client and one FHIR server. */
export type ServiceProcess = {
  readonly url: string;
  isRunning(): boolean;
  /** Ends it and waits for the rest of its log. */
  stop(): Promise<void>;
  /** The last lines of its standard error. */
  lastWords(): readonly string[];
  /** By `hookInstance`; complete once it has stopped. */
  readonly logged: ReadonlyMap<string, LoggedCall>;
};

export type ServiceOptions = {
  readonly fhirServer: string;
  readonly signer: CallSigner;
  readonly budgetMs: number | undefined;
  /** Ends the start. */
  readonly signal: AbortSignal;
  /** Told of the process as soon as there is one: it is there before it is ready. */
  readonly onSpawn: (spawned: Spawned) => void;
  /** Where the folder with its files goes. Default is the system's folder for temporary files. */
  readonly temporary?: string;
};

/** The service did not start; the message is what it said. */
export class ServiceStartError extends Error {
  override readonly name = 'ServiceStartError';
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;
const LAST_WORDS_LENGTH = 4000;
const LAST_WORDS_LINES = 8;
/** What of the caller's environment has to do with the machine and not with a service: no setting, no token. */
const PASSED_ON = ['PATH', 'HOME', 'TZ', 'NODE_EXTRA_CA_CERTS'];
const RATE_PER_MINUTE = 3000;

/**
 * Starts the service as an operator would: `src/main.ts`, a clients file, and its own defaults for the rest.
 *
 * @throws {ServiceStartError} if it does not start, or is not to start any more.
 */
export async function startService({
  fhirServer,
  signer,
  budgetMs,
  signal,
  onSpawn,
  temporary = tmpdir(),
}: ServiceOptions): Promise<ServiceProcess> {
  const folder = mkdtempSync(join(temporary, 'asps-sandbox-'));
  const clientsFile = join(folder, 'clients.yaml');
  writeFileSync(clientsFile, clientsOf(fhirServer, signer));
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts')], {
    cwd: ROOT,
    env: {
      ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
      PORT: '0',
      LOG_LEVEL: 'info',
      CLIENTS_FILE: clientsFile,
      DATABASE_URL: `sqlite:${join(folder, 'feedback.db')}`,
      ...(budgetMs === undefined ? {} : { FHIR_BUDGET_MS: String(budgetMs) }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const kill = () => {
    child.kill('SIGKILL');
    removeFolder();
  };
  onSpawn({ kill });
  const closed = once(child, 'close')
    // It could not be started at all.
    .catch(() => undefined)
    .finally(removeFolder);
  const logged = new Map<string, LoggedCall>();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = `${errors}${text}`.slice(-LAST_WORDS_LENGTH);
  });
  const url = await new Promise<string | undefined>((resolve) => {
    const limit = setTimeout(() => resolve(undefined), START_LIMIT_MS);
    const settle = (at?: string) => {
      clearTimeout(limit);
      resolve(at);
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      const greeting = /ready at (http:\S+)/.exec(line)?.[1];
      if (greeting !== undefined) settle(greeting);
      const call = loggedCall(line);
      if (call !== undefined) logged.set(call.hookInstance, call);
    });
    child.once('error', () => settle());
    child.once('exit', () => settle());
    if (signal.aborted) settle();
    signal.addEventListener('abort', () => settle(), { once: true });
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  if (url === undefined) {
    child.kill('SIGKILL');
    await closed;
    throw new ServiceStartError(errors.trim() || 'it did not say where it listens');
  }
  return {
    url,
    isRunning,
    stop: async () => {
      if (isRunning()) child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await closed;
      clearTimeout(limit);
    },
    lastWords: () =>
      errors
        .split('\n')
        .map((line) => line.replaceAll(/\p{Cc}+/gu, ' ').trimEnd())
        .filter((line) => line !== '')
        .slice(-LAST_WORDS_LINES),
    logged,
  };
}

/** A clients file with this one client. */
function clientsOf(fhirServer: string, { issuer, jwk }: CallSigner): string {
  const client = {
    name: 'Sandbox run',
    iss: issuer,
    jwks: { keys: [jwk] },
    fhirServers: [fhirServer],
    rateLimitPerMinute: RATE_PER_MINUTE,
  };
  return stringify({ clients: [client] });
}

/** A line of the log, if it is that of a hook call. */
function loggedCall(line: string): (LoggedCall & { readonly hookInstance: string }) | undefined {
  const fields = parsed(line);
  if (!isJsonObject(fields) || typeof fields['hookInstance'] !== 'string') return undefined;
  const { hookInstance, fhir, unread } = fields;
  const requests = isJsonObject(fhir) && typeof fhir['requests'] === 'number' ? fhir['requests'] : 0;
  return {
    hookInstance,
    requests,
    unread: Array.isArray(unread) ? unread.filter((key) => typeof key === 'string') : [],
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
