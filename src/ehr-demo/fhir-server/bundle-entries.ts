import type { RequestHandler } from 'express';
import { isJsonObject } from '../../cds-hooks/json.ts';
import { type Refusal, refusal } from './outcomes.ts';
import { sendRefusal } from './send-fhir.ts';

/** Whatever a Bundle asks is done before anything else is answered. */
const MAX_ENTRIES = 1000;
/** Each looks through everything of its type. */
const MAX_CONDITIONS = 100;

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
  return entries.filter(isConditional).length > MAX_CONDITIONS
    ? refusal(413, 'too-costly', `A Bundle may have ${MAX_CONDITIONS} conditional entries`)
    : undefined;
}

/** Is it done only if a search finds nothing, or to what a search finds? */
function isConditional(entry: unknown): boolean {
  const request = isJsonObject(entry) ? entry['request'] : undefined;
  if (!isJsonObject(request)) return false;
  const { method, url, ifNoneExist } = request;
  return ifNoneExist !== undefined || (method !== 'GET' && typeof url === 'string' && url.includes('?'));
}
