import { isJsonObject, type JsonObject } from '../cds-hooks/json.ts';
import type { Resource } from '../ehr-demo/patient-store.ts';
import { describeAnswer, type FhirRest, isDone } from './fhir-rest.ts';

/** Everything that a search found, or why that cannot be said. */
export type Found =
  | { readonly kind: 'found'; readonly resources: readonly Resource[] }
  /** `answers`: the server said something, if not what was asked for. */
  | { readonly kind: 'failed'; readonly because: string; readonly answers: boolean };

/** Past this a search is not one for a patient or a run. */
const MAX_PAGES = 50;

/** A search, read to its last page; OperationOutcomes among the entries are left out. */
export async function searchAll(rest: FhirRest, query: string, token?: string): Promise<Found> {
  const resources: Resource[] = [];
  let next: string | undefined = query;
  for (let page = 0; next !== undefined; page += 1) {
    if (page === MAX_PAGES) return failed(`more than ${MAX_PAGES} pages`);
    // oxlint-disable-next-line no-await-in-loop -- each page says where the next one is
    const answer = await rest.get(next);
    if (!isDone(answer)) return failed(describeAnswer(answer, token), answer?.kind !== 'unreachable');
    const { body } = answer;
    if (body?.['resourceType'] !== 'Bundle') return failed('the answer is no Bundle');
    resources.push(...resourcesIn(body));
    next = nextIn(body);
  }
  return { kind: 'found', resources };
}

/** The resources that a Bundle holds as entries. */
export function resourcesIn({ entry }: JsonObject): readonly Resource[] {
  return (Array.isArray(entry) ? entry : []).flatMap((one: unknown) => {
    const resource = isJsonObject(one) ? one['resource'] : undefined;
    return isResource(resource) && resource.resourceType !== 'OperationOutcome' ? [resource] : [];
  });
}

/** Is it a resource with a type and an id? */
export function isResource(value: unknown): value is Resource {
  return isJsonObject(value) && typeof value['resourceType'] === 'string' && typeof value['id'] === 'string';
}

function failed(because: string, answers = true): Found {
  return { kind: 'failed', because, answers };
}

function nextIn({ link }: JsonObject): string | undefined {
  const links = Array.isArray(link) ? link.filter(isJsonObject) : [];
  const url = links.find(({ relation }) => relation === 'next')?.['url'];
  return typeof url === 'string' ? url : undefined;
}
