import { type PrefetchValue, readPrefetch } from '../cds-hooks/prefetch.ts';
import type { JsonObject, Reading } from '../chart/reading.ts';
import type { FhirAnswer } from './fhir-server.ts';
import { type Finding, judge, type Page } from './finding.ts';
import type { Query } from './query.ts';

/** A FHIR server that may be asked on behalf of one call. */
export interface AskableServer {
  /** The URL that may be asked for this path or link; `undefined` if it leads away from the server. */
  resolve(reference: string): string | undefined;
  get(url: string): Promise<FhirAnswer>;
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

  const url = context.server?.resolve(context.query.path);
  if (context.server === undefined || url === undefined) return { state: 'unread', reason: found.reason };

  const answer = await context.server.get(url);
  if (answer.kind === 'failed') return { state: 'unread', reason: answer.reason };

  const answered = considerAnswer(answer.body, context);
  if (answered.kind === 'page') return readOn(answered, [url], context);
  return { state: 'unread', reason: answered.kind === 'failed' ? 'failed' : 'malformed' };
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
    const answer = await context.server.get(url);
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
