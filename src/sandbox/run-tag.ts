import { isJsonObject } from '../cds-hooks/json.ts';
import type { Resource } from '../ehr-demo/patient-store.ts';

/** The code system of the runs of `npm run sandbox`: a resource that one created has the run's UUID as a tag. */
export const RUN_TAGS = 'urn:uuid:27e2a47d-d875-40ad-9ecc-77149e5260dc';

/** The resource as a server takes it in: without what the server settles, and with the tag of the run. */
export function tagged({ id: _id, meta, ...resource }: Resource, run: string): Record<string, unknown> {
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...kept } = isJsonObject(meta) ? meta : {};
  const tags: readonly unknown[] = Array.isArray(kept['tag']) ? kept['tag'] : [];
  return { ...resource, meta: { ...kept, tag: [...tags, { system: RUN_TAGS, code: run }] } };
}

/** Was it created by this run? */
export function isOfRun({ meta }: Resource, run: string): boolean {
  const tags: readonly unknown[] = isJsonObject(meta) && Array.isArray(meta['tag']) ? meta['tag'] : [];
  return tags.some((tag) => isJsonObject(tag) && tag['system'] === RUN_TAGS && tag['code'] === run);
}

/** The search for what a run created of one type. */
export function searchOfRun(resourceType: string, run: string): string {
  return `${resourceType}?_tag=${encodeURIComponent(RUN_TAGS)}|${run}&_count=200`;
}
