import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientProfile, PROFILE_IDS, type ProfileId } from '../src/cds-hooks/profile.ts';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import { chartQueries } from '../src/chart/queries.ts';
import type { Client } from '../src/clients.ts';
import { buildHookRequest, type DiscoveredService, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { loadDraft, loadPatient } from '../src/ehr-demo/scenarios.ts';
import { cdsServices } from '../src/services.ts';
import { withoutAids } from './fhir/chart-fixtures.ts';
import { startLocalServer } from './fhir/local-server.ts';
import { call, post, type Reply, type Served } from './support/http.ts';
import { registeredClient } from './support/registered-client.ts';
import { guideline, serveService, trustingAuthentication } from './support/service.ts';

// Requirements of CDS Hooks that only the whole service shows. docs/conformance.md says which test shows which of the others.

const queries = chartQueries(guideline.terminology);
const services = cdsServices(queries);
let open: Served;
let closed: Served;

beforeAll(async () => {
  open = await serveService();
  closed = await serveService({ authentication: trustingAuthentication(PROFILE_IDS.map(clientOf)) });
});
afterAll(() => Promise.all([open.close(), closed.close()]));

function clientOf(profile: ProfileId): Client {
  return registeredClient({ name: profile, profile: clientProfile(profile), rateLimitPerMinute: 1000 });
}

function requestFor(patient: string, hook: string, offered: readonly DiscoveredService[] = services): object {
  const target = serviceForHook(offered, hook);
  if (target === undefined) throw new Error(`no service for ${hook}`);
  const draft = hook.startsWith('order-s') ? loadDraft('doxorubicin', patient) : undefined;
  return buildHookRequest({ patient: loadPatient(patient), hook, draft }, target);
}

/** What was said, but for the uuids, which are new each time. */
function said({ status, body }: Reply): unknown {
  return [status, JSON.parse(JSON.stringify(body, (name, member: unknown) => (name === 'uuid' ? '' : member)))];
}

// CH-29, CH-40.
test('calls at the same time, of one hookInstance, are answered each for itself', async () => {
  const hookInstance = '7e7b8f3a-63c5-4f2e-9a51-0d6f0f1f5c11';
  const calls = ['metastatic-untreated', 'primary-care', 'child-9y'].flatMap((patient) =>
    services.map(({ id, hook }) => ({ id, request: { ...requestFor(patient, hook), hookInstance } })),
  );
  const send = ({ id, request }: (typeof calls)[number]) => post(`${open.url}/cds-services/${id}`, request);
  const alone: unknown[] = [];
  // oxlint-disable-next-line no-await-in-loop -- what a call says alone is what is compared with
  for (const one of calls) alone.push(said(await send(one)));
  const together = await Promise.all([...calls, ...calls].map(send));
  expect(together.map(said)).toEqual([...alone, ...alone]);
});

// CH-36.
test('each service says that it is for FHIR R4', async () => {
  const { body } = await call(`${open.url}/cds-services`);
  const offered = (body as { services: readonly { usageRequirements?: string }[] }).services;
  expect(offered.map(({ usageRequirements }) => usageRequirements?.slice(0, 8))).toEqual(
    services.map(() => 'FHIR R4.'),
  );
});

// CH-37.
test('what stands in a context is never asked for: it may exist in the client alone', async () => {
  const asked: string[] = [];
  const server = await startLocalServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404).end();
  });
  const full = requestFor('metastatic-untreated', 'order-sign') as { readonly prefetch: Record<string, unknown> };
  const { conditions, patient } = full.prefetch;
  const request = { ...full, prefetch: { conditions, patient }, fhirServer: server.base };
  const reply = await post(`${open.url}/cds-services/asps-order-sign`, request);
  await server.close();

  const others = Object.entries(queries).filter(([key]) => key !== 'conditions' && key !== 'patient');
  expect(reply.status).toBe(200);
  expect(asked.map((url) => withoutAids(decodeURIComponent(url))).toSorted()).toEqual(
    others.map(([, query]) => `/fhir/${query.replaceAll('{{context.patientId}}', 'metastatic-untreated')}`).toSorted(),
  );
});

// CH-15, CH-16, CH-88, CH-197.
test.each(PROFILE_IDS)(
  'a client of the profile %s is offered every hook, at one address, and each answers',
  async (id) => {
    const headers = { authorization: `Bearer ${id}` };
    const discovered = await call(`${closed.url}/cds-services`, { headers });
    const offered = (discovered.body as { services: readonly DiscoveredService[] }).services;
    expect(offered.map(({ hook }) => hook)).toEqual(services.map(({ hook }) => hook));
    const replies = await Promise.all(
      offered.map((service) =>
        post(
          `${closed.url}/cds-services/${service.id}`,
          requestFor('metastatic-untreated', service.hook, offered),
          headers,
        ),
      ),
    );
    expect(replies.map(({ status, body }) => [status, Object.keys(body as CdsServiceResponse)])).toEqual(
      offered.map(() => [200, ['cards']]),
    );
  },
);
