import { serverKey } from './server-base.ts';

/**
 * Which FHIR servers may be asked. `open` is the mode without configured clients: nobody has vouched for a caller, so that
 * only servers on this very machine are asked. `listed`: those that the operator has written down for the client, and no other.
 */
export type FhirServerPolicy =
  | { readonly mode: 'open' }
  | { readonly mode: 'listed'; readonly servers: readonly string[] };

// Scheme, authority and path as written. Stricter than the WHATWG parser, which repairs backslashes, tabs and missing
// slashes: what needs repair was not meant as a FHIR base URL. `@` in the authority would be user information.
const PLAIN_HTTP_URL = /^https?:\/\/[^\s/?#@\\]+(?:\/[^\s?#\\]*)?$/i;

/**
 * May this `fhirServer` be asked? It comes from the caller, so that a "no" is an ordinary answer and never an error (CH-87).
 * Hosts are compared after normalisation: `2130706433` and `0x7f.1` are 127.0.0.1, and `127.0.0.1.evil.example` is not.
 */
export function isAllowedFhirServer(url: string, policy: FhirServerPolicy): boolean {
  if (!PLAIN_HTTP_URL.test(url)) return false;
  const parsed = URL.parse(url);
  if (parsed === null) return false;

  switch (policy.mode) {
    case 'open':
      return isLoopback(parsed.hostname);
    case 'listed': {
      const asked = serverKey(url);
      return policy.servers.some((server) => serverKey(server) === asked);
    }
    default:
      return policy satisfies never;
  }
}

// The parser has turned every spelling of an IPv4 address into four decimal numbers, and refuses other hosts that end in one.
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
