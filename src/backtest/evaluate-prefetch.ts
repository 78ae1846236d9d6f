import { asText } from '../chart/json.ts';
import { type JsonObject, RESOURCE_KEYS, type ResourceKey } from '../chart/reading.ts';
import { matchesToken } from '../ehr-demo/token-search.ts';
import { WITH_MEDICATIONS } from '../fhir/beside-orders.ts';

type Queries = Readonly<Record<ResourceKey, string>>;

/**
 * What an EHR that holds nothing but these resources of one patient would send as prefetch. A type of which the whole export
 * has none was not exported, so that its keys are left out: not read, and not empty (CH-69).
 */
export function prefetchOf(
  resources: readonly JsonObject[],
  queries: Queries,
  exportedTypes: ReadonlySet<string>,
): JsonObject {
  const byType = Map.groupBy(resources, ({ resourceType }) => asText(resourceType));
  const medications = byType.get('Medication') ?? [];
  return Object.fromEntries(
    RESOURCE_KEYS.flatMap((key): readonly (readonly [ResourceKey, unknown])[] => {
      const { type, codes, isSearch } = partsOf(queries[key]);
      if (!exportedTypes.has(type)) return [];
      const ofType = byType.get(type) ?? [];
      if (!isSearch) return ofType[0] === undefined ? [] : [[key, ofType[0]]];
      const found = codes === undefined ? ofType : ofType.filter((resource) => hasCode(resource, type, codes));
      return [[key, searchset([...found, ...(WITH_MEDICATIONS.has(key) ? medications : [])])]];
    }),
  );
}

function partsOf(template: string): { readonly type: string; readonly codes?: string; readonly isSearch: boolean } {
  const [path = '', search] = template.split('?', 2);
  const codes = new URLSearchParams(search ?? '').get('code');
  return { type: path.split('/')[0] ?? '', isSearch: search !== undefined, ...(codes === null ? {} : { codes }) };
}

function hasCode({ code }: JsonObject, resourceType: string, codes: string): boolean {
  return matchesToken({ resourceType, id: '', code }, 'code', codes);
}

function searchset(resources: readonly JsonObject[]): JsonObject {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(resources.length === 0 ? {} : { entry: resources.map((resource) => ({ resource })) }),
  };
}
