// The redirect address: completes the launch, reads the chart with the token that it brought, and shows it.
import { accessIn } from './access.js';
import { readPatient, searchConditions } from './chart.js';
import { byId, element, say } from './elements.js';
import { launchFailure, readFailure, SENTENCES } from './failures.js';
import { oauth2 } from './fhirclient.js';
import { objectOf, textOf } from './json.js';
import { cardIn } from './launch-context.js';
import { identityOf } from './patient.js';
import { problemsIn } from './problems.js';

/** @typedef {import('./failures.js').Failure} Failure */
/** @typedef {import('./fhirclient.js').Client} Client */

const failure = await show();
if (failure !== undefined) say('failure', SENTENCES[failure]);
byId('progress').hidden = true;

/** @returns {Promise<Failure | undefined>} why no chart is shown */
async function show() {
  const parameters = new URLSearchParams(location.search);
  /** @type {Client} */
  let client;
  try {
    client = await oauth2.ready();
  } catch (error) {
    return launchFailure(error, parameters);
  }
  // fhirclient takes away the code; what else the EHR has added is done with as well (RFC 9207's `iss`).
  history.replaceState({}, '', location.pathname);
  const token = objectOf(client.state.tokenResponse);
  // A launch that was begun and not completed leaves a client without a token.
  if (textOf(token['access_token']) === '') return 'not-launched';
  const id = textOf(token['patient']);
  if (id === '') return 'no-patient';

  // Both are asked for at once.
  const [patient, conditions] = await Promise.allSettled([readPatient(client, id), searchConditions(client, id)]);
  if (patient.status === 'rejected') return readFailure(patient.reason);
  if (patient.value['resourceType'] !== 'Patient') return 'unreadable';
  // The worst of all mistakes: a chart under another's name.
  if (patient.value['id'] !== id) return 'other-patient';

  showIdentity(patient.value);
  showOrigin(token['appContext']);
  if (conditions.status === 'fulfilled') showProblems(conditions.value);
  else say('problems-failure', SENTENCES[readFailure(conditions.reason)]);
  showAccess(textOf(token['scope']) || textOf(client.state.scope), client.state.expiresAt);
  byId('chart').hidden = false;
  return undefined;
}

/** @param {import('./json.js').JsonObject} patient */
function showIdentity(patient) {
  const { name, birthDate, sex } = identityOf(patient);
  say('title', name);
  say('birth-date', birthDate);
  say('sex', sex);
}

/** @param {unknown} appContext of the card's link, as the token response has passed it on */
function showOrigin(appContext) {
  const cards = /** @type {HTMLTemplateElement} */ (byId('cards')).content.querySelectorAll('a');
  const card = cardIn(appContext);
  // Only a link that the service has put there: nothing of what came along becomes an address.
  const link = [...cards].find(({ dataset }) => dataset['card'] === card);
  byId('origin').append(
    ...(link === undefined
      ? ['The EHR did not say from which card the app was opened.']
      : ['Opened from the card ', link.cloneNode(true), ', whose page says when it is shown and why.']),
  );
}

/** @param {{ readonly resources: readonly unknown[]; readonly isComplete: boolean }} found */
function showProblems({ resources, isComplete }) {
  const problems = problemsIn(resources);
  if (!isComplete) say('problems-note', 'The list is longer than this app reads. These are its first entries.');
  else if (problems.length === 0) say('problems-note', 'None is on record.');
  byId('problems').append(
    ...problems.map(({ what, histology, when, status, isWithdrawn }) => {
      const details = [histology, status, when].filter((part) => part !== '');
      return element('li', [
        element(isWithdrawn ? 's' : 'span', [what]),
        element('span', [details.join(' · ')], 'small'),
      ]);
    }),
  );
}

/**
 * @param {string} scope as granted
 * @param {number | undefined} expiresAt seconds since 1970
 */
function showAccess(scope, expiresAt) {
  byId('access').append(...accessIn(scope).map((access) => element('li', [access])));
  if (typeof expiresAt !== 'number' || !Number.isFinite(expiresAt)) return;
  const time = new Date(expiresAt * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  say('expiry', `The access ends at ${time}.`);
}
