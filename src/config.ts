import { isIPv4, isIPv6 } from 'node:net';
import { Ajv, type ErrorObject } from 'ajv';

/** What the environment settles, checked and frozen. `main.ts` is the only reader of the environment. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Without a trailing slash. Undefined when PORT is 0 and PUBLIC_URL is not set: known only once the service listens. */
  readonly publicUrl: string | undefined;
  readonly logLevel: string;
  /** 0 means no cap. */
  readonly maxCards: number;
  readonly fhirBudgetMs: number;
  readonly bodyLimit: string;
  readonly shutdownGraceMs: number;
  /** The site's overlay for every client. */
  readonly overlayDir: string | undefined;
  readonly clientsFile: string | undefined;
}

interface Setting {
  readonly name: string;
  readonly schema: object;
  /** Absent: not set. */
  readonly default?: string | number;
  /** What the table says instead of the default's value. */
  readonly defaultText?: string;
  readonly meaning: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const LONGEST_MS = 600_000;

const SETTINGS: readonly Setting[] = [
  {
    name: 'PORT',
    schema: { type: 'integer', minimum: 0, maximum: 65_535 },
    default: 3000,
    meaning: 'Port to listen on; 0 takes any free one.',
  },
  {
    name: 'HOST',
    schema: { type: 'string', format: 'loopback' },
    default: '127.0.0.1',
    meaning:
      'Address to listen on. Clients are not authenticated in this version, so it has to be a loopback address: `127.0.0.0/8`, `::1` or `localhost`.',
  },
  {
    name: 'PUBLIC_URL',
    schema: { type: 'string', format: 'public-url' },
    defaultText: '`http://HOST:PORT`',
    meaning:
      'The address under which browsers reach the service, for the links on cards: absolute, `http` or `https`, without a trailing slash.',
  },
  {
    name: 'NODE_ENV',
    schema: { type: 'string', format: 'not-production' },
    meaning: '`production` is refused in this version, since it cannot authenticate clients.',
  },
  {
    name: 'LOG_LEVEL',
    schema: { type: 'string', enum: LOG_LEVELS },
    default: 'info',
    meaning: `The least important line that is logged: ${LOG_LEVELS.map((level) => `\`${level}\``).join(', ')}.`,
  },
  {
    name: 'MAX_CARDS',
    schema: { type: 'integer', minimum: 0 },
    default: 4,
    meaning: 'The most cards on hooks without orders; 0 means no cap. Order hooks are never cut.',
  },
  {
    name: 'FHIR_BUDGET_MS',
    schema: { type: 'integer', minimum: 0, maximum: LONGEST_MS },
    default: 1500,
    meaning:
      'Milliseconds that all queries of a call to the FHIR server may take together. What is missing then is unknown.',
  },
  {
    name: 'BODY_LIMIT',
    schema: { type: 'string', pattern: '^[1-9][0-9]{0,8}(b|kb|mb)$' },
    default: '10mb',
    meaning: 'The largest request body taken, unpacked: a number with `b`, `kb` or `mb`.',
  },
  {
    name: 'SHUTDOWN_GRACE_MS',
    schema: { type: 'integer', minimum: 0, maximum: LONGEST_MS },
    default: 10_000,
    meaning: 'Milliseconds that calls in flight have to be answered when the service is told to stop.',
  },
  {
    name: 'OVERLAY_DIR',
    schema: { type: 'string' },
    meaning: 'A folder with the site’s changes to the cards, for every client.',
  },
  {
    name: 'CLIENTS_FILE',
    schema: { type: 'string' },
    meaning: 'A YAML file that names clients by their FHIR servers and gives each an overlay. It authenticates nobody.',
  },
];

// To ignore these would run the service open against what the operator believes.
const NOT_YET = ['DATABASE_URL'];

const FORMATS: Readonly<Record<string, { readonly test: (value: string) => boolean; readonly fault: string }>> = {
  loopback: {
    test: isLoopback,
    fault: 'must be a loopback address (127.0.0.0/8, ::1 or localhost): this version does not authenticate clients yet',
  },
  'public-url': {
    test: isPublicUrl,
    fault: 'must be an absolute http or https URL without query, fragment and trailing slash',
  },
  'not-production': {
    test: (value) => value.toLowerCase() !== 'production',
    fault: 'must not be production: this version does not authenticate clients yet',
  },
};

interface Values {
  readonly PORT: number;
  readonly HOST: string;
  readonly PUBLIC_URL?: string;
  readonly LOG_LEVEL: string;
  readonly MAX_CARDS: number;
  readonly FHIR_BUDGET_MS: number;
  readonly BODY_LIMIT: string;
  readonly SHUTDOWN_GRACE_MS: number;
  readonly OVERLAY_DIR?: string;
  readonly CLIENTS_FILE?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings. Throws one plain Error that names every fault, by the setting and never by its value, since that can
 * be a secret. A setting that is empty counts as not set.
 */
export function readConfig(env: Environment): Config {
  const ajv = new Ajv({ allErrors: true, coerceTypes: true });
  for (const [name, { test }] of Object.entries(FORMATS)) ajv.addFormat(name, test);
  const isValid = ajv.compile<Values>({
    type: 'object',
    properties: Object.fromEntries(SETTINGS.map(({ name, schema }) => [name, schema])),
  });

  const values: unknown = Object.fromEntries(
    SETTINGS.map((setting) => [setting.name, given(env, setting.name) ?? setting.default] as const).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const valid = isValid(values);
  const faults = [
    ...(isValid.errors ?? []).map(describe),
    ...NOT_YET.filter((name) => given(env, name) !== undefined).map(
      (name) => `${name} is not supported by this version yet`,
    ),
  ];
  if (!valid || faults.length > 0) throw new Error(`Invalid configuration: ${faults.join('; ')}.`);
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? listeningUrl(values),
    logLevel: values.LOG_LEVEL,
    maxCards: values.MAX_CARDS,
    fhirBudgetMs: values.FHIR_BUDGET_MS,
    bodyLimit: values.BODY_LIMIT,
    shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
    overlayDir: values.OVERLAY_DIR,
    clientsFile: values.CLIENTS_FILE,
  });
}

/** Every setting with its default and meaning, as a Markdown table; `docs/configuration.md` holds it. */
export const settingsTable: string = [
  '| setting | default | meaning |',
  '|---|---|---|',
  ...SETTINGS.map(
    (setting) => `| \`${setting.name}\` | ${setting.defaultText ?? inCode(setting.default)} | ${setting.meaning} |`,
  ),
  ...NOT_YET.map((name) => `| \`${name}\` | – | Not supported yet: the service refuses to start when it is set. |`),
].join('\n');

function given(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function inCode(value: string | number | undefined): string {
  return value === undefined ? '–' : `\`${value}\``;
}

function listeningUrl({ HOST, PORT }: Values): string | undefined {
  return PORT === 0 ? undefined : `http://${isIPv6(HOST) ? `[${HOST}]` : HOST}:${PORT}`;
}

function describe({ instancePath, keyword, params, message }: ErrorObject): string {
  const name = instancePath.slice(1);
  if (keyword === 'format') return `${name} ${FORMATS[String(params['format'])]?.fault ?? 'is not well-formed'}`;
  if (keyword === 'enum') return `${name} must be one of ${String(params['allowedValues']).replaceAll(',', ', ')}`;
  return `${name} ${message ?? keyword}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function isPublicUrl(value: string): boolean {
  return /^https?:\/\/[^\s?#]*[^\s?#/]$/i.test(value) && URL.canParse(value);
}
