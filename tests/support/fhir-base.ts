import express from 'express';
import type { Access } from '../../src/ehr-demo/authorization-server/access.ts';
import type { FhirAccess, SmartSecurity } from '../../src/ehr-demo/fhir-server/fhir-access.ts';
import type { FhirExchange } from '../../src/ehr-demo/fhir-server/fhir-exchange.ts';
import { createRepository, fhirServer } from '../../src/ehr-demo/fhir-server/fhir-server.ts';
import { createRecords } from '../../src/ehr-demo/fhir-server/records.ts';
import type { ResourceRepository } from '../../src/ehr-demo/fhir-server/repository.ts';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { call, type Reply, serve } from './http.ts';

/** The demo EHR's FHIR server, in the test's own process. */
export interface FhirBase {
  /** The FHIR base URL, without a trailing slash. */
  readonly base: string;
  /** What it told of requests to it, in the order in which they ended. */
  readonly exchanges: readonly FhirExchange[];
  /** What it told of faults of its own. */
  readonly faults: readonly unknown[];
  /** Asks, with this token if there is one; a body that is no text goes out as FHIR's JSON. */
  ask(method: string, path: string, more?: Asked): Promise<Reply>;
  close(): Promise<void>;
}

export interface Asked {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function serveFhir(options: {
  readonly access: FhirAccess;
  readonly security?: SmartSecurity;
  readonly resources?: readonly Resource[];
  readonly repository?: ResourceRepository;
}): Promise<FhirBase> {
  const { access, security, resources = [], repository = createRepository() } = options;
  await createRecords(repository, resources);
  const exchanges: FhirExchange[] = [];
  const faults: unknown[] = [];
  const app = express();
  const served = await serve(app);
  const base = `${served.url}/fhir`;
  app.use(
    '/fhir',
    fhirServer({
      baseUrl: base,
      repository,
      access,
      onExchange: (exchange) => exchanges.push(exchange),
      onFault: (fault) => faults.push(fault),
      ...(security && { security }),
    }),
  );
  app.use((_request, response) => {
    response.status(599).end('nobody answered');
  });
  return {
    base,
    exchanges,
    faults,
    close: () => served.close(),
    ask: (method, path, { token, body, headers } = {}) =>
      call(path === '' ? base : `${base}/${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  };
}

/** Access for tokens that say themselves what they are good for: the patient, then the scopes; `-` is no patient. */
export const SPOKEN_TOKENS: FhirAccess = {
  kind: 'smart',
  judge: async (token): Promise<Access | undefined> => {
    const [patient, ...scopes] = token.split('+');
    if (scopes.length === 0) return undefined;
    return { scopes, patient: patient === '-' ? undefined : patient, client: 'tests' };
  },
};
