import { readPrefetch } from '../cds-hooks/prefetch.ts';
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

/**
 * Opens the chart of a hook call: prefetch first, and what is missing there is asked of the client's FHIR server if that may
 * be asked (CH-41, CH-63). The time budget starts here.
 */
export function openChartSource(call: ChartCall, options: ChartSourceOptions): ChartSource {
  const { queries, policy, budgetMs = 1500 } = options;
  const { patientId, prefetch, fhirServer, accessToken } = call;
  const deadline = performance.now() + budgetMs;
  const base = fhirServer !== undefined && isAllowedFhirServer(fhirServer, policy) ? fhirServer : undefined;
  const readings = new Map<ResourceKey, Promise<Reading>>();
  let skipped = 0;

  function readingOf(key: ResourceKey, signal: AbortSignal): Promise<Reading> {
    const known = readings.get(key);
    if (known !== undefined) return known;

    const reading = readPart(readPrefetch(prefetch, key), {
      query: queryFor(queries[key], patientId),
      patientId,
      server: base === undefined ? undefined : askable(options.server, { base, accessToken, signal }),
      onSkipped: (count) => {
        skipped += count;
      },
    });
    readings.set(key, reading);
    return reading;
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
        return await readAll(keys, ending.signal);
      } finally {
        clearTimeout(timer);
        ending.abort();
      }
    },
    skipped: () => skipped,
    server: fhirServer === undefined ? 'not-given' : base === undefined ? 'not-allowed' : 'usable',
  };
}

function askable(server: FhirServerPort, session: Omit<FhirRequest, 'url'>): AskableServer {
  return {
    resolve: (reference) => urlUnderBase(reference, session.base),
    get: (url) => server.get({ ...session, url }),
  };
}
