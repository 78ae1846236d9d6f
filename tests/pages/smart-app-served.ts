import { smartRegistrations } from '../../src/clients/smart-registrations.ts';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { type SmartAppOptions, smartAppPages } from '../../src/pages/smart-app-pages.ts';
import { serveBehind } from '../http/served-behind.ts';
import type { Served } from '../support/http.ts';
import { guideline, PUBLIC_URL } from '../support/service.ts';
import { FAKE_BUNDLE } from './fake-bundle.ts';

export const ISS = 'https://ehr.example/fhir';

/** The app's pages as the service serves them, behind its own headers. */
export function serveSmartApp(changes: Partial<SmartAppOptions> = {}): Promise<Served> {
  const pages = smartAppPages({
    registrations: smartRegistrations([
      {
        name: 'General Hospital',
        fhirServers: [ISS],
        smartClientId: 'the "app"',
        smartAuthorizationServers: ['https://login.ehr.example'],
        smartFrameAncestors: ['https://portal.ehr.example', 'https://ward.ehr.example:8443'],
      },
    ]),
    publicUrl: () => PUBLIC_URL,
    files: async () => FAKE_BUNDLE,
    content: {
      guidelineFor: (iss) => (iss === ISS ? { guideline, site: undefined } : undefined),
      evidence: () => ({ of: 'evidence' }),
      education: () => ({ of: 'education' }),
    },
    ...changes,
  });
  return serveBehind([securityHeaders(), pages], (_request, response) => {
    response.status(404).send('not the app');
  });
}
