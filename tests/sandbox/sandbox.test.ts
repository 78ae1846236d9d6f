import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type FhirServerProcess, fixtureResources, startFhirServer } from '../support/fhir-server-process.ts';
import { type FhirProxy, type Instead, isWrite, startFhirProxy } from './fhir-proxy.ts';
import { leftByRuns } from './left-by-runs.ts';
import { reportProblems } from './report-schema.ts';
import { endAll, sandbox, TOKEN } from './sandbox-process.ts';

jest.setTimeout(60_000);

/** Few calls, and an order whose drug is a record of its own. */
const PATIENT = 'epic-on-atezolizumab';

let server: FhirServerProcess;
let folder: string;
const proxies: FhirProxy[] = [];
beforeAll(async () => {
  server = await startFhirServer({ token: TOKEN });
  folder = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
});
afterEach(async () => {
  await endAll();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

async function proxied(options: Parameters<typeof startFhirProxy>[1]): Promise<FhirProxy> {
  const proxy = await startFhirProxy(server.base, options);
  proxies.push(proxy);
  return proxy;
}

const onServer = (tag?: string) => leftByRuns(server, tag);

const outcome = (diagnostics: string): string =>
  JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'security', diagnostics }] });

describe('a server that takes the synthetic patients', () => {
  test('gives the expected cards by prefetch and by call-back, and is left as it was', async () => {
    const { code, out, err } = await sandbox(['--fhir-server', server.base, '--patients', `${PATIENT},refuted`]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^epic-on-atezolizumab +patient-view +prefetch +4 as expected +\d+ +0$/m);
    expect(out).toMatch(
      /^epic-on-atezolizumab +order-select doxorubicin-epic +call-back +2 as expected +\d+ +[1-9]\d*$/m,
    );
    expect(out).toContain('10 calls for 2 patients: 10 as expected, 0 different');
    expect(out).toMatch(/deleted what was created: \d+ resources/);
    expect(await onServer()).toEqual([]);
  });

  test('--json is one document of a fixed form; --keep leaves the patients, and --clean deletes them and nothing else', async () => {
    await server.load(fixtureResources(['stage-iv-text']));
    const { code, out, err } = await sandbox([
      '--fhir-server',
      server.base,
      '--patients',
      'refuted',
      '--keep',
      '--json',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const report = JSON.parse(out) as { cleanUp: { tag: string; patients: { refuted: string } } };
    expect(reportProblems(report)).toEqual([]);
    expect(report).toMatchObject({ exitStatus: 0, mode: 'loaded', summary: { calls: 4, asExpected: 4, patients: 1 } });
    const { tag, patients } = report.cleanUp;
    expect(await onServer(tag)).toContain(`Patient/${patients.refuted}`);

    const cleaned = await sandbox(['--fhir-server', server.base, '--clean', tag]);
    expect(cleaned.code).toBe(0);
    expect(cleaned.out).toMatch(/deleted what was created: [1-9]\d* resources/);
    expect(await onServer(tag)).toEqual([]);
    expect((await server.fetch('Patient/stage-iv-text')).status).toBe(200);
  });
});

describe('a server that is not as it should be', () => {
  test('loses a record: the cards differ, and what was expected, what came and what is lost are named', async () => {
    const proxy = await proxied({
      change: ({ path }, body) => (path.startsWith('Condition?') ? withoutEntries(body, '94391008') : body),
    });
    const { code, out } = await sandbox(['--fhir-server', proxy.base, '--patients', 'on-pazopanib']);
    expect(code).toBe(1);
    expect(out).toMatch(/^on-pazopanib +patient-view +call-back +DIFFERENT/m);
    expect(out).toMatch(/^on-pazopanib, patient-view, by prefetch\n {2}expected {2}.+\n {2}came {6}.+$/m);
    expect(out).toMatch(/^on-pazopanib: created, and not found by a search: Condition\/\S+$/m);
    expect(await onServer()).toEqual([]);
  });

  test('denies the service what the EHR itself may see: the cards are the expected ones, and yet not the same', async () => {
    const proxy = await proxied({
      instead: ({ path, isService }) =>
        isService && path.startsWith('CareTeam?') ? { status: 403, body: outcome('not for this client') } : undefined,
    });
    const { code, out } = await sandbox(['--fhir-server', proxy.base, '--patients', 'stage-iv-text']);
    expect(code).toBe(1);
    expect(out).toMatch(/^stage-iv-text +patient-view +prefetch +\d+ as expected/m);
    expect(out).toMatch(/^stage-iv-text +patient-view +call-back +DIFFERENT/m);
    expect(out).toMatch(
      /^stage-iv-text, patient-view, by call-back\n(?: {2}not as by prefetch {2}.+\n)* {2}not as by prefetch {2}unread careTeams, by prefetch nothing$/m,
    );
    expect(await onServer()).toEqual([]);
  });

  test('claims to have created what is somebody else’s: nothing of that is deleted', async () => {
    await server.load(fixtureResources(['stage-iv-text']));
    const proxy = await proxied({
      instead: ({ method, path }) => (method === 'POST' && path === '' ? claimed() : undefined),
    });
    const claimed = () => ({
      status: 200,
      body: JSON.stringify({
        resourceType: 'Bundle',
        entry: fixtureResources(['refuted']).map(({ resourceType }) => ({
          response: { status: '201 Created', location: `${resourceType}/stage-iv-text` },
        })),
      }),
    });
    const { code, out } = await sandbox(['--fhir-server', proxy.base, '--patients', 'refuted']);
    expect(code).toBe(5);
    expect(out).toMatch(/^Said to be created and without the run's tag, so not deleted: .*Patient\/stage-iv-text/m);
    expect((await server.fetch('Patient/stage-iv-text')).status).toBe(200);
    expect(proxy.seen.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  test('refuses to delete: what is left and how to delete it is said, and the exit status is 5', async () => {
    const proxy = await proxied({
      instead: ({ method, path }) =>
        method === 'DELETE' || (path === '' && deletes)
          ? { status: 409, body: outcome('still referred to') }
          : undefined,
      change: ({ path }, body) => {
        deletes ||= path === '';
        return body;
      },
    });
    let deletes = false;
    const { code, out } = await sandbox(['--fhir-server', proxy.base, '--patients', 'stage-iv-text']);
    expect(code).toBe(5);
    const [, left, tag = ''] = /NOT CLEANED UP, .* left: (.+)\n.*--clean (\S+)/.exec(out) ?? [];
    expect(left?.split(', ').toSorted()).toEqual((await onServer(tag)).toSorted());
    expect((await sandbox(['--fhir-server', server.base, '--clean', tag])).code).toBe(0);
  });

  const HTML: Instead = () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' });
  const DENIED: Instead = () => ({ status: 401, body: outcome(`Bearer ${TOKEN} is not valid`) });
  test.each([
    ['answers with a web page', HTML, '200 without JSON'],
    ['refuses the token, and repeats it', DENIED, '401: Bearer [token] is not valid'],
  ])('%s: exit status 3, and the token is not repeated', async (_what, instead, said) => {
    const proxy = await proxied({ instead });
    const { code, out, err } = await sandbox(['--fhir-server', proxy.base]);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain(said);
  });

  test('is not there: exit status 3, in JSON too', async () => {
    const proxy = await proxied({});
    await proxy.close();
    const { code, out } = await sandbox(['--fhir-server', proxy.base, '--json']);
    expect(code).toBe(3);
    expect(reportProblems(JSON.parse(out))).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({ exitStatus: 3, stopped: { because: 'no-server' } });
  });
});

describe('nothing is written', () => {
  test('to one that is listed as read-only, even on this machine; nor is anything deleted there', async () => {
    const proxy = await proxied({});
    const list = join(folder, 'read-only.yaml');
    writeFileSync(
      list,
      `- { name: Copy, base: '${proxy.base}/', writable: false, auth: none, notes: none, source: this test }`,
    );
    const here = ['--fhir-server', proxy.base, '--sandboxes', list];
    expect(await sandbox(here)).toMatchObject({ code: 4, out: '' });
    expect(await sandbox([...here, '--clean', crypto.randomUUID()])).toMatchObject({ code: 4, out: '' });
    expect(proxy.seen).toEqual([]);
  });

  test('to one that says it takes no transactions', async () => {
    const proxy = await proxied({ change: (_request, body) => body.replaceAll('"transaction"', '"history-system"') });
    const { code, err } = await sandbox(['--fhir-server', proxy.base]);
    expect(code).toBe(4);
    expect(err).toContain('--patient-ids');
    expect(proxy.seen.filter(isWrite)).toEqual([]);
  });

  test('more, to one that refuses the first write', async () => {
    const proxy = await proxied({
      instead: (request) => (isWrite(request) ? { status: 403, body: outcome('read-only') } : undefined),
    });
    const { code, err } = await sandbox(['--fhir-server', proxy.base, '--patients', `${PATIENT},refuted`]);
    expect(code).toBe(4);
    expect(err).toContain('takes no writes (403: read-only)');
    expect(proxy.seen.filter(isWrite)).toHaveLength(1);
  });

  test('but patients who are there are read, if they are named as well', async () => {
    await server.load(fixtureResources(['refuted'], new Date()));
    const proxy = await proxied({
      instead: (request) => (isWrite(request) ? { status: 403, body: outcome('read-only') } : undefined),
    });
    const here = ['--fhir-server', proxy.base, '--patients', PATIENT, '--patient-ids', 'refuted', '--json'];
    const { code, out } = await sandbox(here);
    expect(reportProblems(JSON.parse(out))).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({
      exitStatus: 0,
      mode: 'read-only',
      refusal: expect.stringContaining('takes no writes (403: read-only)'),
      summary: { patients: 1, calls: 16, asExpected: 16 },
      cleanUp: { kind: 'nothing-written' },
    });
    expect(code).toBe(0);
    expect(proxy.seen.filter(isWrite)).toHaveLength(1);
  });

  test('when patients of the server are named: all services are called both ways, and the cards are printed', async () => {
    await server.load(fixtureResources(['stage-iv-text', 'refuted'], new Date()));
    const proxy = await proxied({});
    const { code, out } = await sandbox(['--fhir-server', proxy.base, '--patient-ids', 'stage-iv-text,refuted']);
    expect(code).toBe(0);
    expect(out).toContain('32 calls for 2 patients: 32 as expected');
    expect(out).toMatch(/^stage-iv-text, patient-view\n {2}(?:info|warning) {2}\S+: \S.+$/m);
    expect(out).toContain('nothing was written');
    expect(proxy.seen.filter(isWrite)).toEqual([]);
  });
});

test('a patient of the server who is not there is no success', async () => {
  const { code, out } = await sandbox(['--fhir-server', server.base, '--patient-ids', 'nobody']);
  expect(code).toBe(1);
  expect(out).toContain('nobody: there is no such patient');
});

test.each([
  ['without a server', [], 2, 'usage'],
  [
    'with a patient whom nobody knows',
    ['--fhir-server', 'http://127.0.0.1:9/fhir', '--patients', 'nobody'],
    2,
    'usage',
  ],
  ['for a server that nobody has listed', ['--fhir-server', 'https://fhir.example.org/r4'], 4, 'not-written'],
])('%s nothing is written, and --json brings one document too', async (_what, args, exitStatus, because) => {
  const { code, out, err } = await sandbox([...args, '--json']);
  expect([code, err]).toEqual([exitStatus, '']);
  expect(reportProblems(JSON.parse(out))).toEqual([]);
  expect(JSON.parse(out)).toMatchObject({ exitStatus, stopped: { because }, cleanUp: { kind: 'nothing-written' } });
});

test('a token that opens nothing is told in one line, before anything is called', async () => {
  const proxy = await proxied({
    instead: ({ path }) => (path === 'metadata' ? undefined : { status: 401, body: outcome(`no ${TOKEN}`) }),
  });
  const { code, out, err } = await sandbox(['--fhir-server', proxy.base, '--patient-ids', 'a,b']);
  expect([code, out]).toEqual([3, '']);
  expect(err).toContain('lets nobody in with this token (401: no [token])');
  expect(proxy.seen).toHaveLength(2);
});

/** A searchset without the entries that hold this text. */
function withoutEntries(body: string, text: string): string {
  const bundle = JSON.parse(body) as { entry?: unknown[] };
  return JSON.stringify({ ...bundle, entry: bundle.entry?.filter((one) => !JSON.stringify(one).includes(text)) });
}
