import { isPlainHttpUrl, serverKey } from '../fhir/server-base.ts';

/** A client as far as it launches the SMART app. */
export interface LaunchingClient {
  readonly name: string;
  readonly fhirServers: readonly string[];
  readonly smartClientId?: string;
  /** Origins of its authorization server, where that is not the FHIR server's. */
  readonly smartAuthorizationServers?: readonly string[];
  /** Origins of its pages that open apps in a frame. */
  readonly smartFrameAncestors?: readonly string[];
}

/** Where the SMART app is registered. */
export interface SmartRegistrations {
  /** Whose FHIR server this is, and as which OAuth 2 client the app is registered there; undefined: it is not. */
  readonly siteFor: (iss: string) => SmartSite | undefined;
  /** The origins that the app talks to, besides its own: FHIR servers and authorization servers. */
  readonly origins: readonly string[];
  /** The origins of pages that may frame the app, besides its own. */
  readonly frameAncestors: readonly string[];
}

export interface SmartSite {
  /** The name of the client. */
  readonly client: string;
  readonly clientId: string;
}

/** Who launches the app is named by the launch itself, so that only FHIR servers that the operator vouches for count. */
export function smartRegistrations(clients: readonly LaunchingClient[]): SmartRegistrations {
  const sites = new Map<string | undefined, SmartSite>();
  const origins = new Set<string>();
  const frameAncestors = new Set<string>();
  for (const client of clients) {
    const { name, fhirServers, smartClientId, smartAuthorizationServers = [], smartFrameAncestors = [] } = client;
    if (smartClientId === undefined) continue;
    for (const url of fhirServers) {
      const key = serverKey(url);
      // Of those that share one the first stands for all: they launch the same app with the same cards.
      if (!sites.has(key)) sites.set(key, { client: name, clientId: smartClientId });
      origins.add(new URL(url).origin);
    }
    for (const origin of smartAuthorizationServers) origins.add(origin);
    for (const origin of smartFrameAncestors) frameAncestors.add(origin);
  }
  return {
    siteFor: (iss) => (isPlainHttpUrl(iss) ? sites.get(serverKey(iss)) : undefined),
    origins: [...origins],
    frameAncestors: [...frameAncestors],
  };
}
