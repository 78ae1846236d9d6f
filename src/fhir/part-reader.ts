import { type PrefetchValue, readPrefetch } from '../cds-hooks/prefetch.ts';
import type { JsonObject, Reading, UnreadReason } from '../chart/reading.ts';
import type { FhirAnswer, FhirFailure } from './fhir-server.ts';
import { type Finding, judge, type Page } from './finding.ts';
import type { Query } from './query.ts';

/** A FHIR server that may be asked for this part of the chart, on behalf of one call. */
export interface AskableServer {
  /** The URL that may be asked for this path or link; `undefined` if it leads away from the server. */
  readonly resolve: (reference: string) => string | undefined;
  /** Asks for the part itself, or for the next page of it. */
  get(url: string, what: 'part' | 'page'): Promise<FhirAnswer>;
  /** The ways to ask for the part, as paths, the best first. */
  readonly ways: readonly string[];
  /** The first of them that the server has not refused of late. */
  firstWay(): number;
  /** The server refused all ways up to this one, and took it. */
  preferWay(way: number): void;
}

/** What reading one part of the chart takes. */
export interface PartContext {
  readonly query: Query;
  readonly patientId: string;
  readonly server: AskableServer | undefined;
  /** Told of resources that were left out. */
  readonly onSkipped: (count: number) => void;
}

const MAX_PAGES = 10;
/** Of one part, several times what the largest charts hold. To read more would keep all other calls waiting for seconds. */
const MAX_RESOURCES = 10_000;

/** Reads one part of the chart to its end: from what was sent if that says anything, else from the server. */
export async function readPart(sent: PrefetchValue, context: PartContext): Promise<Reading> {
  const found = consider(sent, context);
  if (found.kind === 'page') return readOn(found, [], context);
  if (found.kind === 'failed') return { state: 'unread', reason: 'failed' };

  const asked = context.server === undefined ? undefined : await ask(context.server);
  if (asked === undefined) return { state: 'unread', reason: found.reason };
  const { answer, url } = asked;
  if (answer.kind === 'failed') return { state: 'unread', reason: unreadBecause(answer.reason) };

  const answered = considerAnswer(answer.body, context);
  if (answered.kind === 'page') return readOn(answered, [url], context);
  return { state: 'unread', reason: answered.kind === 'failed' ? 'failed' : 'malformed' };
}

/** Asks in one way after the other until the server takes one. `undefined`: none of them lies on the server. */
async function ask(server: AskableServer): Promise<{ readonly answer: FhirAnswer; readonly url: string } | undefined> {
  const first = server.firstWay();
  for (const [at, path] of server.ways.entries()) {
    const url = at < first ? undefined : server.resolve(path);
    if (url === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- the next way is for a server that has refused this one
    const answer = await server.get(url, 'part');
    if (answer.kind === 'failed' && answer.reason === 'invalid' && at < server.ways.length - 1) continue;
    if (answer.kind === 'answered' && at > first) server.preferWay(at);
    return { answer, url };
  }
  return undefined;
}

/** In the words of the chart, which are for clinicians: what they cannot tell apart is one to them. */
function unreadBecause(reason: FhirFailure): UnreadReason {
  switch (reason) {
    case 'invalid':
    case 'throttled':
    case 'blocked':
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
  const resources: JsonObject[] = [...first.resources];
  const seen = new Set(visited);
  let { next, fault } = first;

  for (let pages = 1; next !== undefined && resources.length <= MAX_RESOURCES; pages += 1) {
    const url = context.server?.resolve(next);
    if (context.server === undefined || url === undefined || seen.has(url) || pages === MAX_PAGES) {
      return { state: 'incomplete', resources, reason: fault ?? 'more-pages' };
    }
    seen.add(url);

    // oxlint-disable-next-line no-await-in-loop -- a next link is known only from the page before it
    const answer = await context.server.get(url, 'page');
    if (answer.kind === 'failed') {
      const reason = answer.reason === 'timed-out' ? 'timed-out' : 'more-pages';
      return { state: 'incomplete', resources, reason: fault ?? reason };
    }
    const found = considerAnswer(answer.body, context);
    if (found.kind !== 'page') return { state: 'incomplete', resources, reason: fault ?? 'more-pages' };

    for (const resource of found.resources) resources.push(resource);
    fault ??= found.fault;
    next = found.next;
  }
  // What is beyond is as if it stood on a page that nobody could turn to: not read, and not taken as absent.
  if (resources.length > MAX_RESOURCES)
    return { state: 'incomplete', resources: resources.slice(0, MAX_RESOURCES), reason: fault ?? 'more-pages' };
  return fault === undefined ? { state: 'complete', resources } : { state: 'incomplete', resources, reason: fault };
}

// A server's answer and a prefetched value are the same thing (CH-71), except that a server cannot answer `null`.
function considerAnswer(body: unknown, context: PartContext): Finding {
  return consider(body === null ? { kind: 'malformed' } : readPrefetch({ answer: body }, 'answer'), context);
}

function consider(value: PrefetchValue, context: PartContext): Finding {
  const found = judge(value, context.query, context.patientId);
  if (found.kind !== 'failed') context.onSkipped(found.skipped);
  return found;
}
