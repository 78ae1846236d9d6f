// The launch address: sends the browser on to the authorization server of the EHR, which the service has found among those
// that it knows.
import { byId, say } from './elements.js';
import { oauth2 } from './fhirclient.js';

const { iss = '', launch = '', clientId = '', redirectUri = '', scope = '' } = byId('progress').dataset;

// fhirclient lets every parameter of the address overrule what it is told: none stays but the two that the service has looked at.
history.replaceState({}, '', `${location.pathname}?${new URLSearchParams({ iss, launch })}`);

try {
  const address = await oauth2.authorize({
    iss,
    launch,
    clientId,
    redirectUri,
    scope,
    pkceMode: 'required',
    // A window that the EHR opened is the app's own: the answer belongs here, not in the window that opened it.
    completeInTarget: true,
    noRedirect: true,
  });
  // At an open server fhirclient would go on without a token.
  if (typeof address !== 'string' || address.startsWith(redirectUri)) throw new Error('no authorization server');
  if (!/^https?:/i.test(address)) throw new Error('no address of the web');
  // No step back leads here again: a launch is good once.
  location.replace(address);
} catch {
  say(
    'failure',
    isSecureContext
      ? 'The EHR did not say how to ask it for access. Its FHIR server cannot be reached, or its SMART configuration is missing, or does not offer PKCE with S256.'
      : 'The browser lets no app prove itself on a page without encryption. The app has to be served by https.',
  );
  byId('progress').hidden = true;
}
