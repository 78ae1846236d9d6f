import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CdsServiceResponse } from '../src/cds-hooks/types.ts';
import { readClients } from '../src/clients.ts';
import { buildHookRequest, serviceForHook } from '../src/ehr-demo/hook-request.ts';
import { loadPatient } from '../src/ehr-demo/scenarios.ts';
import { readGuidelineFolder } from '../src/guideline-folder.ts';
import { type Guidelines, loadGuidelines, type SiteFiles } from '../src/guidelines.ts';
import { call, post, type Served } from './support/http.ts';
import { discover, play } from './support/play.ts';
import { serveService, trustingAuthentication } from './support/service.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const HOSPITAL = 'fixtures/overlays/general-hospital';
const CLIENTS = 'fixtures/overlays/clients.yaml';
const THEIRS = 'General Hospital';

jest.setTimeout(30_000);

let folder: string;
const services: Served[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asps-overlay-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(services.map((service) => service.close()));
});

/** The service as it would run with these files; a client is whoever says its name. */
async function serveWith(files: SiteFiles) {
  const guidelines = loadGuidelines(files);
  const { clients } = files;
  const lines: string[] = [];
  const service = await serveService({
    guidelines,
    maxCards: 0,
    ...(clients !== undefined && 'clients' in clients
      ? { authentication: trustingAuthentication(clients.clients) }
      : {}),
    onLog: (line) => void lines.push(line),
  });
  services.push(service);
  return { url: service.url, services: await discover(service.url), guidelines, lines };
}

type Running = Awaited<ReturnType<typeof serveWith>>;

async function cardsFor({ url, services: offered }: Running, patient: string, client?: string) {
  const target = serviceForHook(offered, 'patient-view');
  if (target === undefined) throw new Error('no service');
  const request = buildHookRequest({ patient: loadPatient(patient), hook: 'patient-view' }, target);
  const headers: Record<string, string> = client === undefined ? {} : { authorization: `Bearer ${client}` };
  const { body } = await post(`${url}/cds-services/${target.id}`, request, headers);
  return new Map((body as CdsServiceResponse).cards.map((card) => [card.source.topic?.code, card]));
}

describe('the same chart', () => {
  let plain: Running;
  let site: Running;

  beforeAll(async () => {
    plain = await serveWith({});
    site = await serveWith({ overlayDir: HOSPITAL });
  });

  test('gets the site’s wording, its order and its other suggestions', async () => {
    const before = (await cardsFor(plain, 'metastatic-untreated')).get('baseline-brain-mri');
    const after = (await cardsFor(site, 'metastatic-untreated')).get('baseline-brain-mri');
    expect(before?.summary).toBe('No brain MRI found since the ASPS diagnosis – consider a baseline MRI');
    expect(after?.summary).toBe('No brain MRI found since the ASPS diagnosis – consider one by the sarcoma protocol');
    expect(after?.detail).toContain('Neuroradiology: extension 4711');
    // What the site left alone is the guideline's.
    expect(after?.detail).toContain('Reichardt 2003');
    expect(after?.suggestions?.map(({ label }) => label)).toEqual(['Order MRI brain, sarcoma protocol']);
    expect(JSON.stringify(after?.suggestions)).toContain('"system":"https://hospital.example.org/orders"');
    expect(JSON.stringify(before?.suggestions)).not.toContain('hospital.example.org');
  });

  test('gets the raised indicator', async () => {
    // Without the procedures nobody knows of an MRI: the guideline's own card says so as information.
    const withheld = { hook: 'patient-view', omit: ['procedures', 'diagnosticReports'], cards: {} } as const;
    const levels = async ({ url, services: offered }: Running) => {
      const { answer } = await play(url, offered, 'metastatic-untreated', withheld);
      return answer.cards.find(({ source }) => source.topic?.code === 'baseline-brain-mri');
    };
    expect((await levels(plain))?.indicator).toBe('info');
    const raised = await levels(site);
    expect(raised?.indicator).toBe('warning');
    expect(raised?.summary).toContain('could not be evaluated');
  });

  test('is not shown a card that is switched off', async () => {
    const omit = { hook: 'patient-view', omit: ['observationsStaging'], cards: {} } as const;
    const shown = async ({ url, services: offered }: Running) =>
      (await play(url, offered, 'm1-category', omit)).answer.cards.map(({ source }) => source.topic?.code);
    expect(await shown(plain)).toContain('record-stage');
    expect(await shown(site)).not.toContain('record-stage');
  });

  test('is not shown a card in shadow, which is logged and counted', async () => {
    expect([...(await cardsFor(plain, 'meditech-on-chemotherapy')).keys()]).toContain('avoid-cytotoxic-chemotherapy');
    expect(plain.lines.at(-1)).not.toContain('shadow');
    expect([...(await cardsFor(site, 'meditech-on-chemotherapy')).keys()]).not.toContain(
      'avoid-cytotoxic-chemotherapy',
    );
    expect(JSON.parse(site.lines.at(-1) ?? '{}')).toMatchObject({ shadow: ['avoid-cytotoxic-chemotherapy'] });
  });

  test('is read with the site’s codes: its own order for a brain MRI counts', async () => {
    const ordered = async ({ url, services: offered }: Running) => {
      const target = serviceForHook(offered, 'patient-view');
      if (target === undefined) throw new Error('no service');
      const request = buildHookRequest({ patient: loadPatient('metastatic-untreated'), hook: 'patient-view' }, target);
      const order = {
        resourceType: 'ServiceRequest',
        id: 'local-mri',
        status: 'active',
        intent: 'order',
        subject: { reference: 'Patient/metastatic-untreated' },
        authoredOn: '2026-11-20',
        code: { coding: [{ system: 'https://hospital.example.org/orders', code: 'MRI-BRAIN-SARC' }] },
      };
      const serviceRequests = { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: order }] };
      const { body } = await post(`${url}/cds-services/${target.id}`, {
        ...request,
        prefetch: { ...request.prefetch, serviceRequests },
      });
      return (body as CdsServiceResponse).cards.map(({ source }) => source.topic?.code);
    };
    expect(await ordered(plain)).toContain('baseline-brain-mri');
    expect(await ordered(site)).not.toContain('baseline-brain-mri');
  });

  test('is read with the site’s intervals and sarcoma centres', () => {
    expect(site.guidelines.standard.settings).toMatchObject({
      brainImagingIntervalMonths: 3,
      sarcomaCentres: ['General Hospital Sarcoma Centre'],
    });
  });
});

describe('a client has its own overlay', () => {
  let running: Running;
  beforeAll(async () => {
    running = await serveWith({ clients: readClients(CLIENTS, { services: [] }) });
  });

  test.each([
    [THEIRS, true],
    ['Another Hospital', false],
  ])('a call of %s: %s', async (client, own) => {
    const card = (await cardsFor(running, 'metastatic-untreated', client)).get('baseline-brain-mri');
    expect(card?.summary.includes('sarcoma protocol')).toBe(own);
  });

  test('and pages that say the same as its cards', async () => {
    const card = (await cardsFor(running, 'metastatic-untreated', THEIRS)).get('baseline-brain-mri');
    const link = new URL(card?.links?.[0]?.url ?? '');
    expect([link.pathname, link.search]).toEqual(['/evidence/baseline-brain-mri', '?site=General%20Hospital']);
    const pages = await Promise.all(
      [link.search, '', '?site=', '?site=Nobody', '?site=a&site=b', '?site[a]=b'].map((query) =>
        call(`${running.url}${link.pathname}${query}`),
      ),
    );
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 404, 404, 404, 200]);
    expect(pages.map(({ text }) => text.includes('sarcoma protocol')).slice(0, 2)).toEqual([true, false]);
    expect(pages[0]?.text).toContain('/evidence/value-sets/mri-brain?site=General%20Hospital');
  });

  test('on top of the one for everyone', () => {
    const all = join(folder, 'everyone');
    mkdirSync(all);
    writeFileSync(join(all, 'settings.yaml'), 'brainImagingIntervalMonths: 6\nchestImagingIntervalMonths: 6\n');
    const guidelines: Guidelines = loadGuidelines({
      overlayDir: all,
      clients: readClients(CLIENTS, { services: [] }),
    });
    expect(guidelines.standard.settings).toMatchObject({
      brainImagingIntervalMonths: 6,
      chestImagingIntervalMonths: 6,
    });
    expect(guidelines.forClient(THEIRS).settings).toMatchObject({
      brainImagingIntervalMonths: 3,
      chestImagingIntervalMonths: 6,
    });
  });

  test('discovery asks for the codes of every client', () => {
    const ward = join(folder, 'ward');
    mkdirSync(join(ward, 'value-sets'), { recursive: true });
    writeFileSync(
      join(ward, 'value-sets', 'body-weight.json'),
      JSON.stringify({
        resourceType: 'ValueSet',
        id: 'body-weight',
        compose: { include: [{ system: 'https://ward.example.org', concept: [{ code: 'WEIGHT' }] }] },
      }),
    );
    writeFileSync(
      join(folder, 'clients.yaml'),
      'clients:\n  - name: The ward\n    iss: https://ward.example.org\n    jwksUrl: https://ward.example.org/jwks\n    overlay: ./ward\n',
    );
    const { queries, standard } = loadGuidelines({
      clients: readClients(join(folder, 'clients.yaml'), { services: [] }),
    });
    expect(queries.observationsBodyWeight).toContain('https://ward.example.org|WEIGHT');
    expect(standard.terminology.tokens('body-weight')).not.toContain('https://ward.example.org|WEIGHT');
  });
});

test('a folder of links, as Kubernetes mounts a ConfigMap, is read like any other', () => {
  const mounted = join(folder, 'mounted');
  const data = join(mounted, '..2026_11_22');
  cpSync(join(ROOT, HOSPITAL), data, { recursive: true });
  symlinkSync('..2026_11_22', join(mounted, '..data'));
  for (const name of ['settings.yaml', 'baseline-brain-mri.yaml', 'orders'])
    symlinkSync(join('..data', name), join(mounted, name));
  expect([...readGuidelineFolder(mounted).keys()].toSorted()).toEqual([
    'baseline-brain-mri.yaml',
    'orders/mri-brain-sedation.yaml',
    'orders/mri-brain.yaml',
    'settings.yaml',
  ]);
});

describe('as a process', () => {
  const running = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });

  function start(env: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, ['src/main.ts'], {
      cwd: ROOT,
      env: { PORT: '0', DATABASE_URL: `sqlite:${folder}/feedback.db`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
    const closed = once(child, 'close').then(([code]) => code as number | null);
    return { child, said, closed };
  }

  test('a wrong overlay and a wrong clients file stop the start, everything wrong named with file, line and field', async () => {
    const wrong = join(folder, 'wrong');
    mkdirSync(wrong);
    writeFileSync(join(wrong, 'settings.yaml'), '# ours\nbrainImagingIntervalMonths: three\n');
    writeFileSync(join(wrong, 'baseline-brain-mir.yaml'), 'because: The board wants it so.\n');
    writeFileSync(join(folder, 'wrong.yaml'), `${readFileSync(join(ROOT, CLIENTS), 'utf8')}    colour: red\n`);
    const { said, closed } = start({ OVERLAY_DIR: wrong, CLIENTS_FILE: join(folder, 'wrong.yaml') });
    expect(await closed).toBe(1);
    expect(said.out).toBe('');
    expect(said.err.split('\n')).toEqual([
      'The guideline and the clients have 3 problem(s):',
      `- ${wrong}/baseline-brain-mir.yaml: there is no card baseline-brain-mir`,
      `- ${wrong}/settings.yaml:2: /brainImagingIntervalMonths must be integer`,
      `- ${join(folder, 'wrong.yaml')}:12: /clients/1 must NOT have additional properties: colour`,
      '',
    ]);
  });

  test('a right one is in force, and the log says what it changes', async () => {
    const { child, said, closed } = start({ OVERLAY_DIR: HOSPITAL, CLIENTS_FILE: CLIENTS });
    while (!said.out.includes('"client":"General Hospital"')) {
      if (child.exitCode !== null) throw new Error(said.err);
      // oxlint-disable-next-line no-await-in-loop -- waits between
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGTERM');
    expect(await closed).toBe(0);
    const lines = said.out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ msg }) => msg === 'guideline')).toMatchObject({
      overlays: ['General Hospital 1.0.0'],
      shadow: ['avoid-cytotoxic-chemotherapy'],
      off: ['record-stage'],
    });
  });
});
