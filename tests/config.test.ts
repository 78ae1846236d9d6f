import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { settingsTable } from '../src/config/settings.ts';
import { readConfig } from '../src/config.ts';

const defaults = {
  port: 3000,
  host: '127.0.0.1',
  publicUrl: 'http://127.0.0.1:3000',
  logLevel: 'info',
  maxCards: 4,
  fhirBudgetMs: 1500,
  bodyLimit: '10mb',
  maxCallsInFlight: 50,
  shutdownGraceMs: 10_000,
  discoveryAuth: false,
  isProduction: false,
  demo: true,
  databaseUrl: 'sqlite:./data/asps-cds.db',
  commentRetentionDays: 0,
  recordRetentionDays: 0,
};

test('nothing set gives the defaults, frozen', () => {
  expect(readConfig({})).toEqual(defaults);
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});

test('what is empty or of no concern counts as not set', () => {
  const empty = {
    PORT: '',
    HOST: '',
    PUBLIC_URL: ' ',
    NODE_ENV: '',
    MAX_CARDS: '',
    CLIENTS_FILE: '',
    DATABASE_URL: ' ',
    DISCOVERY_AUTH: '',
    MAX_CALLS_IN_FLIGHT: '',
    ADMIN_TOKEN: ' ',
    COMMENT_RETENTION_DAYS: '',
    RECORD_RETENTION_DAYS: '',
    DEMO: '',
  };
  expect(readConfig({ ...empty, PATH: '/bin', SMART_APP: '1' })).toEqual(defaults);
});

test('everything can be set', () => {
  expect(
    readConfig({
      PORT: '8080',
      HOST: '0.0.0.0',
      PUBLIC_URL: 'https://cds.example.org/asps',
      NODE_ENV: 'production',
      LOG_LEVEL: 'silent',
      MAX_CARDS: '0',
      FHIR_BUDGET_MS: '250',
      BODY_LIMIT: '512kb',
      SHUTDOWN_GRACE_MS: '0',
      OVERLAY_DIR: './overlay',
      CLIENTS_FILE: '/etc/asps/clients.yaml',
      DISCOVERY_AUTH: 'true',
      MAX_CALLS_IN_FLIGHT: '20',
      DATABASE_URL: 'postgresql://asps:secret@db.example:5432/asps?sslmode=require',
      ADMIN_TOKEN: ' 0123456789abcdef01234567 ',
      COMMENT_RETENTION_DAYS: '90',
      RECORD_RETENTION_DAYS: '730',
      DEMO: 'false',
    }),
  ).toEqual({
    port: 8080,
    host: '0.0.0.0',
    publicUrl: 'https://cds.example.org/asps',
    logLevel: 'silent',
    maxCards: 0,
    fhirBudgetMs: 250,
    bodyLimit: '512kb',
    shutdownGraceMs: 0,
    overlayDir: './overlay',
    clientsFile: '/etc/asps/clients.yaml',
    discoveryAuth: true,
    isProduction: true,
    demo: false,
    maxCallsInFlight: 20,
    databaseUrl: 'postgresql://asps:secret@db.example:5432/asps?sslmode=require',
    adminToken: '0123456789abcdef01234567',
    commentRetentionDays: 90,
    recordRetentionDays: 730,
  });
});

describe('the public URL', () => {
  test.each([
    [{ PORT: '8080' }, 'http://127.0.0.1:8080'],
    [{ HOST: 'localhost' }, 'http://localhost:3000'],
    [{ HOST: '::1' }, 'http://[::1]:3000'],
    [{ PORT: '0' }, undefined],
    [{ PORT: '0', PUBLIC_URL: 'http://127.0.0.1:9' }, 'http://127.0.0.1:9'],
  ])('of %j is %s', (env, url) => {
    expect(readConfig(env).publicUrl).toBe(url);
  });
});

describe('a wrong setting is refused by name', () => {
  const wrong: Readonly<Record<string, readonly string[]>> = {
    PORT: ['x', '-1', '65536', '1.5'],
    DEMO: ['yes', '1', 'TRUE'],
    HOST: [
      '0.0.0.0',
      '::',
      '10.0.0.1',
      'example.org',
      '127.1',
      '128.0.0.1',
      'localhost.example.org',
      '127.0.0.1.example.org',
    ],
    PUBLIC_URL: [
      'example.org',
      '/x',
      'ftp://example.org',
      'https://example.org/',
      'https://example.org?x',
      'https://example.org#x',
      'https://exa mple.org',
      'https://CDS.example.org',
      'https://example.org:443',
      'https://example.org/a/../b',
      'https://example.org//x',
      'https://user:hunter2@example.org',
      'https://user@example.org',
    ],
    LOG_LEVEL: ['verbose', 'INFO'],
    MAX_CARDS: ['-1', 'all', '1.5'],
    FHIR_BUDGET_MS: ['-1', '1s', '1e9'],
    BODY_LIMIT: ['10', '0mb', 'mb', '-1mb', '10 mb'],
    SHUTDOWN_GRACE_MS: ['-1', 'x'],
    MAX_CALLS_IN_FLIGHT: ['0', '-1', 'many'],
    DISCOVERY_AUTH: ['yes', '1', 'true'],
    DATABASE_URL: [
      './data/x.db',
      'sqlite:',
      'sqlite::memory:',
      'sqlite: x',
      'mysql://user:hunter2@db/x',
      'postgres:asps',
      'postgres://user:hunter2@db',
      'postgres://user:hunter2@db/',
      'postgres://user:hunter2@db:port/x',
    ],
    ADMIN_TOKEN: ['hunter2', '0123456789abcdef0123456', '0123456789abcdef 01234567', 'é'.repeat(24)],
    COMMENT_RETENTION_DAYS: ['-1', '3651', 'ever', '0.5'],
    RECORD_RETENTION_DAYS: ['-1', '36501', 'ever'],
  };

  test.each(Object.entries(wrong).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    '%s=%s',
    (name, value) => {
      expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^Invalid configuration: ${name} [^;]+\\.$`));
    },
  );
});

test.each(['sqlite:/var/lib/asps/feedback.db', 'postgres://db/asps', 'postgresql:///asps?host=/var/run/postgresql'])(
  'the database may be %s',
  (DATABASE_URL) => {
    expect(readConfig({ DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
  },
);

describe('without a clients file', () => {
  test.each(['production', 'Production', ' production '])('%s is refused', (NODE_ENV) => {
    expect(() => readConfig({ NODE_ENV, PUBLIC_URL: 'https://cds.example.org' })).toThrow(
      'Invalid configuration: NODE_ENV must not be production without CLIENTS_FILE: callers would not be authenticated.',
    );
  });
});

describe('with a clients file', () => {
  const CLIENTS_FILE = './clients.yaml';

  test('others may reach it, under the name that they put into their JWTs (CH-163)', () => {
    const config = readConfig({ CLIENTS_FILE, HOST: '0.0.0.0', PUBLIC_URL: 'http://cds.ward.example:8080' });
    expect(config).toMatchObject({ host: '0.0.0.0', publicUrl: 'http://cds.ward.example:8080', isProduction: false });
    expect(() => readConfig({ CLIENTS_FILE, HOST: '0.0.0.0' })).toThrow(
      'Invalid configuration: PUBLIC_URL must be set when HOST is not a loopback address: clients put it into their JWTs.',
    );
  });

  test.each([{}, { PUBLIC_URL: 'http://cds.example.org' }])(
    'production is refused without an encrypted public address: %j (CH-18, CH-152)',
    (env) => {
      expect(() => readConfig({ ...env, CLIENTS_FILE, NODE_ENV: 'production' })).toThrow(
        'Invalid configuration: PUBLIC_URL must be set and begin with https when NODE_ENV is production.',
      );
    },
  );
});

describe('the demo EHR', () => {
  const production = { NODE_ENV: 'production', CLIENTS_FILE: './clients.yaml', PUBLIC_URL: 'https://cds.example.org' };

  test('is served on loopback unless it is turned off, elsewhere if it is asked for, and never in production', () => {
    expect(readConfig({ DEMO: 'false' }).demo).toBe(false);
    expect(readConfig({ CLIENTS_FILE: './clients.yaml' }).demo).toBe(true);
    expect(readConfig(production).demo).toBe(false);
    const open = { CLIENTS_FILE: './clients.yaml', HOST: '0.0.0.0', PUBLIC_URL: 'http://cds.ward.example' };
    expect([readConfig(open).demo, readConfig({ ...open, DEMO: 'true' }).demo]).toEqual([false, true]);
    const behindProxy = { CLIENTS_FILE: './clients.yaml', PUBLIC_URL: 'https://cds.ward.example' };
    expect([readConfig(behindProxy).demo, readConfig({ PUBLIC_URL: 'http://[::1]:8080' }).demo]).toEqual([false, true]);
    expect(() => readConfig({ ...production, DEMO: 'true' })).toThrow(
      'Invalid configuration: DEMO must not be true when NODE_ENV is production.',
    );
  });
});

test('every fault is named in one message, and no value', () => {
  const env = {
    PORT: 'x',
    HOST: '0.0.0.0',
    LOG_LEVEL: 'x',
    DATABASE_URL: 'postgres://u:hunter2@db',
    NODE_ENV: 'production',
  };
  expect(() => readConfig(env)).toThrow(
    new Error(
      'Invalid configuration: PORT must be integer; ' +
        'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent; ' +
        'DATABASE_URL must be sqlite: and the path of a file, or postgres:// and the address and name of a database; ' +
        'HOST must be a loopback address (127.0.0.0/8, ::1 or localhost) without CLIENTS_FILE: callers would not be authenticated; ' +
        'NODE_ENV must not be production without CLIENTS_FILE: callers would not be authenticated; ' +
        'PUBLIC_URL must be set and begin with https when NODE_ENV is production.',
    ),
  );
});

test('docs/configuration.md holds the table of settings as it is', async () => {
  const document = await readFile(new URL('../docs/configuration.md', import.meta.url), 'utf8');
  expect(unpadded(document)).toContain(unpadded(settingsTable));
});

/** A formatter may align the columns. */
function unpadded(markdown: string): string {
  return markdown.replaceAll(/-{3,}/g, '---').replaceAll(/ *\| */g, '|');
}
