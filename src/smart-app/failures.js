import { objectOf } from './json.js';

/** @typedef {keyof typeof SENTENCES} Failure */

const AGAIN = 'Open the app again from a card in the EHR.';

/** Why the chart, or a part of it, is not shown. */
export const SENTENCES = {
  'not-launched': `This app shows a chart only when an EHR launches it. ${AGAIN}`,
  denied: `The EHR did not grant the app access to this chart. ${AGAIN}`,
  refused: `The EHR could not carry out the launch. ${AGAIN}`,
  'launch-over': `The EHR did not accept the launch any more: each is good once, and for a short time. ${AGAIN}`,
  'no-patient': 'The EHR did not say whose chart it is, so that none is shown.',
  'other-patient': 'The EHR answered with another patient than the one of this launch, so that nothing of it is shown.',
  expired: `The access to this chart has ended. ${AGAIN}`,
  forbidden: 'The EHR does not let this app read this part of the chart.',
  unreachable: 'The EHR cannot be reached. Load this page again when it can.',
  'server-error': 'The EHR could not answer. Load this page again in a moment.',
  unreadable: 'The EHR answered with something that this app cannot read.',
};

/**
 * What went wrong while the launch was completed, by the answer of the token endpoint. The address may say so as well, but what
 * anybody can put there is not repeated.
 * @param {unknown} error as fhirclient throws it
 * @param {URLSearchParams} parameters of the address that the EHR sent the browser to
 * @returns {Failure}
 */
export function launchFailure(error, parameters) {
  if (parameters.has('error')) return parameters.get('error') === 'access_denied' ? 'denied' : 'refused';
  const status = statusOf(error);
  if (status >= 400 && status < 500) return 'launch-over';
  if (status >= 500) return 'server-error';
  return isNetwork(error) ? 'unreachable' : 'not-launched';
}

/**
 * Why a FHIR server's answer cannot be shown.
 * @param {unknown} error as fhirclient throws it
 * @returns {Failure}
 */
export function readFailure(error) {
  const status = statusOf(error);
  if (status === 401) return 'expired';
  if (status === 403) return 'forbidden';
  if (status >= 400) return 'server-error';
  return isNetwork(error) ? 'unreachable' : 'unreadable';
}

/** @param {unknown} error */
function statusOf(error) {
  const { status } = objectOf(error);
  return typeof status === 'number' ? status : 0;
}

/**
 * What `fetch` throws when there was no answer, or none in time.
 * @param {unknown} error
 */
function isNetwork(error) {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}
