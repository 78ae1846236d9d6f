import type { SearchRequest, WithId } from '@medplum/core';
import { type FhirRepository, getExtraEntries, type IncludeSearchFn } from '@medplum/fhir-router';
import type { Resource } from './resource.ts';

type Found<T extends Resource> = Awaited<ReturnType<typeof FhirRepository.prototype.search<T>>>;

/** Of one page. The library's own limit would refuse a full page with anything included. */
const MAX_ENTRIES = 10_000;

/** What was found, and what the search says should come along (`_include`, `_revinclude`), as far as `repository` has it. */
export async function withIncluded<T extends Resource>(
  found: Found<T>,
  request: SearchRequest<T>,
  repository: FhirRepository,
  executeSearch: IncludeSearchFn = (search) => repository.searchResources(search),
): Promise<Found<T>> {
  const matches = found.entry ?? [];
  const resources: WithId<T>[] = matches.flatMap(({ resource }) => resource ?? []);
  await getExtraEntries(repository, request, resources, matches, { maxResults: MAX_ENTRIES, executeSearch });
  return found;
}
