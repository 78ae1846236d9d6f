import { demoAddresses } from './addresses.ts';
import { CHARACTERS, type Character, type CharacterId } from './ehr/character.ts';

/** How one character of the demo EHR is registered at the service, as an entry of a clients file would say it. */
export interface Registration {
  readonly name: string;
  readonly iss: string;
  readonly jwksUrl: string;
  readonly fhirServers: readonly string[];
  readonly profile: Character['profile'];
  /** `lean`: what is not sent along is read with the token. */
  readonly prefetch: 'full' | 'lean';
  readonly smartClientId: string;
}

/** As the SMART app is known at the demo's authorization server. */
export const SMART_CLIENT_ID = 'asps-smart-app';

/** As this character is known to the service's operator. */
export function nameOf(character: CharacterId): string {
  return `Demo EHR (${CHARACTERS.find(({ id }) => id === character)?.name ?? character})`;
}

/** The `iss` of the JWTs of this character. */
export function issuerOf(publicUrl: string, character: CharacterId): string {
  return `${publicUrl}/demo/ehr/${character}`;
}

/** The one whose client has an overlay of its own. */
export const EPIC_LIKE: CharacterId = 'epic-like';

export function registrations(publicUrl: string): readonly Registration[] {
  const { jwksUrl, fhirBaseUrl, openFhirBaseUrl } = demoAddresses(publicUrl);
  return CHARACTERS.map(({ id, profile }) => ({
    name: nameOf(id),
    iss: issuerOf(publicUrl, id),
    jwksUrl,
    fhirServers: [fhirBaseUrl, openFhirBaseUrl],
    profile,
    prefetch: id === 'spec-complete' ? 'lean' : 'full',
    smartClientId: SMART_CLIENT_ID,
  }));
}
