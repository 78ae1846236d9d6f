import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseFeedback } from '../../src/cds-hooks/feedback.ts';
import { CLIENT_FEATURES, PROFILE_IDS } from '../../src/cds-hooks/profile.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import { type Clients, readClients } from '../../src/clients.ts';
import { loadScenarios } from '../../src/ehr-demo/scenarios.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { cdsServices } from '../../src/services.ts';
import { shipped } from '../guideline/folder.ts';
import { discover, play } from '../support/play.ts';
import { guideline, PUBLIC_URL, serveService } from '../support/service.ts';
import { documentAt, documents, ROOT } from './documents.ts';
import { blockIn } from './generated-blocks.ts';
import { EXAMPLE_URL } from './integrator-blocks.ts';

const PREFERENCE_LIST = 'urn:com.epic.cdshooks.action.code.system.preference-list-item';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asps-docs-'));
  // Where the example of a client is to be run: beside the documents, with the packages of the service.
  symlinkSync(`${ROOT}node_modules`, join(folder, 'node_modules'));
  symlinkSync(`${ROOT}docs`, join(folder, 'docs'));
  mkdirSync(join(folder, 'overlays/general-hospital'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('every clients file that the pages show is one', () => {
  const shown = documents()
    .filter(({ path }) => path.startsWith('docs/integrat'))
    .flatMap(({ path, text }) => fencesOf(text, 'yaml').map((content) => ({ path, content })))
    .filter(({ content }) => content.startsWith('clients:'));

  test('and there is one for each EHR', () => {
    expect(new Set(shown.map(({ path }) => path)).size).toBe(6);
  });

  test.each(shown)('in $path', ({ content }) => {
    const isSandbox = content.includes('profile: sandbox');
    expect(read(content, false)).toMatchObject({ clients: [{ iss: expect.stringContaining('https://') }] });
    expect('problems' in read(content, true)).toBe(isSandbox); // which the page says of the Sandbox
  });

  function read(content: string, isProduction: boolean): Clients {
    const file = join(folder, 'shown.yaml');
    writeFileSync(file, content);
    return readClients(file, { isProduction, services: cdsServices({}).map(({ id }) => id) });
  }
});

test('the overlay for Epic names the order by its preference list, and the service knows it again', () => {
  const { text } = documentAt('docs/integrators/epic.md');
  const [, path = '', content = ''] =
    /^`overlays\/general-hospital\/([^`]+)`\n\n```yaml\n(.*?)^```$/ms.exec(text) ?? [];
  const { cards } = loadGuideline(shipped, [
    { folder: 'overlays/general-hospital/', files: new Map([[path, content]]) },
  ]);
  const order = cards.find(({ file }) => file.id === 'baseline-brain-mri')?.suggestions[0]?.order?.file.resource;
  const coding = order !== undefined && 'code' in order ? (order.code?.coding ?? []) : [];
  const codings = coding.map(({ system = '', code = '' }) => ({ system, code }));
  expect(codings[0]?.system).toBe(PREFERENCE_LIST);
  expect(guideline.terminology.valueSetsOf({ codings, texts: [] })).toContain('mri-brain');
});

test('Epic is to map every order but those of which anything is filled in for the patient: no record has it', () => {
  const block = blockIn(documentAt('docs/integrators/epic.md').text, 'orders') ?? '';
  const listed = [...block.matchAll(/^\| `([a-z0-9-]+)`/gm)].map(([, id]) => id);
  const orders = guideline.cards.flatMap(({ suggestions }) => suggestions.flatMap(({ order }) => order?.file.id ?? []));
  const filledIn = [
    'atezolizumab-15-mg-per-kg-q3w',
    'ct-chest-interval',
    'mri-primary-site',
    'referral-palliative-care',
  ];
  expect(new Set([...listed, ...filledIn])).toEqual(new Set(orders));
  expect(listed.filter((id) => id === undefined || filledIn.includes(id))).toEqual([]);
  for (const id of filledIn) expect(documentAt('docs/integrators/epic.md').text).toContain(`\`${id}\``);
});

test('an EHR of which the version is not known is registered as one of 1.0: it may know no other deletion (CH-119)', () => {
  const [athena] = fencesOf(documentAt('docs/integrators/athenahealth.md').text, 'yaml');
  expect(athena).toContain('profile: cds-hooks-1.0');
});

test.each(['epic.md', 'oracle-health.md', 'athenahealth.md'])(
  'each prefetch line of %s is a key and its query',
  (page) => {
    const block = blockIn(documentAt(`docs/integrators/${page}`).text, 'prefetch') ?? '';
    const lines = block.split('\n').slice(1, -1);
    const queries: Readonly<Record<string, string>> = chartQueries(guideline.terminology);
    const copied = lines.map(
      (line) => [line.slice(0, line.indexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)] as const,
    );
    expect(copied.length).toBeGreaterThan(13);
    expect(copied.filter(([key, query]) => queries[key] !== query)).toEqual([]);
  },
);

test('troubleshooting explains every reason for which a JWT is refused, in the order of the checks', () => {
  const { text: source } = documentAt('src/cds-hooks/authentication/authentication.ts');
  const reasons = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, reason]) => reason);
  const { text } = documentAt('docs/integrators/README.md');
  const table = text.slice(text.indexOf('| `refusal`'));
  const explained = [...table.slice(0, table.indexOf('\n\n')).matchAll(/^\| `([a-z-]+)` +\|/gm)].map(
    ([, reason]) => reason,
  );
  expect(reasons.length).toBeGreaterThan(10);
  expect(explained).toEqual(['refusal', ...reasons]);
});

test('the pages name every profile and every feature', () => {
  const { text } = documentAt('docs/integrators/README.md');
  expect([...PROFILE_IDS, ...CLIENT_FEATURES].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('Oracle Health is told every address that an answer on opening a chart holds', async () => {
  const listed = new Set(blockIn(documentAt('docs/integrators/oracle-health.md').text, 'links')?.split('\n'));
  const service = await serveService({ maxCards: 0 });
  const services = await discover(service.url);
  const patients = new Set(loadScenarios().map(({ patient }) => patient));
  const answers = await Promise.all(
    [...patients].map(async (patient) => play(service.url, services, patient, { hook: 'patient-view' })),
  );
  await service.close();
  const cards = answers.flatMap(({ answer }) => answer.cards);
  const named = cards.flatMap(({ links = [], source, detail = '' }) => [
    ...links.map(({ url }) => url.replace(PUBLIC_URL, EXAMPLE_URL)),
    ...(source.url === undefined ? [] : [source.url]),
    ...(detail.match(/https?:\/\/\S+/g) ?? []),
  ]);
  expect(new Set(named).size).toBeGreaterThan(30);
  expect(named.filter((url) => !listed.has(url))).toEqual([]);
});

test('the feedback that is shown can be read', () => {
  const { text } = documentAt('docs/integrating.md');
  const shown = fencesOf(text, 'json').find((content) => content.includes('"feedback"'));
  const { entries, problems } = parseFeedback(JSON.parse(shown ?? ''));
  expect(problems).toEqual([]);
  expect(entries).toMatchObject([{ overrideReasons: [{ system: guideline.file.overrideReasonSystem }] }]);
});

test('the client of two steps is let in, gets cards and reports on one', async () => {
  const { text } = documentAt('docs/integrators/open-source-ehr.md');
  for (const [, name = '', content = ''] of text.matchAll(/^`([\w-]+\.mjs)`\n\n```js\n(.*?)^```$/gms))
    writeFileSync(join(folder, name), content);
  expect(await run('make-key.mjs')).toEqual({ code: 0, printed: '' });

  const env = { PORT: '0', CLIENTS_FILE: 'clients.yaml', DATABASE_URL: 'sqlite:feedback.db', LOG_LEVEL: 'info' };
  const service = spawn(process.execPath, [`${ROOT}src/main.ts`], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  const ready = Promise.withResolvers<string>();
  service.stdout.on('data', (data) => {
    log += String(data);
    const [, url] = /ready at (http:\S+)/.exec(log) ?? [];
    if (url !== undefined) ready.resolve(url);
  });
  const closed = once(service, 'close');
  const { code, printed } = await run('client.mjs', { CDS_URL: await ready.promise });
  service.kill('SIGTERM');
  await closed;

  const [, firstLine = 'no line'] = /^```\n(warning: .*)\n```\n\n\(The first line/m.exec(text) ?? [];
  expect(printed.split('\n')[0]).toBe(firstLine);
  expect(printed).toContain('\noverridden: Already done elsewhere\n');
  expect(code).toBe(0);
  expect(log).toContain('"client":"My EHR"');
  expect(log).toContain('"feedback":{"kept":1,"problems":0}');
}, 60_000);

async function run(
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, [script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (data) => {
    printed += String(data);
  });
  await once(child, 'close');
  return { code: child.exitCode, printed };
}

function fencesOf(markdown: string, language: string): readonly string[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, named, content = '']) =>
    named === language ? [content] : [],
  );
}
