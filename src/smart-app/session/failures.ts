import { asObject } from '../../chart/json.ts';

const AGAIN = 'Open the app again from a card in the EHR.';

/** Why no chart is shown: one closed set, each in words for whoever sits before it. */
export const SENTENCES = {
  'not-launched': `This app shows a chart only when an EHR launches it. ${AGAIN}`,
  'no-authorization':
    'The EHR did not say how to ask it for access. Its FHIR server cannot be reached, or its SMART configuration is missing, or does not offer PKCE with S256.',
  'not-secure': 'The browser lets no app prove itself on a page without encryption. The app has to be served by https.',
  'no-storage':
    'The browser keeps nothing for an app in this window, perhaps because it stands inside another page. The EHR has to open it in a window of its own.',
  denied: `The EHR did not grant the app access to this chart. ${AGAIN}`,
  refused: `The EHR could not carry out the launch. ${AGAIN}`,
  'launch-over': `The EHR did not accept the launch any more: each is good once, and for a short time. ${AGAIN}`,
  'no-patient': 'The EHR did not say whose chart it is, so that none is shown.',
  'other-patient': 'The EHR answered with another patient than the one of this launch, so that nothing of it is shown.',
  expired: `The access to this chart has ended. ${AGAIN}`,
  ended: `The chart was closed, and the app has kept nothing of it. ${AGAIN}`,
  unreachable: `The EHR cannot be reached. ${AGAIN}`,
  'server-error': `The EHR could not answer. ${AGAIN}`,
} as const;

export type Failure = keyof typeof SENTENCES;

/**
 * What went wrong while the launch was completed, by the answer of the token endpoint. The address may say so as well, but what
 * anybody can put there is not repeated.
 * @param error as fhirclient throws it
 * @param parameters of the address that the EHR sent the browser to
 */
export function launchFailure(error: unknown, parameters: URLSearchParams): Failure {
  if (parameters.has('error')) return parameters.get('error') === 'access_denied' ? 'denied' : 'refused';
  if (isStorageRefusal(error)) return 'no-storage';
  const status = statusOf(error);
  if (status >= 400 && status < 500) return 'launch-over';
  if (status >= 500) return 'server-error';
  return isSilence(error) ? 'unreachable' : 'not-launched';
}

/** A page in another site's frame may have no storage of its own: the browser throws when it is touched. */
export function isStorageRefusal(error: unknown): boolean {
  return error instanceof DOMException && ['SecurityError', 'QuotaExceededError'].includes(error.name);
}

function statusOf(error: unknown): number {
  const status = asObject(error)?.['status'];
  return typeof status === 'number' ? status : 0;
}

/** What `fetch` throws when there was no answer, or none in time. */
function isSilence(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}
