import { isPlainHttpUrl, serverKey } from './server-base.ts';

/**
 * Which FHIR servers may be asked. `open` is the mode without configured clients: nobody has vouched for a caller, so that
 * only servers on this very machine are asked. `listed`: those that the operator has written down for the client, and no other.
 */
export type FhirServerPolicy =
  | { readonly mode: 'open' }
  | { readonly mode: 'listed'; readonly servers: readonly string[] };

/**
 * May this `fhirServer` be asked? It comes from the caller, so that a "no" is an ordinary answer and never an error (CH-87).
 * Hosts are compared after normalisation: `2130706433` and `0x7f.1` are 127.0.0.1, and `127.0.0.1.evil.example` is not.
 */
export function isAllowedFhirServer(url: string, policy: FhirServerPolicy): boolean {
  if (!isPlainHttpUrl(url)) return false;

  switch (policy.mode) {
    case 'open':
      return isLoopback(new URL(url).hostname);
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
