import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

const TRY = fileURLToPath(new URL('../../src/ehr-demo/try.ts', import.meta.url));
const ANSWER = '{"cards":[{"summary":"Consider a baseline MRI","indicator":"warning","source":{"label":"Guideline"}}]}';
const OUTCOME = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', diagnostics: 'conditions is missing' }],
};

// Each test starts a second Node, which a busy machine may keep waiting.
jest.setTimeout(30_000);

let fixtures = '';
let server: Server;
let url = '';
let answerCall: (response: ServerResponse) => void;

beforeAll(async () => {
  fixtures = writeFixtures();
  server = createServer((request, response) => {
    request.resume();
    if (request.method === 'GET') response.end(JSON.stringify({ services: services() }));
    else answerCall(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  rmSync(fixtures, { recursive: true });
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

function services() {
  const prefetch = { patient: 'Patient/{{context.patientId}}' };
  return ['patient-view', 'order-sign', 'appointment-book', 'order-dispatch'].map((hook) => ({
    id: `asps-${hook}`,
    hook,
    description: 'ASPS',
    prefetch,
  }));
}

function writeFixtures(): string {
  const folder = mkdtempSync(join(tmpdir(), 'try-'));
  for (const name of ['patients', 'drafts']) mkdirSync(join(folder, name));
  const patient = { resourceType: 'Patient', id: 'anna' };
  const order = { resourceType: 'MedicationRequest', id: 'dox', subject: { reference: 'Patient/{patientId}' } };
  writeFileSync(join(folder, 'patients/anna.json'), bundleOf(patient));
  writeFileSync(join(folder, 'drafts/doxorubicin.json'), bundleOf(order));
  writeFileSync(
    join(folder, 'scenarios.yaml'),
    `- patient: anna
  story: Metastatic and untreated.
  calls:
    - { hook: patient-view, cards: {} }
    - { hook: order-sign, draft: doxorubicin, cards: {} }
`,
  );
  return folder;
}

function bundleOf(resource: object): string {
  return JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: [{ resource }] });
}

/** Runs the command as a clinician's terminal would: a second process, real HTTP. */
async function tryIt(...args: readonly string[]) {
  const all = [TRY, '--fixtures', fixtures, ...(args.includes('--url') ? [] : ['--url', url]), ...args];
  const child = spawn(process.execPath, all, { env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined } });
  const exited = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  const [out, err, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { out, err, exitCode };
}

describe('asked for nothing', () => {
  test('it lists every patient with story and hooks', async () => {
    const { out, exitCode } = await tryIt();
    expect(out).toContain('anna\n  Metastatic and untreated.\n  - patient-view\n  - order-sign --draft doxorubicin\n');
    expect(exitCode).toBe(0);
  });
});

describe('a call that is answered', () => {
  beforeAll(() => {
    answerCall = (response) => response.end(ANSWER);
  });

  test('shows the cards, and no colour codes when nobody looks', async () => {
    const { out, err, exitCode } = await tryIt('anna', 'patient-view');
    expect(out).toContain('▲ WARNING\n  Consider a baseline MRI\n');
    expect(out).toMatch(/1 card\(s\) from asps-patient-view in \d+ ms/);
    expect(out).not.toContain('\u001b[');
    expect([err, exitCode]).toEqual(['', 0]);
  });

  test('--json prints the raw answer and nothing else', async () => {
    expect(await tryIt('anna', 'patient-view', '--json')).toEqual({ out: `${ANSWER}\n`, err: '', exitCode: 0 });
  });

  test('--request prints the body instead, with the draft of the first such call', async () => {
    const { out } = await tryIt('anna', 'order-sign', '--request');
    expect(JSON.parse(out)).toMatchObject({
      hook: 'order-sign',
      context: { draftOrders: { entry: [{ resource: { id: 'dox', subject: { reference: 'Patient/anna' } } }] } },
      prefetch: { patient: { id: 'anna' } },
    });
  });
});

describe('hooks that need no draft', () => {
  test.each([
    ['appointment-book', [], { appointments: { entry: [{ resource: { id: 'demo-appointment' } }] } }],
    ['appointment-book', ['--draft', 'doxorubicin'], { appointments: { entry: [{ resource: { id: 'dox' } }] } }],
    ['order-dispatch', [], { patientId: 'anna', dispatchedOrders: [] }],
  ])('%s %j', async (hook, options, context) => {
    const { out, exitCode } = await tryIt('anna', hook, ...options, '--request');
    expect([JSON.parse(out), exitCode]).toEqual([expect.objectContaining({ hook }), 0]);
    expect(JSON.parse(out)).toMatchObject({ context });
  });
});

describe('a call that is not understood ends with 2 and says what to type', () => {
  test.each([
    ['a misspelt patient', ['ana'], 'Unknown patient: ana. Did you mean anna?'],
    ['a misspelt hook', ['anna', 'patient-veiw'], 'Unknown hook: patient-veiw. Did you mean patient-view?'],
    ['a misspelt draft', ['anna', 'order-sign', '--draft', 'doxorubicn'], 'Did you mean doxorubicin?'],
    ['a draft on a hook without orders', ['anna', 'patient-view', '--draft', 'doxorubicin'], '--draft goes with'],
    ['an unknown option', ['--nope'], "Unknown option '--nope'"],
    ['an argument too many', ['anna', 'patient-view', 'x'], 'Unexpected argument: x'],
    ['no URL', ['anna', '--url', 'localhost'], 'Not a URL: localhost'],
  ])('%s', async (_claim, args, message) => {
    const { out, err, exitCode } = await tryIt(...args);
    expect(err).toContain(message);
    expect(err).toContain('Usage: npm run try');
    expect([out, exitCode]).toEqual(['', 2]);
  });
});

describe('a call that fails', () => {
  test('no service there: exit 3, and how to start it', async () => {
    const { err, exitCode } = await tryIt('anna', 'patient-view', '--url', 'http://127.0.0.1:1');
    expect(err).toBe('No service answers at http://127.0.0.1:1. Start it with: npm start\n');
    expect(exitCode).toBe(3);
  });

  test('412: exit 4, and the diagnostics of the OperationOutcome', async () => {
    answerCall = (response) => response.writeHead(412).end(JSON.stringify(OUTCOME));
    const { err, exitCode } = await tryIt('anna', 'patient-view');
    expect(err).toBe('The service refused the call: 412 Precondition Failed: conditions is missing\n');
    expect(exitCode).toBe(4);
  });

  test.each(['{}', 'no JSON'])('an answer without cards is no answer: %s', async (body) => {
    answerCall = (response) => response.end(body);
    const { err, exitCode } = await tryIt('anna', 'patient-view');
    expect(err).toContain('answered with something other than cards');
    expect(exitCode).toBe(4);
  });
});
