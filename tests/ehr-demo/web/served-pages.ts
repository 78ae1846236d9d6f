import express from 'express';
import type { Resource } from '../../../src/ehr-demo/patient-store.ts';
import { demoPages } from '../../../src/ehr-demo/web/demo-pages.ts';
import { call, type Reply, type Served, serve } from '../../support/http.ts';
import { memoryRecords } from '../ehr/memory-records.ts';
import { type EhrStandIn, ehrStandIn } from './ehr-stand-in.ts';

export const SUBJECT = { reference: 'Patient/ada' };

export const ADA: Resource = {
  resourceType: 'Patient',
  id: 'ada',
  name: [{ family: 'Testcase', given: ['Ada'] }],
  gender: 'female',
  birthDate: '1990-11-23',
};

/** The pages as the demo serves them, below `/demo`, with an EHR that only notes what it is asked. */
export interface ServedPages extends Served {
  readonly ehr: EhrStandIn;
  /** What the pages told whoever runs the service. */
  readonly faults: unknown[];
  /** What was chosen for which request of an app. */
  readonly choices: unknown[];
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Sends a form; redirects are not followed. */
  send(path: string, fields?: readonly (readonly [string, string])[], headers?: Record<string, string>): Promise<Reply>;
  /** As htmx does. */
  sendFromPage(path: string, fields?: readonly (readonly [string, string])[]): Promise<Reply>;
}

export async function servePages(resources: readonly Resource[] = [ADA], launchUrl?: string): Promise<ServedPages> {
  const ehr = ehrStandIn(launchUrl);
  const faults: unknown[] = [];
  const choices: unknown[] = [];
  const app = express();
  app.use(
    '/demo',
    demoPages({
      ehr,
      records: memoryRecords(resources),
      patients: resources.flatMap(({ resourceType, id }) =>
        resourceType === 'Patient' ? [{ patient: id, story: `The story of ${id}` }] : [],
      ),
      answerChoice: (request, choice) => {
        choices.push([request, choice]);
        return `/demo/auth/authorize?${request}&launch=a-launch`;
      },
      publicUrl: 'http://127.0.0.1:3000',
      fhirBaseUrl: 'http://127.0.0.1:3000/demo/fhir',
      openFhirBaseUrl: 'http://127.0.0.1:3000/demo/open/fhir',
      now: () => new Date('2026-11-22T12:00:00Z'),
      onFault: (thrown) => faults.push(thrown),
    }),
  );
  const served = await serve(app);
  const send: ServedPages['send'] = (path, fields = [], headers = {}) =>
    call(`${served.url}/demo${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields.map(([name, value]) => [name, value])).toString(),
    });
  return {
    ...served,
    ehr,
    faults,
    choices,
    get: (path, headers = {}) => call(`${served.url}/demo${path}`, { redirect: 'manual', headers }),
    send,
    sendFromPage: (path, fields) => send(path, fields, { 'hx-request': 'true', 'sec-fetch-site': 'same-origin' }),
  };
}
