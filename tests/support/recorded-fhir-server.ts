import { readdirSync, readFileSync } from 'node:fs';
import nock from 'nock';
import { parse } from 'yaml';
import { RESOURCE_KEYS, type ResourceKey } from '../../src/chart/reading.ts';
import type { Bundle } from '../../src/ehr-demo/patient-store.ts';
import { queryFor } from '../../src/fhir/query.ts';

const FOLDER = new URL('../../fixtures/fhir-servers/', import.meta.url);

/** One GET: `path` relative to the FHIR base URL, `query` decoded. */
export interface RecordedRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** What came back: JSON in `body`, or `text` as it is. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
}

export interface Exchange {
  /** The name of its file. */
  readonly name: string;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

/** What its cards say differently from those where everything could be read, and why that is right. */
export interface Difference {
  readonly because: string;
  readonly cards: readonly DifferentCard[];
}

export interface DifferentCard {
  readonly hook: string;
  readonly card: string;
  /** Marked as in a patch: what is missing after a minus, what stands here after a plus. */
  readonly lines: readonly string[];
}

/** One folder of fixtures/fhir-servers, as its README describes it. */
export interface RecordedServer {
  readonly id: string;
  readonly name: string;
  readonly base: string;
  readonly patient: string;
  /** False for an open server. */
  readonly token: boolean;
  /** The record of her diagnosis that suggestions are to give as their reason. */
  readonly asps: string;
  /** What a call-back does not get there, in the words of the cards. */
  readonly unread: Readonly<Partial<Record<ResourceKey, string>>>;
  /** How the cards cite her records, by what they say. */
  readonly cited: Readonly<Record<string, string>>;
  /** What they cite beside that and means the same. */
  readonly repeated: readonly string[];
  readonly differences: readonly Difference[];
  readonly notes: readonly string[];
  readonly draftOrders: Bundle;
  readonly exchanges: readonly Exchange[];
}

/** All servers there are, by id. */
export function recordedServers(): readonly RecordedServer[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .map(recordedServer);
}

type ServerFile = Pick<RecordedServer, 'name' | 'base' | 'patient' | 'notes'> & Partial<Pick<RecordedServer, 'token'>>;
type CardsFile = Pick<RecordedServer, 'asps' | 'unread' | 'cited'> &
  Partial<Pick<RecordedServer, 'repeated' | 'differences'>>;

function recordedServer(id: string): RecordedServer {
  return {
    token: true,
    repeated: [],
    differences: [],
    ...(parse(read(`${id}/server.yaml`)) as ServerFile),
    ...(parse(read(`${id}/cards.yaml`)) as CardsFile),
    id,
    draftOrders: JSON.parse(read(`${id}/draft-orders.json`)) as Bundle,
    exchanges: readdirSync(new URL(`${id}/exchanges/`, FOLDER))
      .toSorted()
      .map((file) => ({
        name: file.slice(0, -'.json'.length),
        ...(JSON.parse(read(`${id}/exchanges/${file}`)) as Omit<Exchange, 'name'>),
      })),
  };
}

function read(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

/** The prefetch templates of the service: what `<observationsLaboratory>` and its like stand for. */
type Templates = Readonly<Record<ResourceKey, string>>;

/**
 * What an EHR in front of this server sends as prefetch: the server's answers to the templates, first pages with their next
 * links, and OperationOutcomes. Keys whose answer is no JSON are left out.
 */
export function prefetchOf({ patient, exchanges }: RecordedServer, queries: Templates): Record<string, unknown> {
  return Object.fromEntries(
    RESOURCE_KEYS.flatMap((key) => {
      const wanted = keyOf(requestOf(`/${queryFor(queries[key], patient).path}`, ''));
      const answers = exchanges
        .filter(({ request }) => keyOf(withoutAids(filledIn(request, queries))) === wanted)
        .map(({ response }) => response);
      const answer = answers.find(({ status }) => status === 200) ?? answers[0];
      return answer?.body === undefined ? [] : [[key, answer.body]];
    }),
  );
}

/** Without what only saves round trips. */
function withoutAids({ path, query }: RecordedRequest): RecordedRequest {
  const { _count, _include, ...rest } = query;
  return { path, query: rest };
}

export interface ReplayOptions {
  readonly queries: Templates;
  /** The access token that the server takes; any other, or none, is a 401 unless the server is open. */
  readonly accessToken: string;
  /** What is answered in place of what is recorded. */
  readonly instead?: Instead;
}

/** Undefined leaves it at what is recorded. */
export type Instead = (
  request: RecordedRequest,
  recorded: RecordedResponse | undefined,
) => RecordedResponse | undefined;

/** A request that came: path and query as they were, and the exchange that it is, if it is recorded. */
export interface Asked {
  readonly url: string;
  readonly exchange: Exchange | undefined;
}

/** A recorded server at work. */
export interface Replay {
  /** What it was asked, in order. */
  readonly asked: readonly Asked[];
  /** The names of the exchanges that nobody has asked for yet. */
  unused(): readonly string[];
  /** What was asked that is not recorded, or asked as no FHIR client asks: a test expects none. */
  readonly problems: readonly string[];
}

const FHIR_JSON = 'application/fhir+json';

/** Answers under the server's base URL from now on, until nock is cleaned: after each test. */
export function replay(server: RecordedServer, { queries, accessToken, instead }: ReplayOptions): Replay {
  const { origin, pathname } = new URL(server.base);
  const root = pathname === '/' ? '' : pathname;
  const exchanges = new Map(server.exchanges.map((exchange) => [keyOf(filledIn(exchange.request, queries)), exchange]));
  const asked: Asked[] = [];
  const problems: string[] = [];

  function answer(uri: string, headers: Readonly<Record<string, unknown>>): RecordedResponse {
    const url = uri.slice(root.length);
    const request = requestOf(uri, root);
    const exchange = exchanges.get(keyOf(request));
    asked.push({ url, exchange });
    const accept = String(headers['accept']);
    if (accept !== FHIR_JSON) problems.push(`${url}: Accept is ${accept}`);

    const isOpen = !server.token || String(headers['authorization']) === `Bearer ${accessToken}`;
    const other = isOpen ? instead?.(request, exchange?.response) : { status: 401, text: '' };
    if (other !== undefined) return other;
    if (exchange === undefined) problems.push(`${url}: not recorded`);
    return exchange?.response ?? { status: 500, text: '' };
  }

  nock(origin)
    .persist()
    .get(() => true)
    .reply(function reply(uri) {
      const { status, headers = { 'content-type': FHIR_JSON }, body, text } = answer(uri, this.req.headers);
      return [status, text ?? JSON.stringify(body), headers];
    });
  return {
    asked,
    problems,
    unused: () =>
      server.exchanges.filter((exchange) => !asked.some((one) => one.exchange === exchange)).map(({ name }) => name),
  };
}

/** The codes of a prefetch template stand in an exchange by its key, since there are many, and they grow. */
function filledIn({ path, query }: RecordedRequest, queries: Templates): RecordedRequest {
  const key = /^<(\w+)>$/.exec(query['code'] ?? '')?.[1];
  if (key === undefined) return { path, query };
  if (!Object.hasOwn(queries, key)) throw new Error(`${key} is no prefetch key`);
  const code = new URLSearchParams(queries[key as ResourceKey].split('?')[1]).get('code');
  if (code === null) throw new Error(`${key} asks for no codes`);
  return { path, query: { ...query, code } };
}

/** What lies beside the base keeps its whole path, under which nothing is recorded. */
function requestOf(uri: string, root: string): RecordedRequest {
  const { pathname, searchParams } = new URL(uri, 'https://ehr.example.org');
  const isUnderRoot = pathname === root || pathname.startsWith(`${root}/`);
  return {
    path: isUnderRoot ? pathname.slice(root.length + 1) : pathname,
    query: Object.fromEntries(searchParams),
  };
}

function keyOf({ path, query }: RecordedRequest): string {
  return JSON.stringify([path, ...Object.entries(query).toSorted(([one], [other]) => (one < other ? -1 : 1))]);
}
