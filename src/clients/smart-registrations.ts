import { isPlainHttpUrl, serverKey } from '../fhir/server-base.ts';

/** A client as far as it launches the SMART app. */
export interface LaunchingClient {
  readonly fhirServers: readonly string[];
  readonly smartClientId?: string;
}

/** Where the SMART app is registered. */
export interface SmartRegistrations {
  /** As which OAuth 2 client, with the authorization server of this FHIR server; undefined: it is not registered there. */
  readonly clientIdFor: (iss: string) => string | undefined;
  /** The origins of all these FHIR servers. */
  readonly origins: () => readonly string[];
}

/** Who launches the app is named by the launch itself, so that only FHIR servers that the operator vouches for count. */
export function smartRegistrations(clients: readonly LaunchingClient[]): SmartRegistrations {
  const servers = clients.flatMap(({ fhirServers, smartClientId }) =>
    smartClientId === undefined ? [] : fhirServers.map((url) => ({ url, smartClientId })),
  );
  const byKey = new Map(servers.map(({ url, smartClientId }) => [serverKey(url), smartClientId]));
  const origins = [...new Set(servers.map(({ url }) => new URL(url).origin))];
  return {
    clientIdFor: (iss) => (isPlainHttpUrl(iss) ? byKey.get(serverKey(iss)) : undefined),
    origins: () => origins,
  };
}
