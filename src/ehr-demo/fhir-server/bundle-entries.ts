import type { RequestHandler } from 'express';
import { isJsonObject, type JsonObject } from '../../cds-hooks/json.ts';
import { type Refusal, refusal } from './outcomes.ts';
import { MAX_QUERY } from './search-bounds.ts';
import { sendRefusal } from './send-fhir.ts';

/** Whatever a Bundle asks is done before anything else is answered. */
const MAX_ENTRIES = 1000;
/** Each looks through everything of its type. */
const MAX_SEARCHES = 100;
/** Of all its searches together, each value or sort key of a list by itself. */
const MAX_VALUES = 300;

/** Sends back a batch or transaction that cannot be taken up, before the library stumbles over it. */
export const entriesInBody: RequestHandler = ({ body }, response, next) => {
  const why = faultIn(body);
  if (why === undefined) next();
  else sendRefusal(response, why);
};

function faultIn(bundle: unknown): Refusal | undefined {
  if (!isJsonObject(bundle) || bundle['resourceType'] !== 'Bundle') {
    return refusal(400, 'structure', 'What is posted to the base must be a Bundle');
  }
  const entries: unknown = bundle['entry'] ?? [];
  if (!Array.isArray(entries)) return refusal(400, 'structure', 'Bundle.entry must be a list');
  if (entries.length > MAX_ENTRIES) return refusal(413, 'too-long', `A Bundle may have ${MAX_ENTRIES} entries`);
  const wrong = entries.findIndex((entry) => !isJsonObject(entry));
  if (wrong !== -1) return refusal(400, 'structure', `Bundle.entry[${wrong}] is no object`);
  const empty = entries.findIndex(lacksResource);
  if (empty !== -1) return refusal(400, 'structure', `Bundle.entry[${empty}] has no resource to keep`);
  const searches = entries.flatMap(searchesOf);
  if (searches.length > MAX_SEARCHES) return tooCostly(`have ${MAX_SEARCHES} entries that search`);
  const all = searches.join('&');
  if (all.length > MAX_QUERY) return tooCostly(`have ${MAX_QUERY} characters of searches`);
  const values = [...new URLSearchParams(all).values()].flatMap((value) => value.split(','));
  return values.length > MAX_VALUES ? tooCostly(`search by ${MAX_VALUES} values`) : undefined;
}

function tooCostly(limit: string): Refusal {
  return refusal(413, 'too-costly', `A Bundle may ${limit}`);
}

function lacksResource({ request, resource }: JsonObject): boolean {
  const method = isJsonObject(request) ? request['method'] : undefined;
  return (method === 'POST' || method === 'PUT') && !isJsonObject(resource);
}

/** The queries by which an entry searches: what it asks for, what it changes, or what must not be there yet. */
function searchesOf({ request }: JsonObject): readonly string[] {
  if (!isJsonObject(request)) return [];
  const { method, url, ifNoneExist } = request;
  const [path = '', query] = typeof url === 'string' ? url.split(/\?(.*)/s, 2) : [];
  // All of a type is a search without parameters.
  const isSearch = query !== undefined || (method === 'GET' && /^\/*[^/]*\/*$/.test(path));
  const condition = typeof ifNoneExist === 'string' ? ifNoneExist : JSON.stringify(ifNoneExist);
  return [isSearch ? (query ?? '') : undefined, condition].filter((search) => search !== undefined);
}
