import { type PrefetchValue, readPrefetch } from '../cds-hooks/prefetch.ts';
import type { JsonObject, Reading, UnreadReason } from '../chart/reading.ts';
import type { FhirAnswer, FhirFailure } from './fhir-answer.ts';
import { type Finding, judge, judgeFirst, type Page } from './finding.ts';
import type { Query } from './query.ts';
import type { LastingFailure } from './server-memory.ts';
import type { Way } from './ways.ts';

/** A FHIR server that may be asked for this part of the chart, on behalf of one call. */
export interface AskableServer {
  /** The URL that may be asked for this path or link; `undefined` if it leads away from the server. */
  readonly resolve: (reference: string) => string | undefined;
  /** Asks for the part itself, or for the next page of it. */
  get(url: string, what: 'part' | 'page'): Promise<FhirAnswer>;
  /** The ways to ask for the part, the best first. */
  readonly ways: readonly Way[];
  /** The first of them that the server has not refused of late. */
  firstWay(): number;
  /** The server refused all ways up to this one, and took it. */
  preferWay(way: number): void;
  /** What it is known to answer, so that it is not asked. */
  knownFailure(): FhirAnswer | undefined;
  /** It does not have this part, or takes it in no way. */
  rememberFailure(reason: LastingFailure): void;
  /** It has a resource of this patient: it knows them. */
  onFound(): void;
  /** A next link led away from it, and was not followed. */
  onLinkAway(): void;
}

/** What reading one part of the chart takes. */
export interface PartContext {
  readonly query: Query;
  readonly patientId: string;
  readonly server: AskableServer | undefined;
  /** Told of resources that were left out. */
  readonly onSkipped: (count: number) => void;
  /** What may still be read from the server in this call, for all its parts together. */
  readonly allowance: { resources: number };
}

const MAX_PAGES = 10;
/** Of one part, several times what the largest charts hold. To read more would keep all other calls waiting for seconds. */
const MAX_RESOURCES = 10_000;

/** Reads one part of the chart to its end: from what was sent if that says anything, else from the server. */
export async function readPart(sent: PrefetchValue, context: PartContext): Promise<Reading> {
  const found = consider(judgeFirst(sent, context.query, context.patientId), context);
  if (found.kind === 'failed') return { state: 'unread', reason: 'failed' };
  if (found.kind === 'page') {
    const reading = await readOn(found, [], context);
    // Cut short by whoever sent it: if the whole is to be had, it is taken from there.
    if (reading.state !== 'incomplete' || found.next !== undefined || found.fault !== undefined) return reading;
    const whole = await readFromServer('more-pages', context);
    return whole.state === 'complete' ? whole : reading;
  }
  return readFromServer(found.reason, context);
}

/** What was found with a token that is good for some of the records only: what the server leaves out it does not tell (CH-84). */
export function refusedInPart(reading: Reading): Reading {
  if (reading.state === 'unread') return reading;
  return { state: 'incomplete', resources: reading.resources, reason: 'refused' };
}

/** `otherwise`: why it stays unread if there is no server. */
async function readFromServer(otherwise: UnreadReason, context: PartContext): Promise<Reading> {
  const asked = context.server === undefined ? undefined : await ask(context.server);
  if (asked === undefined) return { state: 'unread', reason: otherwise };
  const { answer, url, way } = asked;
  if (answer.kind === 'failed') return { state: 'unread', reason: unreadBecause(answer.reason) };

  const answered = consider(judgeFirst(asPrefetched(answer.body), context.query, context.patientId), context);
  if (answered.kind === 'page' && answered.resources.length > 0) context.server?.onFound();
  if (answered.kind !== 'page') return { state: 'unread', reason: answered.kind === 'failed' ? 'failed' : 'malformed' };
  context.allowance.resources -= answered.counted;
  const reading = await readOn(answered, [url], context);
  return way.findsAll || reading.state !== 'complete'
    ? reading
    : { ...reading, state: 'incomplete', reason: 'more-pages' };
}

interface Asked {
  readonly answer: FhirAnswer;
  readonly url: string;
  readonly way: Way;
}

/** Asks in one way after the other until the server takes one. `undefined`: none of them lies on the server. */
async function ask(server: AskableServer): Promise<Asked | undefined> {
  const open = server.ways.flatMap((way, at) => {
    const url = server.resolve(way.path);
    return url === undefined ? [] : [{ way, at, url }];
  });
  const known = server.knownFailure();
  const [{ url: best, way: bestWay } = {}] = open;
  if (known !== undefined && best !== undefined && bestWay !== undefined)
    return { answer: known, url: best, way: bestWay };

  // From the one that was taken last time; if it is not any more, the others before it may be.
  const first = server.firstWay();
  const inOrder = [...open.filter(({ at }) => at >= first), ...open.filter(({ at }) => at < first)];
  let asked: Asked | undefined;
  // A page that is too long is one chart's matter, and says nothing of how the next one is best asked for.
  let isOfServer = true;
  for (const { way, at, url } of inOrder) {
    // oxlint-disable-next-line no-await-in-loop -- the next way is for a server that has refused this one
    const answer = await server.get(url, 'part');
    asked = { answer, url, way };
    if (answer.kind === 'answered') {
      if (at !== first && isOfServer) server.preferWay(at);
      return asked;
    }
    if (!LEADS_ON.has(answer.reason)) break;
    isOfServer &&= answer.reason === 'invalid';
  }
  if (asked?.answer.kind === 'failed') {
    const { reason } = asked.answer;
    if (reason === 'not-offered' || reason === 'invalid') server.rememberFailure(reason);
  }
  return asked;
}

/** To the next way: a query that is not understood, and a page that is too much. */
const LEADS_ON: ReadonlySet<FhirFailure> = new Set(['invalid', 'too-long']);

/** In the words of the chart, which are for clinicians: what they cannot tell apart is one to them. */
function unreadBecause(reason: FhirFailure): UnreadReason {
  switch (reason) {
    case 'invalid':
    case 'throttled':
    case 'blocked':
    case 'too-long':
    case 'unreachable':
      return 'failed';
    case 'refused':
    case 'not-offered':
    case 'failed':
    case 'timed-out':
    case 'malformed':
      return reason;
    default:
      return reason satisfies never;
  }
}

/** Follows the next links verbatim, with the same server only (CH-70, CH-87); what was read so far is never lost. */
async function readOn(first: Page, visited: readonly string[], context: PartContext): Promise<Reading> {
  const { server } = context;
  const resources = new ResourceList();
  const seen = new Set(visited);
  let page = first;
  let { fault } = first;
  let { skipped } = first;
  resources.add(first.resources);

  for (let pages = 1; page.next !== undefined && resources.all.length <= MAX_RESOURCES; pages += 1) {
    if (context.allowance.resources <= 0) return incomplete(fault ?? 'more-pages');
    const url = server?.resolve(page.next);
    if (url === undefined) server?.onLinkAway();
    if (server === undefined || url === undefined || seen.has(url) || pages === MAX_PAGES)
      return incomplete(fault ?? 'more-pages');
    seen.add(url);

    // oxlint-disable-next-line no-await-in-loop -- a next link is known only from the page before it
    const answer = await server.get(url, 'page');
    if (answer.kind === 'failed')
      return incomplete(fault ?? (answer.reason === 'timed-out' ? 'timed-out' : 'more-pages'));
    const found = consider(judge(asPrefetched(answer.body), context.query, context.patientId), context);
    if (found.kind !== 'page') return incomplete(fault ?? 'more-pages');

    context.allowance.resources -= found.counted;
    resources.add(found.resources);
    skipped += found.skipped;
    fault ??= found.fault;
    page = found;
  }
  // What is beyond is as if it stood on a page that nobody could turn to: not read, and not taken as absent. So is what the
  // server has counted and not sent.
  const found = resources.all.filter((resource) => resource['resourceType'] === context.query.resourceType).length;
  if (resources.all.length > MAX_RESOURCES || found + skipped < first.total) return incomplete(fault ?? 'more-pages');
  return fault === undefined ? { state: 'complete', resources: resources.all } : incomplete(fault);

  function incomplete(reason: UnreadReason): Reading {
    return { state: 'incomplete', resources: resources.all.slice(0, MAX_RESOURCES), reason };
  }
}

/** Each resource once: where records are added between two pages, a server sends some on both. */
class ResourceList {
  readonly all: JsonObject[] = [];
  readonly #met = new Set<string>();

  add(resources: readonly JsonObject[]): void {
    for (const resource of resources) {
      const { resourceType, id } = resource;
      if (typeof resourceType === 'string' && typeof id === 'string') {
        const name = `${resourceType}/${id}`;
        if (this.#met.has(name)) continue;
        this.#met.add(name);
      }
      this.all.push(resource);
    }
  }
}

// A server's answer and a prefetched value are the same thing (CH-71), except that a server cannot answer `null`.
function asPrefetched(body: unknown): PrefetchValue {
  return body === null ? { kind: 'malformed' } : readPrefetch({ answer: body }, 'answer');
}

function consider(found: Finding, { onSkipped }: PartContext): Finding {
  if (found.kind !== 'failed') onSkipped(found.skipped);
  return found;
}
