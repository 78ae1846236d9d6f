import { isJsonObject, type JsonObject } from './json.ts';

/**
 * What the client sent for one prefetch key. Only `none`, `resource` and `bundle` are answers; what an answer means for
 * the key – and whether it is the right resource of the right patient – is for the reader of the chart to say.
 */
export type PrefetchValue =
  /** Not attempted or not obtainable: never "no data" (CH-69). */
  | { readonly kind: 'absent' }
  /** Asked, and nothing was found (CH-67). */
  | { readonly kind: 'none' }
  /** The client's own query failed, and the same query would fail again (CH-65, CH-66). */
  | { readonly kind: 'failed' }
  | { readonly kind: 'resource'; readonly resource: JsonObject }
  | PrefetchBundle
  /** Nothing that can be read as FHIR. */
  | { readonly kind: 'malformed' };

/** A page of search results; without entries it says the same as `none` (CH-68). */
export interface PrefetchBundle {
  readonly kind: 'bundle';
  /** The resources found, OperationOutcomes left out. */
  readonly entries: readonly JsonObject[];
  /** Where the next page is: there is more than this (CH-70). Empty when the link names no address. */
  readonly next?: string;
  /** Some of the search failed: there may be more than this (CH-65). */
  readonly hasErrorOutcome: boolean;
  /** Entries without a FHIR resource in them. */
  readonly malformedEntries: number;
  /** Something was found that this client is not shown (issue type `suppressed`). */
  readonly isSuppressed: boolean;
  /** How many the server says there are: on this page, or in all. */
  readonly total?: number;
}

/** Reads the value of one key. Total: whatever JSON was sent, there is an answer. */
export function readPrefetch(prefetch: JsonObject | undefined, key: string): PrefetchValue {
  if (prefetch === undefined || !Object.hasOwn(prefetch, key)) return { kind: 'absent' };

  const value = prefetch[key];
  if (value === undefined) return { kind: 'absent' };
  if (value === null) return { kind: 'none' };

  const resource = unwrapped(value);
  if (!isResource(resource)) return { kind: 'malformed' };
  if (resource['resourceType'] === 'OperationOutcome') return { kind: 'failed' };
  return resource['resourceType'] === 'Bundle' ? readBundle(resource) : { kind: 'resource', resource };
}

/** Before 1.0 a value was `{ response, resource }`, and old clients still send it (M-30). */
function unwrapped(value: unknown): unknown {
  if (!isJsonObject(value) || isResource(value)) return value;
  return Object.hasOwn(value, 'resource') ? value['resource'] : value;
}

function isResource(value: unknown): value is JsonObject {
  return isJsonObject(value) && typeof value['resourceType'] === 'string' && value['resourceType'] !== '';
}

function readBundle(bundle: JsonObject): PrefetchValue {
  const entry = bundle['entry'] ?? [];
  const link = bundle['link'] ?? [];
  if (!Array.isArray(entry) || !Array.isArray(link)) return { kind: 'malformed' };

  const entries: JsonObject[] = [];
  const { total } = bundle;
  let hasErrorOutcome = false;
  let isSuppressed = false;
  let malformedEntries = 0;
  for (const item of entry as readonly unknown[]) {
    const resource = isJsonObject(item) ? item['resource'] : undefined;
    if (!isResource(resource)) malformedEntries += 1;
    else if (resource['resourceType'] !== 'OperationOutcome') entries.push(resource);
    else {
      const issues = issuesOf(resource);
      hasErrorOutcome ||= issues.some(isFailure);
      isSuppressed ||= issues.some(isSuppression);
    }
  }

  const next = nextPage(link);
  return {
    kind: 'bundle',
    entries,
    ...(next === undefined ? {} : { next }),
    hasErrorOutcome,
    malformedEntries,
    isSuppressed,
    ...(typeof total === 'number' ? { total } : {}),
  };
}

function issuesOf(outcome: JsonObject): readonly JsonObject[] {
  const issues = outcome['issue'];
  return Array.isArray(issues) ? issues.filter(isJsonObject) : [];
}

// Epic adds an OperationOutcome of severity information or warning to a search that found nothing: that takes nothing away.
function isFailure({ severity }: JsonObject): boolean {
  return severity === 'error' || severity === 'fatal';
}

/**
 * Outside records, and of Condition the many kinds that hold no diagnosis, such as "Condition - Genomics"; and nothing beside them:
 * who names several in one sentence may have left out what matters.
 */
const LITTLE_LOST =
  /^[^,;&]{0,200}(?:\boutside records?\b|\bcondition - (?!problem|encounter diagnos|medical history))[^,;&]{0,200}$/i;

/**
 * FHIR's word for what was left out for want of access. Epic says it (59204) of each sub-type that the app was not granted, and of
 * outside records with nearly every search: whoever was granted the rest sees all that the organisation itself has.
 */
function isSuppression({ code, diagnostics, details }: JsonObject): boolean {
  if (code !== 'suppressed') return false;
  const text = isJsonObject(details) ? details['text'] : undefined;
  return ![diagnostics, text].some((words) => typeof words === 'string' && LITTLE_LOST.test(words));
}

function nextPage(links: readonly unknown[]): string | undefined {
  const next = links.find((link) => isJsonObject(link) && link['relation'] === 'next');
  if (!isJsonObject(next)) return undefined;
  return typeof next['url'] === 'string' ? next['url'] : '';
}
