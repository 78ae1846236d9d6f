import { isIPv4, isIPv6 } from 'node:net';
import { Ajv, type ErrorObject } from 'ajv';
import { FORMATS, LOOPBACK, SETTINGS } from './config/settings.ts';

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
