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
  readonly maxCallsInFlight: number;
  /** The site's overlay for every client. */
  readonly overlayDir: string | undefined;
  /** Who may call. Undefined: open mode, everybody on this machine. */
  readonly clientsFile: string | undefined;
  readonly discoveryAuth: boolean;
  /** Patients are real: nothing unencrypted (CH-18, CH-152), nobody unauthenticated. */
  readonly isProduction: boolean;
  /** Is the demo EHR served? Never in production. */
  readonly demo: boolean;
  /** Where feedback is kept: `sqlite:` and a file, or a PostgreSQL URL. It may hold a password: never to be logged. */
  readonly databaseUrl: string;
  /** Whoever has it may read the insights. A secret. */
  readonly adminToken: string | undefined;
  /** 0: comments are not kept. */
  readonly commentRetentionDays: number;
  /** 0: what is on record stays. */
  readonly recordRetentionDays: number;
}

interface Setting {
  readonly name: string;
  readonly schema: object;
  /** Absent: not set. */
  readonly default?: string | number | boolean;
  /** What the table says instead of the default's value. */
  readonly defaultText?: string;
  readonly meaning: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const LOOPBACK = '127.0.0.1';
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
    schema: { type: 'string' },
    default: LOOPBACK,
    meaning:
      'Address to listen on. Without CLIENTS_FILE callers are not authenticated, so that it has to be a loopback address: `127.0.0.0/8`, `::1` or `localhost`.',
  },
  {
    name: 'PUBLIC_URL',
    schema: { type: 'string', format: 'public-url' },
    defaultText: '`http://HOST:PORT`',
    meaning:
      'The address under which clients and browsers reach the service: absolute, `http` or `https`, without a trailing slash. Clients put it, with the path of the endpoint, into the `aud` of their JWTs; the links on cards begin with it. In production it has to be `https`.',
  },
  {
    name: 'NODE_ENV',
    schema: { type: 'string' },
    meaning:
      '`production`: patients are real. CLIENTS_FILE and an `https` PUBLIC_URL are needed then, and the FHIR servers and key sets of clients have to be `https`.',
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
    name: 'MAX_CALLS_IN_FLIGHT',
    schema: { type: 'integer', minimum: 1, maximum: 100_000 },
    default: 50,
    meaning:
      'The most calls that are read and answered at the same time, half of them for one client. Past it, calls are answered with 503 and `Retry-After`. Each may hold a body of BODY_LIMIT in memory, and several times that once it is parsed.',
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
    meaning: 'A YAML file with the clients that may call, their keys and their ways. Not set: open mode, on loopback.',
  },
  {
    name: 'DISCOVERY_AUTH',
    schema: { type: 'boolean' },
    default: false,
    meaning: '`true`: discovery needs a JWT as well. Only with CLIENTS_FILE.',
  },
  {
    name: 'DEMO',
    schema: { type: 'boolean' },
    defaultText: '`true` if HOST and PUBLIC_URL are loopback',
    meaning:
      '`true`: a demo EHR with synthetic patients is served at `/demo`, for everybody who can reach the service. It reaches the service and is reached by it at PUBLIC_URL. Unless HOST and PUBLIC_URL are loopback addresses it has to be asked for; in production it is refused.',
  },
  {
    name: 'DATABASE_URL',
    schema: { type: 'string', format: 'database-url' },
    default: 'sqlite:./data/asps-cds.db',
    meaning:
      'Where feedback and what was shown are kept: `sqlite:` and a file on a local disk, which is made if it is not there, for one process; or `postgres://` or `postgresql://`, the address and the name of a database, for any number of them. It may hold a password, and is never logged.',
  },
  {
    name: 'ADMIN_TOKEN',
    schema: { type: 'string', format: 'admin-token' },
    meaning:
      'Whoever has it may read `/insights`: at least 24 characters, the same at all instances. Not set: `/insights` is for callers on this machine in open mode, and is not there with CLIENTS_FILE.',
  },
  {
    name: 'COMMENT_RETENTION_DAYS',
    schema: { type: 'integer', minimum: 0, maximum: 3650 },
    default: 0,
    meaning:
      'Days for which the comments of clinicians are kept, which can be about patients; then they are deleted. 0: they are never kept.',
  },
  {
    name: 'RECORD_RETENTION_DAYS',
    schema: { type: 'integer', minimum: 0, maximum: 36_500 },
    default: 0,
    meaning: 'Days after which feedback, shown cards and counts are deleted; 0: never.',
  },
];

const FORMATS: Readonly<Record<string, { readonly test: (value: string) => boolean; readonly fault: string }>> = {
  'database-url': {
    test: (value) => /^sqlite:[^\s:]/.test(value) || isPostgresUrl(value),
    fault: 'must be sqlite: and the path of a file, or postgres:// and the address and name of a database',
  },
  'admin-token': {
    test: (value) => /^[\x21-\x7e]{24,1024}$/.test(value),
    fault: 'must be 24 to 1,024 letters, digits and punctuation marks of ASCII, without spaces',
  },
  'public-url': {
    test: isPublicUrl,
    fault:
      'must be an absolute http or https URL as browsers write it: no user, query, fragment, default port, upper-case host, dots or slash at the end',
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
  readonly MAX_CALLS_IN_FLIGHT: number;
  readonly SHUTDOWN_GRACE_MS: number;
  readonly OVERLAY_DIR?: string;
  readonly CLIENTS_FILE?: string;
  readonly DISCOVERY_AUTH: boolean;
  readonly DEMO?: boolean;
  readonly DATABASE_URL: string;
  readonly ADMIN_TOKEN?: string;
  readonly COMMENT_RETENTION_DAYS: number;
  readonly RECORD_RETENTION_DAYS: number;
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
  const faults = [...(isValid.errors ?? []).map(describe), ...togetherImpossible(env)];
  if (!valid || faults.length > 0) throw new Error(`Invalid configuration: ${faults.join('; ')}.`);
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? listeningUrl(values),
    logLevel: values.LOG_LEVEL,
    maxCards: values.MAX_CARDS,
    fhirBudgetMs: values.FHIR_BUDGET_MS,
    bodyLimit: values.BODY_LIMIT,
    maxCallsInFlight: values.MAX_CALLS_IN_FLIGHT,
    shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
    overlayDir: values.OVERLAY_DIR,
    clientsFile: values.CLIENTS_FILE,
    discoveryAuth: values.DISCOVERY_AUTH,
    isProduction: isProduction(env),
    demo: values.DEMO ?? (!isProduction(env) && isForThisMachine(values)),
    databaseUrl: values.DATABASE_URL,
    adminToken: values.ADMIN_TOKEN,
    commentRetentionDays: values.COMMENT_RETENTION_DAYS,
    recordRetentionDays: values.RECORD_RETENTION_DAYS,
  });
}

/** Every setting with its default and meaning, as a Markdown table; `docs/configuration.md` holds it. */
export const settingsTable: string = [
  '| setting | default | meaning |',
  '|---|---|---|',
  ...SETTINGS.map(
    (setting) => `| \`${setting.name}\` | ${setting.defaultText ?? inCode(setting.default)} | ${setting.meaning} |`,
  ),
].join('\n');

/** Settings that are well-formed, each by itself, and would leave a door open together. */
function togetherImpossible(env: Environment): readonly string[] {
  const isOpen = given(env, 'CLIENTS_FILE') === undefined;
  const publicUrl = given(env, 'PUBLIC_URL');
  const isLocal = isLoopback(given(env, 'HOST') ?? LOOPBACK);
  const faults: string[] = [];
  if (isOpen && !isLocal)
    faults.push(
      'HOST must be a loopback address (127.0.0.0/8, ::1 or localhost) without CLIENTS_FILE: callers would not be authenticated',
    );
  if (!isOpen && !isLocal && publicUrl === undefined)
    faults.push('PUBLIC_URL must be set when HOST is not a loopback address: clients put it into their JWTs');
  if (isOpen && given(env, 'DISCOVERY_AUTH') === 'true') faults.push('DISCOVERY_AUTH needs CLIENTS_FILE');
  if (!isProduction(env)) return faults;
  if (given(env, 'DEMO') === 'true') faults.push('DEMO must not be true when NODE_ENV is production');
  if (isOpen) faults.push('NODE_ENV must not be production without CLIENTS_FILE: callers would not be authenticated');
  if (publicUrl === undefined || !/^https:/i.test(publicUrl))
    faults.push('PUBLIC_URL must be set and begin with https when NODE_ENV is production');
  return faults;
}

function isProduction(env: Environment): boolean {
  return given(env, 'NODE_ENV')?.toLowerCase() === 'production';
}

function given(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function inCode(value: string | number | boolean | undefined): string {
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

/** Nobody else reaches it, by its own address or by a proxy's. */
function isForThisMachine({ HOST, PUBLIC_URL }: Values): boolean {
  return isLoopback(HOST) && (PUBLIC_URL === undefined || isLoopback(hostnameOf(PUBLIC_URL)));
}

function hostnameOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** In the one spelling that every client sends back: it is compared character by character (CH-163). */
function isPublicUrl(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return false;
  return !/[?#]|\/\/.*\/\//.test(value) && url.href.replace(/\/$/, '') === value;
}

/** With a database's name: by default it is the user's, and a slip of the pen would begin an empty one. */
function isPostgresUrl(value: string): boolean {
  const url = /^postgres(?:ql)?:\/\//.test(value) ? URL.parse(value) : null;
  return url !== null && url.pathname.length > 1;
}
