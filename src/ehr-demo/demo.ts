import express from 'express';
import { demoAddresses } from './addresses.ts';
import { createAuthorizationServer } from './authorization-server/authorization-server.ts';
import { callSigner, createSigningKey } from './call-signer.ts';
import { createEhr } from './ehr/ehr.ts';
import { createRepository, fhirServer } from './fhir-server/fhir-server.ts';
import { createRecords } from './fhir-server/records.ts';
import { isOwnHost } from './own-host.ts';
import { issuerOf, SMART_CLIENT_ID } from './registration.ts';
import { residents } from './residents.ts';
import { loadScenarios } from './scenarios.ts';
import { trafficWatch } from './traffic-watch.ts';
import { demoPages } from './web/demo-pages.ts';

export interface DemoOptions {
  /** Of the service, without a trailing slash: where the demo calls it, and below which it is itself. */
  readonly publicUrl: string;
  /** Told of what nobody foresaw; whoever asked sees no more than that it failed. */
  readonly onFault: (fault: unknown) => void;
}

/**
 * A small EHR with synthetic patients, to be mounted at `/demo` of the service: its FHIR server, its authorization server, its
 * public key and its pages. It talks to the service as any EHR does, over HTTP at `publicUrl`.
 */
export async function createDemo({ publicUrl, onFault }: DemoOptions): Promise<express.Router> {
  const addresses = demoAddresses(publicUrl);
  const { fhirBaseUrl, openFhirBaseUrl } = addresses;
  const key = await createSigningKey();
  const authorization = await createAuthorizationServer({
    issuer: addresses.authorizationServer,
    fhirBaseUrl,
    choosePatientUrl: addresses.choosePatient,
    smartApp: { clientId: SMART_CLIENT_ID, name: 'ASPS guideline app', redirectUris: [addresses.smartRedirectUri] },
    onFault,
  });
  const scenarios = loadScenarios();
  const repository = createRepository();
  const records = await createRecords(repository, residents(scenarios, new Date()));
  const traffic = { secured: trafficWatch(), open: trafficWatch() };
  const ehr = createEhr({
    publicUrl,
    fhirBaseUrl,
    openFhirBaseUrl,
    records,
    signer: (character) => callSigner(issuerOf(publicUrl, character), key),
    issueToken: authorization.issueToken,
    launch: authorization.launch,
    watchTraffic: (token) => (token === undefined ? traffic.open : traffic.secured).watch(token),
  });

  const demo = express.Router();
  demo.use((request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (isOwnHost(request.headers.host, publicUrl)) next();
    // RFC 9110, 15.5.20.
    else response.status(421).type('text').send('The demo EHR does not go by this name.');
  });
  demo.get('/jwks.json', (_request, response) => {
    response.json({ keys: [key.jwk] });
  });
  demo.use('/auth', authorization.router);
  demo.use(
    '/fhir',
    fhirServer({
      baseUrl: fhirBaseUrl,
      repository,
      access: { kind: 'smart', judge: authorization.judge },
      security: { smartConfiguration: authorization.smartConfiguration, ...authorization.endpoints },
      onExchange: traffic.secured.record,
      onFault,
    }),
  );
  demo.use(
    '/open/fhir',
    fhirServer({
      baseUrl: openFhirBaseUrl,
      repository,
      access: { kind: 'readers' },
      onExchange: traffic.open.record,
      onFault,
    }),
  );
  demo.use(
    demoPages({
      ehr,
      records,
      patients: scenarios,
      answerChoice: authorization.answerChoice,
      publicUrl,
      fhirBaseUrl,
      openFhirBaseUrl,
      onFault,
    }),
  );
  return demo;
}
