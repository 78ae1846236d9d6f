import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { MAX_RATE_PER_MINUTE } from './cds-hooks/authentication/replay-memory.ts';
import { SIGNATURE_ALGORITHMS } from './cds-hooks/authentication/signature-algorithms.ts';
import type { CdsClient } from './cds-hooks/client.ts';
import type { JsonObject } from './cds-hooks/json.ts';
import {
  CLIENT_FEATURES,
  type ClientFeature,
  clientProfile,
  DELETE_SHAPES,
  type DeleteShape,
  PROFILE_IDS,
  type ProfileId,
} from './cds-hooks/profile.ts';
import { identityProblems } from './clients/identity.ts';
import { keyProblems } from './clients/registered-keys.ts';
import { reachOf, serverProblems } from './clients/registered-servers.ts';
import { smartLaunchProblems, smartSiteProblems } from './clients/smart-launch.ts';
import type { NetworkReach } from './fhir/network-reach.ts';
import { type Located, type Path, parseSource, schemaProblems } from './guideline/source-file.ts';
import { errorCode } from './guideline-folder.ts';

/** An EHR that may call the service: who it is, what it can be answered with, and what of it may be asked. */
export interface Client extends CdsClient {
  /** The FHIR servers that its calls may name (CH-87). */
  readonly fhirServers: readonly string[];
  /** To which addresses their names may lead. */
  readonly reach: NetworkReach;
  /** The folder of its overlay. */
  readonly overlay?: string;
  /** As which OAuth 2 client the SMART app is known to it; without one, no card offers to launch the app. */
  readonly smartClientId?: string;
  /** Origins that its tokens come from, where they are not those of its FHIR servers. */
  readonly smartAuthorizationServers?: readonly string[];
  /** Origins of its pages that open the app in a frame. */
  readonly smartFrameAncestors?: readonly string[];
}

/** The clients of a file, or everything that is wrong with it, with line and field. */
export type Clients = { readonly clients: readonly Client[] } | { readonly problems: readonly string[] };

export interface ClientsOptions {
  /** Patients are real: what is not encrypted, or whose keys everybody has, is refused (CH-31, CH-152). */
  readonly isProduction?: boolean;
  /** The ids of the services there are. */
  readonly services: readonly string[];
}

const RECOMMENDED_ALGORITHMS = ['ES384', 'RS384'];
const RATE_LIMIT_PER_MINUTE = 600;

interface ClientsFile {
  readonly clients: readonly ClientEntry[];
}

interface ClientEntry {
  readonly name: string;
  readonly iss: string;
  readonly tenants?: readonly string[];
  readonly jwksUrl?: string;
  readonly jwks?: { readonly keys: readonly (JsonObject & { readonly kid: string })[] };
  readonly algorithms?: readonly string[];
  readonly fhirServers?: readonly string[];
  readonly privateAddresses?: readonly string[];
  readonly profile?: ProfileId;
  readonly supports?: readonly ClientFeature[];
  readonly deleteShape?: DeleteShape;
  readonly services?: readonly string[];
  readonly prefetch?: 'full' | 'lean';
  readonly overlay?: string;
  readonly rateLimitPerMinute?: number;
  readonly smartClientId?: string;
  readonly smartAuthorizationServers?: readonly string[];
  readonly smartFrameAncestors?: readonly string[];
}

const text = { type: 'string', minLength: 1 };
const textsOf = (items: object) => ({ type: 'array', minItems: 1, uniqueItems: true, items });

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
        required: ['name', 'iss'],
        properties: {
          name: { type: 'string', minLength: 3, maxLength: 80 },
          iss: text,
          tenants: textsOf(text),
          jwksUrl: text,
          jwks: {
            type: 'object',
            required: ['keys'],
            properties: {
              keys: {
                type: 'array',
                minItems: 1,
                items: {
                  type: 'object',
                  required: ['kty', 'kid'],
                  properties: { kty: { enum: ['EC', 'RSA', 'OKP'] }, kid: text },
                },
              },
            },
          },
          algorithms: textsOf({ enum: [...SIGNATURE_ALGORITHMS] }),
          fhirServers: { type: 'array', items: { type: 'string' } },
          privateAddresses: { type: 'array', uniqueItems: true, items: text },
          profile: { enum: PROFILE_IDS },
          supports: { type: 'array', uniqueItems: true, items: { enum: CLIENT_FEATURES } },
          deleteShape: { enum: DELETE_SHAPES },
          services: textsOf(text),
          prefetch: { enum: ['full', 'lean'] },
          overlay: text,
          rateLimitPerMinute: { type: 'integer', minimum: 1, maximum: MAX_RATE_PER_MINUTE },
          smartClientId: text,
          smartAuthorizationServers: textsOf(text),
          smartFrameAncestors: textsOf(text),
        },
      },
    },
  },
});

/** Reads the clients file. Paths in it are relative to it. */
export function readClients(file: string, options: ClientsOptions): Clients {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    return { problems: [`${file}: cannot be read (${errorCode(error)})`] };
  }
  const parsed = parseSource(file, content);
  if ('problems' in parsed) return parsed;
  if (!isClientsFile(parsed.content)) return { problems: schemaProblems(parsed, isClientsFile.errors ?? []) };

  const { clients } = parsed.content;
  const folder = dirname(file);
  const problems = [
    ...identityProblems(clients, parsed),
    ...smartSiteProblems(clients, parsed),
    ...clients.flatMap((client, at) => problemsOf(client, at, folder, options, parsed)),
  ];
  return problems.length > 0
    ? { problems }
    : { clients: clients.map((client) => withDefaults(client, folder, options)) };
}

function withDefaults(entry: ClientEntry, folder: string, { isProduction = false }: ClientsOptions): Client {
  const { name, iss, tenants, jwksUrl, jwks, services, overlay, deleteShape } = entry;
  const { smartClientId, smartAuthorizationServers, smartFrameAncestors } = entry;
  return {
    name,
    iss,
    ...(tenants === undefined ? {} : { tenants }),
    keys: jwksUrl === undefined ? { jwks: jwks ?? { keys: [] } } : { jwksUrl },
    algorithms: entry.algorithms ?? RECOMMENDED_ALGORITHMS,
    fhirServers: entry.fhirServers ?? [],
    reach: reachOf(entry.privateAddresses ?? [], isProduction),
    profile: clientProfile(
      entry.profile ?? 'default',
      entry.supports,
      deleteShape === undefined ? {} : { deleteShape },
    ),
    ...(services === undefined ? {} : { services }),
    prefetch: entry.prefetch ?? 'full',
    ...(overlay === undefined ? {} : { overlay: join(folder, overlay) }),
    rateLimitPerMinute: entry.rateLimitPerMinute ?? RATE_LIMIT_PER_MINUTE,
    ...(smartClientId === undefined ? {} : { smartClientId }),
    ...(smartAuthorizationServers === undefined ? {} : { smartAuthorizationServers }),
    ...(smartFrameAncestors === undefined ? {} : { smartFrameAncestors }),
  };
}

function problemsOf(
  entry: ClientEntry,
  at: number,
  folder: string,
  options: ClientsOptions,
  located: Located<unknown>,
): readonly string[] {
  const { isProduction = false, services } = options;
  const { fhirServers = [], prefetch = 'full', privateAddresses = [] } = entry;
  const { profile = 'default', algorithms = RECOMMENDED_ALGORITHMS } = entry;
  const problem = (path: Path, what: string) => located.problem(['clients', at, ...path], what);
  return [
    ...keyProblems({ ...entry, profile, algorithms }, isProduction, problem),
    ...serverProblems({ fhirServers, prefetch, privateAddresses }, isProduction, problem),
    ...smartLaunchProblems(entry, isProduction, problem),
    ...(isProduction && profile === 'sandbox'
      ? [problem(['profile'], 'sandbox is for synthetic patients: not in production')]
      : []),
    ...(entry.services ?? []).flatMap((service, index) =>
      services.includes(service) ? [] : [problem(['services', index], `must be one of ${services.join(', ')}`)],
    ),
    ...(entry.overlay === undefined || isFolder(join(folder, entry.overlay))
      ? []
      : [problem(['overlay'], `there is no folder ${join(folder, entry.overlay)}`)]),
  ];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
