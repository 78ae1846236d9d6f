import { randomUUID } from 'node:crypto';
import express from 'express';
import { createClientAuthentication } from '../../../src/cds-hooks/authentication/client-authentication.ts';
import { clientProfile } from '../../../src/cds-hooks/profile.ts';
import type { Access } from '../../../src/ehr-demo/authorization-server/access.ts';
import type { LaunchContext } from '../../../src/ehr-demo/authorization-server/launch-context.ts';
import { type CallSigner, callSigner, createSigningKey } from '../../../src/ehr-demo/call-signer.ts';
import { CHARACTERS, type CharacterId } from '../../../src/ehr-demo/ehr/character.ts';
import { createEhr, type Ehr, type EhrOptions } from '../../../src/ehr-demo/ehr/ehr.ts';
import type { Records } from '../../../src/ehr-demo/ehr/records.ts';
import type { FhirExchange } from '../../../src/ehr-demo/fhir-server/fhir-exchange.ts';
import { createRepository, fhirServer } from '../../../src/ehr-demo/fhir-server/fhir-server.ts';
import { createRecords } from '../../../src/ehr-demo/fhir-server/records.ts';
import { residents } from '../../../src/ehr-demo/residents.ts';
import { trafficWatch } from '../../../src/ehr-demo/traffic-watch.ts';
import { serve } from '../../support/http.ts';
import { registeredClient } from '../../support/registered-client.ts';
import { PUBLIC_URL, rememberFeedback, serveService, TODAY } from '../../support/service.ts';

const PATIENTS = ['metastatic-untreated', 'localised-resected', 'primary-care', 'on-doxorubicin', 'hostile-text'];

/** An EHR with all that stands around it, over real HTTP. */
export interface Workplace {
  readonly ehr: Ehr;
  readonly records: Records;
  readonly fhirBaseUrl: string;
  readonly openFhirBaseUrl: string;
  /** What tokens were issued for, the latest last. */
  readonly issued: readonly Parameters<EhrOptions['issueToken']>[0][];
  /** What the FHIR server was asked. */
  readonly traffic: readonly FhirExchange[];
  readonly launched: readonly LaunchContext[];
  /** What the service was told of its cards. */
  readonly feedback: ReturnType<typeof rememberFeedback>;
  close(): Promise<void>;
}

/** The demo EHR's FHIR server, with some synthetic patients, on the day on which they are told. */
async function serveRecords() {
  const repository = createRepository();
  const records = await createRecords(
    repository,
    residents(
      PATIENTS.map((patient) => ({ patient, story: '', calls: [] })),
      TODAY,
    ),
  );
  const tokens = new Map<string, Access>();
  const issued: Parameters<EhrOptions['issueToken']>[0][] = [];
  const traffic: FhirExchange[] = [];
  const watches = { secured: trafficWatch(), open: trafficWatch() };
  const telling = (base: keyof typeof watches) => (exchange: FhirExchange) => {
    traffic.push(exchange);
    watches[base].record(exchange);
  };
  // Its address stands in its links, and is known only once it is served.
  let app = express();
  const served = await serve((request, response) => app(request, response));
  const fhirBaseUrl = `${served.url}/fhir`;
  const openFhirBaseUrl = `${served.url}/open/fhir`;
  app = express()
    .use(
      '/fhir',
      fhirServer({
        baseUrl: fhirBaseUrl,
        repository,
        access: { kind: 'smart', judge: async (token) => tokens.get(token) },
        onExchange: telling('secured'),
      }),
    )
    .use(
      '/open/fhir',
      fhirServer({ baseUrl: openFhirBaseUrl, repository, access: { kind: 'readers' }, onExchange: telling('open') }),
    );
  return {
    records,
    fhirBaseUrl,
    openFhirBaseUrl,
    issued,
    traffic,
    watchTraffic: (token: string | undefined) => watches[token === undefined ? 'open' : 'secured'].watch(token),
    issueToken: async (access: Parameters<EhrOptions['issueToken']>[0]) => {
      issued.push(access);
      const token = randomUUID();
      tokens.set(token, access);
      return token;
    },
    close: () => served.close(),
  };
}

const issuerOf = (character: CharacterId) => `https://demo.example.org/ehr/${character}`;

/** A service where every character is registered, with the signers that it knows. */
async function serveRegistered(fhirServers: readonly string[]) {
  const key = await createSigningKey();
  const feedback = rememberFeedback();
  const clients = CHARACTERS.map(({ id, name, profile }) =>
    registeredClient({
      name,
      iss: issuerOf(id),
      keys: { jwks: { keys: [key.jwk] } },
      profile: clientProfile(profile),
      fhirServers,
    }),
  );
  const service = await serveService({
    authentication: createClientAuthentication(clients),
    feedback,
    budgetMs: 20_000,
  });
  const signer = (character: CharacterId): CallSigner => {
    const own = callSigner(issuerOf(character), key);
    // The service is not where it says that it is.
    return { ...own, authorization: (url) => own.authorization(url.replace(service.url, PUBLIC_URL)) };
  };
  return { service, feedback, signer };
}

/** The EHR at the real service, or at another that stands in its place. */
export async function openWorkplace(elsewhere?: string): Promise<Workplace> {
  const fhir = await serveRecords();
  const { records, fhirBaseUrl, openFhirBaseUrl, issueToken, watchTraffic, issued, traffic } = fhir;
  const { service, feedback, signer } = await serveRegistered([fhirBaseUrl, openFhirBaseUrl]);
  const launched: LaunchContext[] = [];
  const ehr = createEhr({
    publicUrl: elsewhere ?? service.url,
    fhirBaseUrl,
    openFhirBaseUrl,
    records,
    signer,
    issueToken,
    launch: (context) => `launch-${launched.push(context)}`,
    watchTraffic,
    now: () => TODAY,
  });
  return {
    ehr,
    records,
    fhirBaseUrl,
    openFhirBaseUrl,
    issued,
    traffic,
    launched,
    feedback,
    close: async () => void (await Promise.all([service.close(), fhir.close()])),
  };
}
