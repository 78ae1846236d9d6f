import { readPrefetch } from '../cds-hooks/prefetch.ts';
import { missingMedications } from '../chart/medication.ts';
import type { JsonObject, Reading, Readings, ResourceKey } from '../chart/reading.ts';
import { type FhirServerPolicy, isAllowedFhirServer } from './allow-list.ts';
import { type FindMedications, inOrder, type PartReading, WITH_MEDICATIONS, withMedications } from './beside-orders.ts';
import type { FhirServerPort } from './fhir-server.ts';
import { createMedicationReader } from './medication-reader.ts';
import type { NetworkReach } from './network-reach.ts';
import { type AskableServer, readPart, refusedInPart } from './part-reader.ts';
import { type Query, queryFor } from './query.ts';
import { serverKey } from './server-base.ts';
import type { ServerMemories } from './server-memory.ts';
import { type CallTraffic, openServerSession, type Round, type ServerSession } from './server-session.ts';
import type { FhirTraffic } from './traffic.ts';
import { waysOf } from './ways.ts';

/** What of a hook call decides where the patient's resources come from. `patientId` is a valid FHIR id. */
export interface ChartCall {
  readonly patientId: string;
  readonly prefetch: Readonly<Record<string, unknown>> | undefined;
  readonly fhirServer?: string | undefined;
  readonly accessToken?: string | undefined;
  /** What the token is said to be good for (CH-78). */
  readonly scope?: string | undefined;
}

/** How FHIR servers are asked, the same for all calls of the process. */
export interface FhirServers {
  readonly port: FhirServerPort;
  /** What is known of servers from earlier calls. */
  readonly memories: ServerMemories;
  /** Told of each question to a server. */
  readonly traffic: FhirTraffic;
  /** Milliseconds for all questions of a call together, from the opening of its chart on. */
  readonly budgetMs: number;
}

/** On whose behalf servers are asked, and what the operator lets them reach. */
export interface AskingClient {
  /** Undefined in open mode. */
  readonly client: string | undefined;
  readonly policy: FhirServerPolicy;
  /** To which addresses the names of its servers may lead. */
  readonly reach: NetworkReach;
}

export interface ChartSourceOptions {
  /** The prefetch templates as advertised in discovery: what was not sent is asked of the server with the same queries. */
  readonly queries: Readonly<Record<ResourceKey, string>>;
  /** Absent: no server is ever asked. */
  readonly servers?: FhirServers & AskingClient;
  /** Ends all questions to the server before their time, when nobody waits for the answers any more. */
  readonly signal?: AbortSignal | undefined;
}

/** One patient's resources, for one hook call. */
export interface ChartSource {
  /**
   * Reads parts of the chart, all at the same time; a part that was read before is not asked for again. Medications that the
   * records only refer to are among them, as far as they could be had. Never rejects on account of what a client or server
   * sent, and nothing runs on once it has resolved (CH-83).
   *
   * @throws {Error} if the template of a key uses a token other than `{{context.patientId}}`.
   */
  read(keys: readonly ResourceKey[]): Promise<Readings>;
  /** The Medications that these resources refer to and that are not among them, as far as they can be had. Never rejects. */
  readMedications(resources: readonly JsonObject[]): Promise<readonly JsonObject[]>;
  /** How many resources were left out so far: another patient's, of another type, or no resources at all. */
  readonly skipped: () => number;
  /** What has passed between this call and its server so far; undefined if there is none to be asked. */
  readonly traffic: () => CallTraffic | undefined;
  /** `not-allowed`: the call names a server that the policy forbids, so that it is treated as if it named none. */
  readonly server: 'usable' | 'not-given' | 'not-allowed';
}

/** From the server. Several times what the largest charts hold; each resource keeps all other calls waiting. */
const MAX_RESOURCES_OF_A_CALL = 25_000;

/** One for all: to make an error for each call, which nobody sees, takes a tenth of the time of a call. */
const OVER = new Error('The time for questions to the FHIR server is over');

/** Without a server there is nothing to be ended. */
const NEVER = new AbortController().signal;

/**
 * Opens the chart of a hook call: prefetch first, and what is missing there is asked of the client's FHIR server if that may
 * be asked (CH-41, CH-63, CH-73, CH-194). No other key is looked at (CH-72), and nothing of the patient is kept for the next
 * call (CH-183). The time budget starts here.
 */
export function openChartSource(call: ChartCall, options: ChartSourceOptions): ChartSource {
  const { queries, servers, signal: gone = NEVER } = options;
  const { patientId, prefetch, fhirServer } = call;
  const deadline = performance.now() + (servers?.budgetMs ?? 0);
  const session = servers && openSession(call, servers);
  const medications = session && createMedicationReader(session, count);
  const readings = new Map<ResourceKey, Promise<Reading>>();
  const allowance = { resources: MAX_RESOURCES_OF_A_CALL };
  let skipped = 0;

  function readingOf(key: ResourceKey, round: Round | undefined): Promise<Reading> {
    const known = readings.get(key) ?? readKey(key, round);
    readings.set(key, known);
    return known;
  }

  async function readKey(key: ResourceKey, round: Round | undefined): Promise<Reading> {
    const query = queryFor(queries[key], patientId);
    let wasAsked = false;
    const reading = await readPart(readPrefetch(prefetch, key), {
      query,
      patientId,
      server: session && round && askable(key, query, session, round, () => (wasAsked = true)),
      onSkipped: count,
      allowance,
    });
    // What the server leaves out it does not tell: "no record" must not follow (CH-84). A read has its one resource or fails.
    const isNarrowed = wasAsked && query.isSearch && session?.access(asSearch(query)) === 'narrowed';
    return isNarrowed ? refusedInPart(reading) : reading;
  }

  function finder(round: Round | undefined): FindMedications {
    if (medications === undefined || round === undefined) return undefined;
    return (references) =>
      medications.read(references, (url) => round.ask({ kind: 'read', url, resourceType: 'Medication' }));
  }

  async function readAll(keys: readonly ResourceKey[], round: Round | undefined): Promise<Readings> {
    const partsOf = (some: readonly ResourceKey[]): Promise<readonly PartReading[]> =>
      Promise.all(some.map(async (key) => [key, await readingOf(key, round)] as const));
    const [drugs, others] = await Promise.all([
      partsOf(keys.filter((key) => WITH_MEDICATIONS.has(key))).then((parts) => withMedications(parts, finder(round))),
      partsOf(keys.filter((key) => !WITH_MEDICATIONS.has(key))),
    ]);
    return new Map([...drugs, ...others].toSorted(([one], [other]) => keys.indexOf(one) - keys.indexOf(other)));
  }

  function count(resources: number): void {
    skipped += resources;
  }

  /** Within what is left of the time budget; without a server there is no round. */
  async function inRound<Result>(ask: (round: Round | undefined) => Promise<Result>): Promise<Result> {
    if (session === undefined) return ask(undefined);
    const ending = new AbortController();
    const remainingMs = deadline - performance.now();
    if (remainingMs <= 0) ending.abort(OVER);
    const timer = setTimeout(() => ending.abort(OVER), Math.max(0, remainingMs));
    const round = session.round(AbortSignal.any([ending.signal, gone]));
    try {
      return await ask(round);
    } finally {
      clearTimeout(timer);
      ending.abort(OVER);
      await round.end();
    }
  }

  return {
    read: (keys) => inRound((round) => readAll(keys, round)),
    readMedications: (resources) =>
      inRound(async (round) => {
        const found = await finder(round)?.(inOrder([missingMedications(resources)]));
        return [...new Set<JsonObject>(found?.values())];
      }),
    skipped: () => skipped,
    traffic: () => session?.traffic(),
    server: fhirServer === undefined ? 'not-given' : session !== undefined ? 'usable' : 'not-allowed',
  };
}

/** With the server that the call names, if that may be asked. */
function openSession(
  { fhirServer, accessToken, scope }: ChartCall,
  { client, policy, reach, port, memories, traffic }: NonNullable<ChartSourceOptions['servers']>,
): ServerSession | undefined {
  if (fhirServer === undefined || !isAllowedFhirServer(fhirServer, policy)) return undefined;
  // In the one form in which it is compared: with slashes of the caller's own, next links would seem to lead away from it.
  const base = serverKey(fhirServer) ?? fhirServer;
  return openServerSession({
    base,
    accessToken,
    scope,
    reach,
    port,
    traffic,
    memory: memories.of(base, client),
    // In open mode callers name the servers: figures would grow a line for each.
    label: policy.mode === 'open' ? 'open' : base,
  });
}

function askable(
  key: ResourceKey,
  query: Query,
  session: ServerSession,
  round: Round,
  onAsked: () => void,
): AskableServer {
  const { resourceType, isSearch } = query;
  const part = { key, resourceType };
  return {
    resolve: session.resolve,
    ways: waysOf(key, query),
    firstWay: () => session.memory.firstWay(key),
    preferWay: (way) => session.memory.preferWay(key, way),
    knownFailure: () => session.knownFailure(part),
    rememberFailure: (reason) => session.rememberFailure(part, reason),
    onFound: () => session.patientIsKnown(),
    onLinkAway: () => session.spare(resourceType, 'off-server'),
    get(url, what) {
      onAsked();
      return round.ask({ kind: what === 'page' ? 'page' : isSearch ? 'search' : 'read', url, resourceType });
    },
  };
}

function asSearch({ resourceType }: Query) {
  return { kind: 'search' as const, resourceType };
}
