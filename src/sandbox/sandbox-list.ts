import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { FixtureError } from '../ehr-demo/scenarios.ts';
import { serverKey } from '../fhir/server-base.ts';
import { isLoopback } from './arguments.ts';

/** A FHIR server for tests that others run, and what is documented of it. */
export type Sandbox = {
  readonly name: string;
  /** The FHIR base URL; with `<…>` in it a pattern for people, which is no server. */
  readonly base: string;
  /** May synthetic patients be created there? Only where its owner is documented to want that. */
  readonly writable: boolean;
  /** How one gets in. */
  readonly auth: string;
  /** What works, as documented. */
  readonly notes: string;
  /** Who says so. */
  readonly source: string;
};

/** May a server be written to, and if not, why? */
export type WritePermission =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'read-only'; readonly name: string }
  | { readonly kind: 'not-listed' };

/** The list that comes with the service. */
const SANDBOXES_FILE = fileURLToPath(new URL('../../fixtures/sandboxes.yaml', import.meta.url));

const text = { type: 'string', minLength: 1 };

const isList = new Ajv({ allErrors: true }).compile<Sandbox[]>({
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'base', 'writable', 'auth', 'notes', 'source'],
    properties: {
      name: text,
      base: { type: 'string', pattern: '^https?://' },
      writable: { type: 'boolean' },
      auth: text,
      notes: text,
      source: text,
    },
  },
});

/**
 * Reads a list of sandboxes.
 *
 * @throws {FixtureError} if it cannot be read or is not such a list.
 */
export function readSandboxes(file: string = SANDBOXES_FILE): readonly Sandbox[] {
  const list = parsed(file);
  if (isList(list)) return list;
  const faults = (isList.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message ?? ''}`);
  throw new FixtureError(`${file} is not as expected:\n  ${faults.join('\n  ')}`);
}

/** What is listed as read-only stays unwritten wherever it is; this machine's own servers need no listing. */
export function writePermission(base: string, sandboxes: readonly Sandbox[]): WritePermission {
  const key = addressOf(base);
  const listed = sandboxes.filter((sandbox) => addressOf(sandbox.base) === key);
  const readOnly = listed.find(({ writable }) => !writable);
  if (readOnly !== undefined) return { kind: 'read-only', name: readOnly.name };
  return listed.length > 0 || isLoopback(base) ? { kind: 'allowed' } : { kind: 'not-listed' };
}

/** A base URL in the one form in which two of them are compared: all names of this machine are one. */
function addressOf(base: string): string | undefined {
  const key = serverKey(base);
  if (key === undefined || !isLoopback(key)) return key;
  const url = new URL(key);
  url.hostname = 'localhost';
  return serverKey(url.href);
}

function parsed(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new FixtureError(`${file} cannot be read as YAML`, { cause });
  }
}
