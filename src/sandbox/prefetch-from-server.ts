import { isJsonObject } from '../cds-hooks/json.ts';
import type { Resource } from '../ehr-demo/patient-store.ts';
import type { PrefetchTemplates } from '../ehr-demo/prefetch.ts';
import { describeAnswer, type FhirRest, isDone } from './fhir-rest.ts';
import { isResource, searchAll } from './search-pages.ts';

/** The prefetch of one patient, and what could not be filled. */
export type FilledPrefetch = {
  readonly prefetch: Readonly<Record<string, unknown>>;
  /** Key and reason, in words. */
  readonly unfilled: readonly string[];
};

/**
 * Plays the EHR's side of prefetch: asks its own server for each template. A search is sent whole, with the Medications that
 * its orders refer to; a key is left out when its token cannot be filled or its query fails (CH-69).
 */
export async function prefetchFromServer(
  rest: FhirRest,
  templates: PrefetchTemplates,
  patientId: string,
  token?: string,
): Promise<FilledPrefetch> {
  const filled = await Promise.all(
    Object.entries(templates).map(async ([key, template]) => {
      const query = template.replaceAll('{{context.patientId}}', patientId);
      if (query.includes('{{')) return { key, unfilled: 'a token that this EHR does not know' };
      return { key, ...(await answerTo(rest, query, token)) };
    }),
  );
  return {
    prefetch: Object.fromEntries(filled.flatMap(({ key, ...one }) => ('value' in one ? [[key, one.value]] : []))),
    unfilled: filled.flatMap(({ key, ...one }) => ('unfilled' in one ? [`${key}: ${one.unfilled}`] : [])),
  };
}

type Answered = { readonly value: unknown } | { readonly unfilled: string };

async function answerTo(rest: FhirRest, query: string, token?: string): Promise<Answered> {
  if (!query.includes('?')) {
    const answer = await rest.get(query);
    return isDone(answer) && answer.body !== undefined
      ? { value: answer.body }
      : { unfilled: describeAnswer(answer, token) };
  }
  const found = await searchAll(rest, query, token);
  if (found.kind === 'failed') return { unfilled: found.because };
  return { value: searchset(found.resources, await medicationsOf(rest, found.resources)) };
}

/** An order whose drug is a record of its own says nothing without it. */
async function medicationsOf(rest: FhirRest, orders: readonly Resource[]): Promise<readonly Resource[]> {
  const there = new Set(orders.map(({ resourceType, id }) => `${resourceType}/${id}`));
  const wanted = new Set(orders.flatMap(({ medicationReference: to }) => (isJsonObject(to) ? [to['reference']] : [])));
  const missing = [...wanted].filter(
    (reference): reference is string =>
      typeof reference === 'string' && /^Medication\/[A-Za-z0-9.-]{1,64}$/.test(reference) && !there.has(reference),
  );
  const answers = await Promise.all(missing.map((reference) => rest.get(reference)));
  return answers.flatMap((answer) => (isDone(answer) && isResource(answer.body) ? [answer.body] : []));
}

function searchset(matches: readonly Resource[], included: readonly Resource[]): unknown {
  const entry = [
    ...matches.map((resource) => ({ resource, search: { mode: 'match' } })),
    ...included.map((resource) => ({ resource, search: { mode: 'include' } })),
  ];
  return { resourceType: 'Bundle', type: 'searchset', total: matches.length, ...(entry.length > 0 && { entry }) };
}
