import { asObject, asText } from '../../chart/json.ts';

/** For whom the first view is: both can be chosen in the app by whoever reads. */
export type Audience = 'clinician' | 'family';

/** A reference to who has opened the app, relative or not (SMART App Launch 2.2, "fhirUser"). */
const USER = /(?:^|\/)(?<type>[A-Z][A-Za-z]*)\/[^/]+$/;
const FAMILY: ReadonlySet<string> = new Set(['Patient', 'RelatedPerson']);

/**
 * From which card the app was launched.
 * @param appContext what the card's link gave the EHR for the app (CDS Hooks 2.0, Link): JSON, if it came through unchanged
 * @returns the card's id, which may be any text; undefined if that is not said
 */
export function cardIn(appContext: unknown): string | undefined {
  try {
    return asText(asObject(JSON.parse(asText(appContext) ?? ''))?.['card'])?.trim();
  } catch {
    return undefined;
  }
}

/**
 * For whom the app has been opened. It decides which view comes first and nothing else, so that an id_token whose signature
 * nobody has checked will do. Whoever is unknown is taken for a clinician: EHRs launch the app from their charts.
 */
export function audienceOf(idToken: unknown): Audience {
  const type = USER.exec(asText(claimsIn(idToken)?.['fhirUser']) ?? '')?.groups?.['type'];
  return type !== undefined && FAMILY.has(type) ? 'family' : 'clinician';
}

/** The payload of a JWT (RFC 7519). */
function claimsIn(idToken: unknown): ReturnType<typeof asObject> {
  try {
    const [, payload = ''] = (asText(idToken) ?? '').split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (byte) =>
      byte.charCodeAt(0),
    );
    return asObject(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
