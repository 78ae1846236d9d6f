import { clientProfile } from '../../src/cds-hooks/profile.ts';
import type { Client } from '../../src/clients.ts';

/** A client as a clients file would have it: with the profile `default`, no FHIR server, and all addresses within reach. */
export function registeredClient(own: Partial<Client> = {}): Client {
  return {
    name: 'General Hospital',
    iss: 'https://ehr.example.org',
    keys: { jwks: { keys: [] } },
    algorithms: ['ES384'],
    profile: clientProfile('default'),
    prefetch: 'full',
    rateLimitPerMinute: 600,
    fhirServers: [],
    reach: { kind: 'any' },
    ...own,
  };
}
