import { parseArgs } from 'node:util';
import { isPlainHttpUrl, serverKey } from '../fhir/server-base.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { isFhirId } from './resource-reference.ts';

/** What `npm run sandbox` was asked to do. */
export type SandboxArguments = {
  /** A FHIR base URL, without a slash at the end. */
  readonly fhirServer: string;
  readonly token: string | undefined;
  readonly task: SandboxTask;
  /** A list of sandboxes in place of the one that comes with the service. */
  readonly sandboxes: string | undefined;
  /** Milliseconds that the service may take for the FHIR requests of a call; its own default if undefined. */
  readonly budgetMs: number | undefined;
  readonly json: boolean;
};

/** `load`: synthetic patients are created, used and deleted. `read`: patients who are there are read. `clean`: what an earlier run left is deleted. */
export type SandboxTask =
  | {
      readonly kind: 'load';
      readonly patients: readonly string[] | undefined;
      readonly keep: boolean;
      /** Patients who are there, to be read if nothing may be written. */
      readonly patientIds?: readonly string[];
    }
  | { readonly kind: 'read'; readonly patientIds: readonly string[] }
  | { readonly kind: 'clean'; readonly tag: string };

/** What `npm run sandbox` understands. */
export const USAGE = `Usage: npm run -s sandbox -- --fhir-server <url> [options]

Tests the service against a FHIR R4 server: creates the synthetic patients there, calls every service
for them by prefetch and by call-back, compares the cards with those that are expected, and deletes
what it created.

  --fhir-server <url>    the FHIR base URL, such as http://localhost:8080/fhir
  --token <token>        an access token for it. Others on this machine can read a command line, and npm
                         prints it: the environment variable FHIR_TOKEN is better
  --patients <a,b>       only these synthetic patients (npm run try lists them)
  --patient-ids <1,2>    patients who are on the server: nothing is written, and no cards are expected.
                         Together with --patients: these are read if the server takes no writes
  --keep                 leaves what was created on the server, and says under which tag
  --clean <tag>          deletes what a run left under that tag, and does nothing else
  --sandboxes <file>     a list of servers of one's own, in the form of fixtures/sandboxes.yaml
  --budget <ms>          how long the FHIR requests of one call may take together (1500)
  --json                 one JSON document on standard output
  --help                 this text

Exit status: 0 all as expected, 1 differences, 2 not understood, 3 no FHIR R4 server there, 4 not written to,
5 something is left on the server; 129, 130, 143 interrupted, and cleaned up.
`;

const OPTIONS = {
  'fhir-server': { type: 'string' },
  token: { type: 'string' },
  patients: { type: 'string' },
  'patient-ids': { type: 'string' },
  keep: { type: 'boolean' },
  clean: { type: 'string' },
  sandboxes: { type: 'string' },
  budget: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const TAG = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;
const LONGEST_BUDGET_MS = 600_000;

/**
 * Reads the command line and `FHIR_TOKEN`; undefined when help was asked for.
 *
 * @throws {UsageError} which never quotes a value: any of them may be a token in the wrong place.
 */
export function parseSandboxArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): SandboxArguments | undefined {
  const values = parsedOrUsage(args);
  if (values.help === true) return undefined;
  const fhirServer = baseUrl(values['fhir-server']);
  const token = bearerToken(values.token ?? (env['FHIR_TOKEN'] || undefined));
  if (token !== undefined && !isPrivate(fhirServer))
    throw new UsageError(
      'A token goes to https, to this machine or to the host hapi alone: others would read it on the way',
    );
  return {
    fhirServer,
    token,
    task: taskOf(values),
    sandboxes: values.sandboxes,
    budgetMs: values.budget === undefined ? undefined : milliseconds(values.budget),
    json: values.json === true,
  };
}

/** Is it this machine itself? */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Nobody else reads along: encrypted, this machine, or the container of that name beside this one. */
function isPrivate(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopback(url) || hostname === 'hapi';
}

type Values = ReturnType<typeof parsedOrUsage>;

function taskOf(values: Values): SandboxTask {
  const { patients, clean: tag, keep = false } = values;
  const ids = values['patient-ids'];
  if (tag !== undefined && (patients ?? ids) !== undefined)
    throw new UsageError('--clean goes without --patients and --patient-ids');
  if (keep && patients === undefined && (ids ?? tag) !== undefined)
    throw new UsageError('--keep goes with patients that are created');
  if (tag !== undefined) {
    if (!TAG.test(tag)) throw new UsageError('--clean takes the tag of a run, a UUID in small letters');
    return { kind: 'clean', tag };
  }
  const patientIds = ids === undefined ? undefined : listOf(ids, '--patient-ids');
  if (patients === undefined && patientIds !== undefined) return { kind: 'read', patientIds };
  return {
    kind: 'load',
    patients: patients === undefined ? undefined : listOf(patients, '--patients'),
    keep,
    ...(patientIds === undefined ? {} : { patientIds }),
  };
}

function listOf(text: string, option: string): readonly string[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  if (names.every(isFhirId)) return names;
  throw new UsageError(
    `${option} takes FHIR ids with commas between: letters, digits, "-" and ".", at most 64 characters`,
  );
}

function baseUrl(text: string | undefined): string {
  if (text === undefined) throw new UsageError('--fhir-server is missing');
  if (!isPlainHttpUrl(text))
    throw new UsageError('--fhir-server takes a FHIR base URL: http or https, no user information, no query');
  // The list of sandboxes compares addresses, and a server may take these spellings for one that is on it.
  const path = text.replace(/^[^/]+\/\/[^/]+/, '').replace(/\/$/, '');
  const key = serverKey(text);
  if (key === undefined || /%|\/\/|\/\.{1,2}(?:\/|$)/.test(path))
    throw new UsageError(
      '--fhir-server takes a base URL in its plain spelling: no "%", no "//" and no "." or ".." in its path',
    );
  return key;
}

function bearerToken(token: string | undefined): string | undefined {
  if (token === undefined || BEARER_TOKEN.test(token)) return token;
  throw new UsageError('The token is no bearer token (RFC 6750, 2.1)');
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value > 0 && value <= LONGEST_BUDGET_MS) return value;
  throw new UsageError(`--budget takes milliseconds, at most ${LONGEST_BUDGET_MS}`);
}

function parsedOrUsage(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError(faultOf(error));
  }
}

/** Node's own message quotes what it did not understand. */
function faultOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const [, option] = /^(?:Unknown option|Option) '(?:-h, )?(--[a-z-]{1,20})/.exec(String(message)) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'Unexpected argument: every value comes after its option';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `Unknown option ${option ?? ''}`.trim();
  return `${option ?? 'An option'} has no value, or one that it does not take`;
}
