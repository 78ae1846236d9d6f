import type { SearchRequest, WithId } from '@medplum/core';
import type { FhirRepository } from '@medplum/fhir-router';
import type { Definitions } from './definitions.ts';
import { linkOf, nameOf, type Surroundings, thoseReferredTo, thoseReferring } from './include-links.ts';
import type { Bundle, Resource } from './resource.ts';
import { tooMuch } from './search-bounds.ts';

type Found<T extends Resource> = Awaited<ReturnType<typeof FhirRepository.prototype.search<T>>>;
type Entry = NonNullable<Bundle['entry']>[number];

/** As many as may be on a page by themselves. */
const MAX_INCLUDED = 1000;

/**
 * What was found, and what the search says should come along (`_include`, `_revinclude`), each once. What the library has for
 * this takes the time of all that was found times all that might refer to it, and goes round as often as records do.
 *
 * @throws {OperationOutcomeError} if that is too much, or there is no such include.
 */
export async function withIncluded<T extends Resource>(
  found: Found<T>,
  { include = [], revInclude = [] }: SearchRequest<T>,
  definitions: Definitions,
  surroundings: Surroundings,
): Promise<Found<T>> {
  const forwards = include.map((target) => ({ ...linkOf(target, definitions), again: target.modifier === 'iterate' }));
  const backwards = revInclude.map((target) => linkOf(target, definitions));
  const entries: Entry[] = found.entry ?? [];
  const limit = entries.length + MAX_INCLUDED;
  const seen = new Set<string>();
  const isNew = (resource: Resource): boolean => {
    const before = seen.size;
    return seen.add(nameOf(resource)).size > before;
  };

  let newest: readonly Resource[] = entries.flatMap(({ resource }) => resource ?? []).filter(isNew);
  for (let isFirst = true; newest.length > 0; isFirst = false) {
    const from = newest;
    // oxlint-disable-next-line no-await-in-loop -- what is one step away tells what is two
    const reached = await Promise.all([
      ...forwards.filter(({ again }) => isFirst || again).map((link) => thoseReferredTo(from, link, surroundings)),
      ...(isFirst ? backwards.map((link) => thoseReferring(from, link, surroundings)) : []),
    ]);
    newest = reached.flat().filter(isNew);
    for (const resource of newest) entries.push({ search: { mode: 'include' }, resource });
    if (entries.length > limit) throw tooMuch(`A search may include ${MAX_INCLUDED} resources`);
  }
  return found;
}

/** The resources of a page, with what comes along. */
export function resourcesIn<T extends Resource>({ entry = [] }: Found<T>): readonly WithId<T>[] {
  return entry.flatMap(({ resource }) => resource ?? []);
}
