// The launch address: sends the browser on to the authorization server of the EHR, which the service has found among those
// that it knows.
import { type Failure, isStorageRefusal, SENTENCES } from './session/failures.ts';
import { oauth2 } from './session/fhirclient.ts';
import { scopeFor, scopeVersion } from './session/scopes.ts';

/** A configuration that takes longer is one that the launch itself would wait for in vain. */
const PATIENCE_MS = 10_000;

const progress = document.querySelector<HTMLElement>('#progress');
const failure = document.querySelector<HTMLElement>('#failure');
const { iss = '', launch = '', clientId = '', redirectUri = '' } = progress?.dataset ?? {};

// fhirclient lets every parameter of the address overrule what it is told: none stays but those that the service has looked at.
const parameters = new URLSearchParams(launch === '' ? { iss } : { iss, launch });
history.replaceState({}, '', `${location.pathname}?${parameters}`);

const reason = await begin();
if (failure !== null && reason !== undefined) failure.textContent = SENTENCES[reason];
if (progress !== null && reason !== undefined) progress.hidden = true;

/** @returns why the browser is still here; undefined: it is on its way */
async function begin(): Promise<Failure | undefined> {
  // Without it there is nothing to compute a challenge with.
  if (!isSecureContext) return 'not-secure';
  try {
    const address: unknown = await oauth2().authorize({
      iss,
      ...(launch !== '' && { launch }),
      clientId,
      redirectUri,
      scope: scopeFor({ isEhrLaunch: launch !== '', version: scopeVersion(await smartConfiguration()) }),
      pkceMode: 'required',
      // A window that the EHR opened is the app's own: the answer belongs here, not in the window that opened it.
      completeInTarget: true,
      noRedirect: true,
    });
    // At an open server fhirclient would go on without a token.
    if (typeof address !== 'string' || address.startsWith(redirectUri)) return 'no-authorization';
    if (!/^https?:/i.test(address)) return 'no-authorization';
    // No step back leads here again: a launch is good once.
    location.replace(address);
    return undefined;
  } catch (error) {
    return isStorageRefusal(error) ? 'no-storage' : 'no-authorization';
  }
}

/** Which fhirclient reads once more, but does not show. Undefined: there is none that can be read. */
async function smartConfiguration(): Promise<unknown> {
  try {
    const url = `${iss.replace(/\/+$/, '')}/.well-known/smart-configuration`;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { headers: { accept: 'application/json' }, credentials: 'omit', signal });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
