import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { FIXTURE_DATE } from '../../src/ehr-demo/hook-request.ts';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { loadPatient, loadScenarios } from '../../src/ehr-demo/scenarios.ts';
import { daysBetween, shiftDates } from '../../src/ehr-demo/shift-dates.ts';
import { call, type Reply } from './http.ts';

const MAIN = fileURLToPath(new URL('../../src/ehr-demo/fhir-server/main.ts', import.meta.url));
/** The library takes no more updates in one transaction. */
const MAX_UPDATES = 50;

export type Ask = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

export interface FhirServerProcess {
  /** The FHIR base URL, without a trailing slash. */
  readonly base: string;
  /** Asks with the token the server was started with. */
  fetch(path: string, init?: Ask): Promise<Reply>;
  /** Puts resources under their own ids, in transactions. */
  load(resources: readonly Resource[]): Promise<void>;
  /** Ends the process; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the demo EHR's FHIR server as a process of its own, empty, on a free port. */
export async function startFhirServer(
  options: { readonly token?: string; readonly latencyMs?: number } = {},
): Promise<FhirServerProcess> {
  const { token, latencyMs = 0 } = options;
  const child = spawn(
    process.execPath,
    [MAIN, '--port', '0', '--latency', String(latencyMs), ...(token === undefined ? [] : ['--token', token])],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const closed = once(child, 'close').then(([code]) => code as number | null);
  const base = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /ready at (http:\S+)\n/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    void closed.then((code) => reject(new Error(`the FHIR server ended with ${code} before it was ready`)));
  });

  const ask: FhirServerProcess['fetch'] = (path, init = {}) =>
    call(path === '' ? base : `${base}/${path}`, {
      ...init,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers },
    });
  return {
    base,
    fetch: ask,
    async load(resources) {
      for (let start = 0; start < resources.length; start += MAX_UPDATES) {
        const entry = resources.slice(start, start + MAX_UPDATES).map((resource) => ({
          resource,
          request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
        }));
        // oxlint-disable-next-line no-await-in-loop -- one transaction at a time, as one client sends them
        const reply = await ask('', {
          method: 'POST',
          headers: { 'content-type': 'application/fhir+json' },
          body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
        });
        if (reply.status !== 200) throw new Error(`not loaded: ${reply.status} ${reply.text}`);
      }
    },
    async stop() {
      child.kill('SIGTERM');
      return closed;
    },
  };
}

/** The resources of the synthetic patients, of all of them unless some are named; the story told as of `asOf`. */
export function fixtureResources(
  patients: readonly string[] = loadScenarios().map(({ patient }) => patient),
  asOf: Date = new Date(FIXTURE_DATE),
): readonly Resource[] {
  const days = daysBetween(new Date(FIXTURE_DATE), asOf);
  return patients.flatMap((patient) => shiftDates(loadPatient(patient).resources, days));
}
