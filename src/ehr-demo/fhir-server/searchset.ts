import type { Bundle } from './resource.ts';
import type { SearchQuery } from './search-query.ts';

/** A page of what was found, with what makes it one: where each resource stands, and where the next page is. */
export function searchset(found: Bundle, resourceType: string, query: SearchQuery, baseUrl: string): Bundle {
  const total = found.total ?? 0;
  const seen = query.offset + query.count;
  const link = (relation: string, offset: number) => ({ relation, url: pageUrl(resourceType, query, offset, baseUrl) });
  return {
    ...found,
    link: [
      link('self', query.offset),
      ...(query.count > 0 && query.offset > 0 ? [link('previous', Math.max(0, query.offset - query.count))] : []),
      ...(query.count > 0 && seen < total ? [link('next', seen)] : []),
    ],
    ...(found.entry && {
      entry: found.entry.map((entry) => ({
        fullUrl: `${baseUrl}/${entry.resource?.resourceType}/${entry.resource?.id}`,
        ...entry,
      })),
    }),
  };
}

/** Names what was understood of the search, and nothing else (FHIR R4, 3.1.1.1.1). */
function pageUrl(resourceType: string, { parameters, count }: SearchQuery, offset: number, baseUrl: string): string {
  const search = new URLSearchParams([
    ...parameters.map(([name, value]) => [name, value]),
    ['_count', String(count)],
    ...(offset === 0 ? [] : [['_offset', String(offset)]]),
  ]);
  return `${baseUrl}/${resourceType}?${search.toString()}`;
}
