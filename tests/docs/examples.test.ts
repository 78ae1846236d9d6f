import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerText } from '../../src/ehr-demo/card-text.ts';
import { buildHookRequest, type DiscoveredService } from '../../src/ehr-demo/hook-request.ts';
import { loadPatient } from '../../src/ehr-demo/scenarios.ts';
import { call, post, type Reply, type Served } from '../support/http.ts';
import { serveService } from '../support/service.ts';
import { documentAt, ROOT } from './documents.ts';

const ANSWER = 'docs/examples/patient-view-answer.json';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let service: Served;
let reply: Reply;

beforeAll(async () => {
  service = await serveService();
  const request = documentAt('docs/examples/patient-view.json').text;
  reply = await post(`${service.url}/cds-services/asps-patient-view`, request);
});
afterAll(() => service.close());

test('the request in docs/examples gets the answer beside it, but for the uuids and the host of the links', () => {
  if (process.env['UPDATE_DOCS'] === '1') rewriteAnswer();
  const documented: unknown = JSON.parse(documentAt(ANSWER).text);
  expect(reply.status).toBe(200);
  expect(comparable(reply.body)).toEqual(comparable(documented));
});

test('README.md sends that request to that service', () => {
  const { text } = documentAt('README.md');
  expect(text).toMatch(
    /--data @docs\/examples\/patient-view\.json \\?\s*http:\/\/127\.0\.0\.1:3000\/cds-services\/asps-patient-view/,
  );
});

test('README.md shows what `npm run try` prints, left out only where it says so', async () => {
  const { services } = (await call(`${service.url}/cds-services`)).body as { services: [DiscoveredService] };
  const [patientView] = services;
  const request = buildHookRequest({ patient: loadPatient('metastatic-untreated'), hook: 'patient-view' }, patientView);
  const answer = (await post(`${service.url}/cds-services/${patientView.id}`, request)).body;
  const printed = answerText(answer as Parameters<typeof answerText>[0], 80, (_style, text) => text)
    .replaceAll('https://cds.example/', 'http://127.0.0.1:3000/')
    .split('\n');

  const [, shown = ''] = /^(▲ WARNING\n.*?)^4 card\(s\)/ms.exec(documentAt('README.md').text) ?? [];
  const lines = shown.split('\n').filter((line) => line.trim() !== '[…]');
  expect(lines.length).toBeGreaterThan(30);
  expect(lines.filter((line) => !printed.includes(line))).toEqual([]);
});

function rewriteAnswer(): void {
  const served = reply.text.replaceAll('https://cds.example/', 'http://127.0.0.1:3000/');
  writeFileSync(ROOT + ANSWER, `${JSON.stringify(JSON.parse(served), undefined, 2)}\n`);
}

/** The same but for what differs from call to call: uuids, and where the service happens to run. */
function comparable(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item, key)]));
  }
  if (typeof value !== 'string') return value;
  if (name === 'uuid') return UUID.test(value) ? 'a uuid' : value;
  return /^https?:.*\/evidence\//.test(value) ? new URL(value).pathname : value;
}
