import { isJsonObject } from '../../cds-hooks/json.ts';
import { readAccess } from '../../cds-hooks/smart-scopes.ts';
import type { JsonObject, Reading, ResourceKey, UnreadReason } from '../../chart/reading.ts';
import type { FhirAnswer } from '../../fhir/fhir-answer.ts';
import { createMedicationReader } from '../../fhir/medication-reader.ts';
import { readPart, refusedInPart } from '../../fhir/part-reader.ts';
import { type Query, queryFor } from '../../fhir/query.ts';
import { serverKey, urlUnderBase } from '../../fhir/server-base.ts';
import { waysOf } from '../../fhir/ways.ts';
import type { ServerAnswer } from '../situation.ts';
import { ask, type Exchange, type FhirRequester } from './ask.ts';

export interface ChartServerOptions {
  readonly client: FhirRequester;
  /** The FHIR base URL of the launch, absolute. */
  readonly base: string;
  readonly patientId: string;
  /** The query of each part, as the service advertises it for prefetch. */
  readonly queries: Readonly<Record<ResourceKey, string>>;
  /** What the token is said to be good for. */
  readonly scope: string | undefined;
  readonly signal: AbortSignal;
  /** A 401: the token is not good any more. */
  readonly onExpired: () => void;
  /** Asked for this patient, the server answered with another one. */
  readonly onOtherPatient: () => void;
}

/** What was read of a part, and what the server said of what is missing; nothing where all is there. */
export interface PartRead {
  readonly reading: Reading;
  readonly answer: ServerAnswer | undefined;
}

/** The chart's FHIR server, asked as the service asks it: the same ways, the same judgement of what comes. Nothing rejects. */
export interface ChartServer {
  read(key: ResourceKey): Promise<PartRead>;
  /** The Medications under these references, as far as they can be had; each is asked for once. */
  readMedications(references: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;
  /** How many resources were left out so far: another patient's, of another type, or no resources at all. */
  readonly skipped: () => number;
}

/** From the server. Several times what the largest charts hold; to read more would keep the page waiting. */
const MAX_RESOURCES = 25_000;

export function openChartServer(options: ChartServerOptions): ChartServer {
  const { client, patientId, queries, scope, signal, onExpired, onOtherPatient } = options;
  const base = serverKey(options.base) ?? options.base;
  const resolve = (reference: string) => urlUnderBase(reference, base);
  const allowance = { resources: MAX_RESOURCES };
  let skipped = 0;
  const onSkipped = (count: number): void => {
    skipped += count;
  };
  const medications = createMedicationReader({ base, resolve }, onSkipped);

  async function get(url: string): Promise<Exchange> {
    const exchange = await ask(client, { url, base, signal });
    if (exchange.status === 401) onExpired();
    return exchange;
  }

  async function read(key: ResourceKey): Promise<PartRead> {
    const query = queryFor(queries[key], patientId);
    const access = readAccess(scope, query.resourceType, query.isSearch ? 'search' : 'read');
    if (access === 'not-granted') return notGranted(query);
    let last: Exchange | undefined;
    const found = await readPart(
      { kind: 'absent' },
      {
        query,
        patientId,
        onSkipped,
        allowance,
        server: {
          resolve,
          ways: waysOf(key, query),
          async get(url, what) {
            const exchange = await get(url);
            if (key === 'patient' && isAnother(exchange.answer, patientId)) onOtherPatient();
            // A page that came without a word takes nothing back of what an earlier one has said.
            last = what === 'page' && exchange.says === undefined && last !== undefined ? last : exchange;
            return exchange.answer;
          },
          ...WITHOUT_MEMORY,
        },
      },
    );
    // What the server leaves out it does not tell: "no record" must not follow.
    const reading = query.isSearch && access === 'narrowed' ? refusedInPart(found) : found;
    if (reading.state === 'complete') return { reading, answer: undefined };
    return { reading, answer: { status: last?.status, says: last?.says ?? WORDS[reading.reason] } };
  }

  return {
    read,
    skipped: () => skipped,
    readMedications: (references) =>
      readAccess(scope, 'Medication', 'read') === 'not-granted'
        ? Promise.resolve(new Map())
        : medications.read(references, async (url) => (await get(url)).answer),
  };
}

/** A chart is opened once: nothing is learnt for the next time. */
const WITHOUT_MEMORY = {
  firstWay: () => 0,
  preferWay: () => {},
  knownFailure: () => undefined,
  rememberFailure: () => {},
  onFound: () => {},
  onLinkAway: () => {},
};

function notGranted({ resourceType }: Query): PartRead {
  return {
    reading: { state: 'unread', reason: 'refused' },
    answer: { status: undefined, says: `not asked: this launch was not granted access to ${resourceType}` },
  };
}

function isAnother(answer: FhirAnswer, patientId: string): boolean {
  if (answer.kind === 'failed' || !isJsonObject(answer.body)) return false;
  const { resourceType, id } = answer.body;
  return resourceType === 'Patient' && typeof id === 'string' && id !== patientId;
}

/** Where the server itself said nothing of what is missing. */
const WORDS: Readonly<Record<UnreadReason, string>> = {
  'not-sent': 'not asked for',
  failed: 'no answer that could be used',
  refused: 'access was granted to some of these records only',
  'not-offered': 'not offered',
  'timed-out': 'no answer in time',
  malformed: 'some or all of what came cannot be read, or is not of this patient',
  'more-pages': 'there is more than could be read',
};
