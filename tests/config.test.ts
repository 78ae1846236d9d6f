import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { readConfig, settingsTable } from '../src/config.ts';

const defaults = {
  port: 3000,
  host: '127.0.0.1',
  publicUrl: 'http://127.0.0.1:3000',
  logLevel: 'info',
  maxCards: 4,
  fhirBudgetMs: 1500,
  bodyLimit: '10mb',
  shutdownGraceMs: 10_000,
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
  };
  expect(readConfig({ ...empty, PATH: '/bin', DEMO: '1' })).toEqual(defaults);
});

test('everything can be set', () => {
  expect(
    readConfig({
      PORT: '8080',
      HOST: '::1',
      PUBLIC_URL: 'https://cds.example.org/asps',
      NODE_ENV: 'development',
      LOG_LEVEL: 'silent',
      MAX_CARDS: '0',
      FHIR_BUDGET_MS: '250',
      BODY_LIMIT: '512kb',
      SHUTDOWN_GRACE_MS: '0',
      OVERLAY_DIR: './overlay',
      CLIENTS_FILE: '/etc/asps/clients.yaml',
    }),
  ).toEqual({
    port: 8080,
    host: '::1',
    publicUrl: 'https://cds.example.org/asps',
    logLevel: 'silent',
    maxCards: 0,
    fhirBudgetMs: 250,
    bodyLimit: '512kb',
    shutdownGraceMs: 0,
    overlayDir: './overlay',
    clientsFile: '/etc/asps/clients.yaml',
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
    ],
    NODE_ENV: ['production', 'Production', ' production '],
    LOG_LEVEL: ['verbose', 'INFO'],
    MAX_CARDS: ['-1', 'all', '1.5'],
    FHIR_BUDGET_MS: ['-1', '1s', '1e9'],
    BODY_LIMIT: ['10', '0mb', 'mb', '-1mb', '10 mb'],
    SHUTDOWN_GRACE_MS: ['-1', 'x'],
    DATABASE_URL: ['sqlite:./data/asps-cds.db', 'postgres://user:hunter2@db/x'],
  };

  test.each(Object.entries(wrong).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    '%s=%s',
    (name, value) => {
      expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^Invalid configuration: ${name} [^;]+\\.$`));
    },
  );
});

test('every fault is named in one message, and no value', () => {
  const env = {
    PORT: 'x',
    HOST: '0.0.0.0',
    LOG_LEVEL: 'x',
    DATABASE_URL: 'postgres://u:hunter2@db/x',
    NODE_ENV: 'production',
  };
  expect(() => readConfig(env)).toThrow(
    new Error(
      'Invalid configuration: PORT must be integer; ' +
        'HOST must be a loopback address (127.0.0.0/8, ::1 or localhost): this version does not authenticate clients yet; ' +
        'NODE_ENV must not be production: this version does not authenticate clients yet; ' +
        'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent; ' +
        'DATABASE_URL is not supported by this version yet.',
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
