import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { type Located, parseSource, schemaProblems } from './guideline/source-file.ts';
import { errorCode } from './guideline-folder.ts';

/** An EHR that calls the service, as far as this version tells clients apart: by the FHIR server that a call names. */
export interface Client {
  readonly name: string;
  readonly fhirServers: readonly string[];
  /** The folder of its overlay. */
  readonly overlay?: string;
}

/** The clients of a file, or everything that is wrong with it, with line and field. */
export type Clients = { readonly clients: readonly Client[] } | { readonly problems: readonly string[] };

// What will be needed once clients are authenticated. To take it and ignore it would be a promise that is not kept.
const NOT_YET = [
  'iss',
  'tenants',
  'jwksUrl',
  'jwks',
  'algorithms',
  'profile',
  'prefetch',
  'smartClientId',
  'rateLimitPerMinute',
];

interface ClientsFile {
  readonly clients: readonly Client[];
}

const isClientsFile = new Ajv({ allErrors: true }).compile<ClientsFile>({
  type: 'object',
  additionalProperties: false,
  required: ['clients'],
  properties: {
    clients: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'fhirServers'],
        properties: {
          name: { type: 'string', minLength: 3, maxLength: 80 },
          fhirServers: { type: 'array', minItems: 1, items: { type: 'string' } },
          overlay: { type: 'string', minLength: 1 },
          ...Object.fromEntries(NOT_YET.map((name) => [name, false])),
        },
      },
    },
  },
});

/** Reads the clients file. Paths in it are relative to it. */
export function readClients(file: string): Clients {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { problems: [`${file}: cannot be read (${errorCode(error)})`] };
  }
  const parsed = parseSource(file, text);
  if ('problems' in parsed) return parsed;
  if (!isClientsFile(parsed.content))
    return { problems: schemaProblems(parsed, isClientsFile.errors ?? [], 'is not supported by this version yet') };

  const { clients } = parsed.content;
  const folder = dirname(file);
  const problems = [
    ...noServers(clients, parsed),
    ...twice(clients, parsed),
    ...missingOverlays(clients, folder, parsed),
  ];
  if (problems.length > 0) return { problems };
  return {
    clients: clients.map((client) =>
      client.overlay === undefined ? client : { ...client, overlay: join(folder, client.overlay) },
    ),
  };
}

/** A FHIR base URL in the one form in which two of them are compared; undefined if it is none. */
export function serverKey(url: string): string | undefined {
  const href = URL.parse(url)?.href;
  if (href === undefined) return undefined;
  // No pattern: the text is a caller's, and a run of slashes would take its time.
  let end = href.length;
  while (href[end - 1] === '/') end -= 1;
  return href.slice(0, end);
}

// As in the allow-list: what a parser would have to repair was not meant as a FHIR base URL.
const BASE_URL = /^https?:\/\/[^\s/?#@\\]+(?:\/[^\s?#\\]*)?$/i;

function noServers(clients: readonly Client[], { problem }: Located<unknown>): readonly string[] {
  return clients.flatMap(({ fhirServers }, at) =>
    fhirServers.flatMap((url, index) =>
      BASE_URL.test(url) && URL.canParse(url)
        ? []
        : [problem(['clients', at, 'fhirServers', index], 'must be a FHIR base URL: http or https, and no query')],
    ),
  );
}

/** Which client is meant has to be certain. */
function twice(clients: readonly Client[], { problem }: Located<unknown>): readonly string[] {
  const names = new Set<string>();
  const servers = new Set<string>();
  return clients.flatMap(({ name, fhirServers }, at) => [
    ...(isNew(names, name) ? [] : [problem(['clients', at, 'name'], 'is the name of another client too')]),
    ...fhirServers.flatMap((url, index) =>
      isNew(servers, serverKey(url) ?? url)
        ? []
        : [problem(['clients', at, 'fhirServers', index], 'is there twice: a FHIR server belongs to one client')],
    ),
  ]);
}

function isNew(seen: Set<string>, item: string): boolean {
  if (seen.has(item)) return false;
  seen.add(item);
  return true;
}

function missingOverlays(clients: readonly Client[], folder: string, { problem }: Located<unknown>): readonly string[] {
  return clients.flatMap(({ overlay }, at) =>
    overlay === undefined || isFolder(join(folder, overlay))
      ? []
      : [problem(['clients', at, 'overlay'], `there is no folder ${join(folder, overlay)}`)],
  );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
