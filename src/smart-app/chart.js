import { listOf, objectOf, textOf } from './json.js';

/** @typedef {import('./fhirclient.js').Client} Client */
/** @typedef {import('./json.js').JsonObject} JsonObject */

/** More than a chart has; a server that leads in a circle is not followed for ever. */
const MAX_PAGES = 20;
const PATIENCE_MS = 20_000;

/**
 * @param {Client} client
 * @param {string} patient id
 * @returns {Promise<JsonObject>} what the server has under this address
 */
export async function readPatient(client, patient) {
  return get(client, `Patient/${encodeURIComponent(patient)}`);
}

/**
 * @param {Client} client
 * @param {string} patient id
 * @returns {Promise<{ readonly resources: readonly unknown[]; readonly isComplete: boolean }>}
 */
export async function searchConditions(client, patient) {
  /** @type {unknown[]} */
  const resources = [];
  let address = `Condition?patient=${encodeURIComponent(patient)}`;
  for (let page = 0; page < MAX_PAGES && address !== ''; page += 1) {
    const bundle = await get(client, address);
    if (bundle['resourceType'] !== 'Bundle') throw new Error('no Bundle');
    resources.push(...listOf(bundle['entry']).map((entry) => objectOf(entry)['resource']));
    // Where else it may lead, the page's security policy says.
    const next = listOf(bundle['link'])
      .map(objectOf)
      .find(({ relation }) => relation === 'next');
    address = textOf(next?.['url']);
  }
  return { resources, isComplete: address === '' };
}

/**
 * @param {Client} client
 * @param {string} address below the FHIR base URL, or whole
 */
async function get(client, address) {
  /** @type {unknown} */
  const answer = await client.request({ url: address, signal: AbortSignal.timeout(PATIENCE_MS) });
  return objectOf(answer);
}
