import type { PrefetchValue } from '../cds-hooks/prefetch.ts';
import type { JsonObject, UnreadReason } from '../chart/reading.ts';
import { isAnotherPatients } from '../chart/subject.ts';
import type { Query } from './query.ts';

/**
 * What one value, prefetched or answered by a server, tells of a part of the chart.
 * `page`: resources of this patient, perhaps none; `fault` says why more may exist even without a next page.
 * `failed`: the query was run and failed, so that it is not run again (CH-66).
 * `unsatisfied`: it says nothing; whoever else can be asked should be.
 */
export type Finding = Page | { readonly kind: 'failed' } | Unsatisfied;

export interface Page {
  readonly kind: 'page';
  readonly resources: readonly JsonObject[];
  readonly next: string | undefined;
  readonly fault: UnreadReason | undefined;
  readonly skipped: number;
  /** How many entries there were, readable or not, and how many the server says there are. */
  readonly counted: number;
  readonly total: number;
}

interface Unsatisfied {
  readonly kind: 'unsatisfied';
  readonly reason: UnreadReason;
  readonly skipped: number;
}

type Bundle = Extract<PrefetchValue, { readonly kind: 'bundle' }>;

/** Judges one value against the query it answers and the patient it must be about. */
export function judge(value: PrefetchValue, query: Query, patientId: string): Finding {
  switch (value.kind) {
    case 'absent':
      return unsatisfied('not-sent');
    case 'none':
      return nothing(query);
    case 'failed':
      return { kind: 'failed' };
    case 'malformed':
      return unsatisfied('malformed');
    case 'resource':
      return judgeResource(value.resource, query, patientId);
    case 'bundle':
      return query.isSearch ? judgeBundle(value, query, patientId) : unsatisfied('malformed');
    default:
      return value satisfies never;
  }
}

/** As `judge`, of what is no later page: an empty one that says that something was found is no answer. */
export function judgeFirst(value: PrefetchValue, query: Query, patientId: string): Finding {
  const found = judge(value, query, patientId);
  if (found.kind !== 'page') return found;
  const { counted, total, next, fault } = found;
  return counted === 0 && total > 0 && next === undefined && fault === undefined ? unsatisfied('malformed') : found;
}

function judgeResource(resource: JsonObject, query: Query, patientId: string): Finding {
  const fits = !query.isSearch && resource['resourceType'] === query.resourceType;
  if (!fits || isAnotherPatients(resource, patientId)) return unsatisfied('malformed', 1);
  return page({ resources: [resource] });
}

function judgeBundle(bundle: Bundle, query: Query, patientId: string): Finding {
  const { entries, next, malformedEntries, total = 0 } = bundle;
  const resources = entries.filter((resource) => answers(resource, query) && !isAnotherPatients(resource, patientId));
  const counted = entries.length + malformedEntries;
  const skipped = counted - resources.length;
  const isEmpty = !resources.some((resource) => resource['resourceType'] === query.resourceType);
  const fault = faultOf(bundle);

  if (isEmpty && skipped > 0 && !bundle.hasErrorOutcome) return unsatisfied('malformed', skipped);
  if (isEmpty && next === undefined && fault === undefined && total === 0) return nothing(query, resources);
  return page({ resources, next, fault, skipped, counted, total });
}

function faultOf({ hasErrorOutcome, isSuppressed, malformedEntries }: Bundle): UnreadReason | undefined {
  if (hasErrorOutcome) return 'failed';
  if (isSuppressed) return 'refused';
  return malformedEntries > 0 ? 'malformed' : undefined;
}

// Servers add the Medication of a MedicationRequest without being asked, and charts need it.
function answers(resource: JsonObject, query: Query): boolean {
  return resource['resourceType'] === query.resourceType || resource['resourceType'] === 'Medication';
}

// "Asked, and there is nothing" is an answer (CH-67, CH-68), except for the patient, who exists.
function nothing(query: Query, resources: readonly JsonObject[] = []): Finding {
  return query.resourceType === 'Patient' ? unsatisfied('not-sent') : page({ resources });
}

function page(found: Partial<Page>): Page {
  return {
    kind: 'page',
    resources: [],
    next: undefined,
    fault: undefined,
    skipped: 0,
    counted: 0,
    total: 0,
    ...found,
  };
}

function unsatisfied(reason: UnreadReason, skipped = 0): Unsatisfied {
  return { kind: 'unsatisfied', reason, skipped };
}
