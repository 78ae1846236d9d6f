import { readPrefetch } from '../cds-hooks/prefetch.ts';
import { readAccess } from '../cds-hooks/smart-scopes.ts';
import type { Reading, Readings, ResourceKey } from '../chart/reading.ts';
import { type FhirServerPolicy, isAllowedFhirServer } from './allow-list.ts';
import type { FhirRequest, FhirServerPort } from './fhir-server.ts';
import { type AskableServer, readPart } from './part-reader.ts';
import { queryFor } from './query.ts';
import { urlUnderBase } from './server-base.ts';

/** What of a hook call decides where the patient's resources come from. `patientId` is a valid FHIR id. */
export interface ChartCall {
  readonly patientId: string;
  readonly prefetch: Readonly<Record<string, unknown>> | undefined;
  readonly fhirServer?: string | undefined;
  readonly accessToken?: string | undefined;
  /** What the token is said to be good for (CH-78). */
  readonly scope?: string | undefined;
}

export interface ChartSourceOptions {
  /** The prefetch templates as advertised in discovery: what was not sent is asked of the server with the same query. */
  readonly queries: Readonly<Record<ResourceKey, string>>;
  /** How servers are asked. */
  readonly server: FhirServerPort;
  /** Which servers may be asked. */
  readonly policy: FhirServerPolicy;
  /** For all questions to the server together, from the opening on. Default is 1500. */
  readonly budgetMs?: number;
  /** Ends all questions to the server before their time, when nobody waits for the answers any more. */
  readonly signal?: AbortSignal | undefined;
}

/** One patient's resources, for one hook call. */
export interface ChartSource {
  /**
   * Reads parts of the chart, all at the same time; a part that was read before is not asked for again. Never rejects on
   * account of what a client or server sent, and nothing runs on once it has resolved (CH-83).
   *
   * @throws {Error} if the template of a key uses a token other than `{{context.patientId}}`.
   */
  read(keys: readonly ResourceKey[]): Promise<Readings>;
  /** How many resources were left out so far: another patient's, of another type, or no resources at all. */
  readonly skipped: () => number;
  /** `not-allowed`: the call names a server that the policy forbids, so that it is treated as if it named none. */
  readonly server: 'usable' | 'not-given' | 'not-allowed';
}

/** Without a server there is nothing to be ended. */
const NEVER = new AbortController().signal;

/** Stands for a server whose token does not reach that far: what it would answer is known, so that it is not asked. */
const REFUSING: FhirServerPort = { get: () => Promise.resolve({ kind: 'failed', reason: 'refused' }) };

/**
 * Opens the chart of a hook call: prefetch first, and what is missing there is asked of the client's FHIR server if that may
 * be asked (CH-41, CH-63, CH-73, CH-194). No other key is looked at (CH-72), and nothing is kept for the next call (CH-183). The
 * time budget starts here.
 */
export function openChartSource(call: ChartCall, options: ChartSourceOptions): ChartSource {
  const { queries, policy, budgetMs = 1500, signal: gone = NEVER } = options;
  const { patientId, prefetch, fhirServer, accessToken, scope } = call;
  const deadline = performance.now() + budgetMs;
  const base = fhirServer !== undefined && isAllowedFhirServer(fhirServer, policy) ? fhirServer : undefined;
  const readings = new Map<ResourceKey, Promise<Reading>>();
  let skipped = 0;

  function readingOf(key: ResourceKey, signal: AbortSignal): Promise<Reading> {
    const known = readings.get(key);
    if (known !== undefined) return known;
    const reading = readKey(key, signal);
    readings.set(key, reading);
    return reading;
  }

  async function readKey(key: ResourceKey, signal: AbortSignal): Promise<Reading> {
    const query = queryFor(queries[key], patientId);
    const access = readAccess(scope, query.resourceType, query.isSearch ? 'search' : 'read');
    const server = access === 'not-granted' ? REFUSING : options.server;
    let wasAsked = false;
    const onAsked = () => {
      wasAsked = true;
    };
    const reading = await readPart(readPrefetch(prefetch, key), {
      query,
      patientId,
      server: base === undefined ? undefined : askable(server, { base, accessToken, signal }, onAsked),
      onSkipped: (count) => {
        skipped += count;
      },
    });
    // What the server leaves out it does not tell: "no record" must not follow (CH-84). A read has its one resource or fails.
    return wasAsked && access === 'narrowed' && query.isSearch ? asIncomplete(reading) : reading;
  }

  async function readAll(keys: readonly ResourceKey[], signal: AbortSignal): Promise<Readings> {
    return new Map(await Promise.all(keys.map(async (key) => [key, await readingOf(key, signal)] as const)));
  }

  return {
    async read(keys) {
      if (base === undefined) return readAll(keys, NEVER);
      const ending = new AbortController();
      const remainingMs = deadline - performance.now();
      if (remainingMs <= 0) ending.abort();
      const timer = setTimeout(() => ending.abort(), Math.max(0, remainingMs));
      try {
        return await readAll(keys, AbortSignal.any([ending.signal, gone]));
      } finally {
        clearTimeout(timer);
        ending.abort();
      }
    },
    skipped: () => skipped,
    server: fhirServer === undefined ? 'not-given' : base === undefined ? 'not-allowed' : 'usable',
  };
}

function askable(server: FhirServerPort, session: Omit<FhirRequest, 'url'>, onAsked: () => void): AskableServer {
  return {
    resolve: (reference) => urlUnderBase(reference, session.base),
    get(url) {
      onAsked();
      return server.get({ ...session, url });
    },
  };
}

function asIncomplete(reading: Reading): Reading {
  if (reading.state === 'unread') return reading;
  return { state: 'incomplete', resources: reading.resources, reason: 'refused' };
}
