import { RUN_TAGS } from '../../src/sandbox/run-tag.ts';
import { type FhirServerProcess, fixtureResources } from '../support/fhir-server-process.ts';

const TYPES = [...new Set(fixtureResources().map(({ resourceType }) => resourceType))];

/** `Type/id` of everything on the server that a run has created: of one run, or of any. */
export async function leftByRuns(server: FhirServerProcess, tag = ''): Promise<readonly string[]> {
  const found = await Promise.all(
    TYPES.map(async (type) => {
      const search = `${type}?_tag=${encodeURIComponent(RUN_TAGS)}|${tag}&_count=1000`;
      const { entry = [] } = (await server.fetch(search)).body as {
        entry?: { resource: { resourceType: string; id: string } }[];
      };
      return entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`);
    }),
  );
  return found.flat();
}
