import { demoAddresses } from './addresses.ts';
import { CHARACTERS, type Character, type CharacterId } from './ehr/character.ts';

/** How one character of the demo EHR is registered at the service, as an entry of a clients file would say it. */
export interface Registration {
  readonly name: string;
  readonly iss: string;
  readonly jwksUrl: string;
  readonly fhirServers: readonly string[];
  readonly profile: Character['profile'];
  readonly smartClientId: string;
}

/** As the SMART app is known at the demo's authorization server. */
export const SMART_CLIENT_ID = 'asps-smart-app';

/** The `iss` of the JWTs of this character. */
export function issuerOf(publicUrl: string, character: CharacterId): string {
  return `${publicUrl}/demo/ehr/${character}`;
}

export function registrations(publicUrl: string): readonly Registration[] {
  const { jwksUrl, fhirBaseUrl, openFhirBaseUrl } = demoAddresses(publicUrl);
  return CHARACTERS.map(({ id, name, profile }) => ({
    name: `Demo EHR (${name})`,
    iss: issuerOf(publicUrl, id),
    jwksUrl,
    fhirServers: [fhirBaseUrl, openFhirBaseUrl],
    profile,
    smartClientId: SMART_CLIENT_ID,
  }));
}
