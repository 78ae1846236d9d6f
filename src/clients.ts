import { createPublicKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { SIGNATURE_ALGORITHMS } from './cds-hooks/authentication/signature-algorithms.ts';
import type { CdsClient } from './cds-hooks/client.ts';
import type { JsonObject } from './cds-hooks/json.ts';
import {
  CLIENT_FEATURES,
  type ClientFeature,
  clientProfile,
  PROFILE_IDS,
  type ProfileId,
} from './cds-hooks/profile.ts';
import { serverKey } from './fhir/server-base.ts';
import { type Located, parseSource, schemaProblems } from './guideline/source-file.ts';
import { errorCode } from './guideline-folder.ts';

/** An EHR that may call the service: who it is, what it can be answered with, and what of it may be asked. */
export interface Client extends CdsClient {
  /** The FHIR servers that its calls may name (CH-87). */
  readonly fhirServers: readonly string[];
  /** The folder of its overlay. */
  readonly overlay?: string;
}

/** The clients of a file, or everything that is wrong with it, with line and field. */
export type Clients = { readonly clients: readonly Client[] } | { readonly problems: readonly string[] };

export interface ClientsOptions {
  /** Patients are real: what is not encrypted, or whose keys everybody has, is refused. */
  readonly isProduction?: boolean;
  /** The ids of the services there are. */
  readonly services: readonly string[];
}

// To take it and ignore it would be a promise that is not kept: there is no SMART app to launch yet.
const NOT_YET = ['smartClientId'];

const RECOMMENDED_ALGORITHMS = ['ES384', 'RS384'];
const MIN_RSA_BITS = 2048;
const RATE_LIMIT_PER_MINUTE = 600;
/** Its private key stands in its repository: whoever likes can be this issuer, and sign with its keys (M-11). */
const PUBLIC_SANDBOX = 'sandbox.cds-hooks.org';

/** The members by which RFC 7518 (6.2.2, 6.3.2, 6.4.1) and RFC 8037 (2) carry what nobody else may have. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

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
  readonly profile?: ProfileId;
  readonly supports?: readonly ClientFeature[];
  readonly services?: readonly string[];
  readonly prefetch?: 'full' | 'lean';
  readonly overlay?: string;
  readonly rateLimitPerMinute?: number;
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
          profile: { enum: PROFILE_IDS },
          supports: { type: 'array', uniqueItems: true, items: { enum: CLIENT_FEATURES } },
          services: textsOf(text),
          prefetch: { enum: ['full', 'lean'] },
          overlay: text,
          rateLimitPerMinute: { type: 'integer', minimum: 1, maximum: 1_000_000 },
          ...Object.fromEntries(NOT_YET.map((name) => [name, false])),
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
  if (!isClientsFile(parsed.content))
    return { problems: schemaProblems(parsed, isClientsFile.errors ?? [], 'is not supported by this version yet') };

  const { clients } = parsed.content;
  const folder = dirname(file);
  const problems = [
    ...indistinct(clients, parsed),
    ...clients.flatMap((client, at) => [
      ...keyProblems(client, at, options, parsed),
      ...serverProblems(client, at, options, parsed),
      ...entitlementProblems(client, at, options, parsed),
      ...overlayProblems(client, at, folder, parsed),
    ]),
  ];
  return problems.length > 0 ? { problems } : { clients: clients.map((client) => withDefaults(client, folder)) };
}

function withDefaults(entry: ClientEntry, folder: string): Client {
  const { name, iss, tenants, jwksUrl, jwks, services, overlay } = entry;
  return {
    name,
    iss,
    ...(tenants === undefined ? {} : { tenants }),
    keys: jwksUrl === undefined ? { jwks: jwks ?? { keys: [] } } : { jwksUrl },
    algorithms: entry.algorithms ?? RECOMMENDED_ALGORITHMS,
    fhirServers: entry.fhirServers ?? [],
    profile: clientProfile(entry.profile ?? 'default', entry.supports),
    ...(services === undefined ? {} : { services }),
    prefetch: entry.prefetch ?? 'full',
    ...(overlay === undefined ? {} : { overlay: join(folder, overlay) }),
    rateLimitPerMinute: entry.rateLimitPerMinute ?? RATE_LIMIT_PER_MINUTE,
  };
}

/** Which client a JWT means has to be certain, and so has the name under which it is logged. */
function indistinct(clients: readonly ClientEntry[], { problem }: Located<unknown>): readonly string[] {
  const names = new Set<string>();
  const issuers = Map.groupBy(clients, ({ iss }) => iss);
  const tenants = new Set<string>();
  return clients.flatMap(({ name, iss, tenants: own = [] }, at) => {
    const shared = (issuers.get(iss)?.length ?? 0) > 1;
    return [
      ...(isNew(names, name) ? [] : [problem(['clients', at, 'name'], 'is the name of another client too')]),
      ...(shared && own.length === 0
        ? [problem(['clients', at, 'iss'], 'is the iss of another client too: each of them needs tenants')]
        : []),
      ...own.flatMap((tenant, index) =>
        isNew(tenants, JSON.stringify([iss, tenant]))
          ? []
          : [problem(['clients', at, 'tenants', index], 'is a tenant of another client with the same iss too')],
      ),
    ];
  });
}

function isNew(seen: Set<string>, item: string): boolean {
  if (seen.has(item)) return false;
  seen.add(item);
  return true;
}

function keyProblems(
  { iss, jwksUrl, jwks }: ClientEntry,
  at: number,
  { isProduction = false }: ClientsOptions,
  { problem }: Located<unknown>,
): readonly string[] {
  const problems: string[] = [];
  if ((jwksUrl === undefined) === (jwks === undefined))
    problems.push(problem(['clients', at], 'must have either jwksUrl or jwks: its JWTs could not be verified'));
  if (jwksUrl !== undefined && !isKeySetUrl(jwksUrl))
    problems.push(problem(['clients', at, 'jwksUrl'], 'must be an absolute http or https URL'));
  if (jwksUrl !== undefined && isProduction && !isEncrypted(jwksUrl))
    problems.push(problem(['clients', at, 'jwksUrl'], 'must be https in production'));
  for (const [member, url] of Object.entries({ iss, jwksUrl })) {
    if (isProduction && url !== undefined && URL.parse(url)?.hostname === PUBLIC_SANDBOX)
      problems.push(problem(['clients', at, member], 'is the public Sandbox, whose private key is public'));
  }
  const kids = new Set<string>();
  for (const [index, key] of (jwks?.keys ?? []).entries()) {
    const place = ['clients', at, 'jwks', 'keys', index];
    if (!isNew(kids, key.kid)) problems.push(problem([...place, 'kid'], 'is the kid of another key too'));
    const secret = SECRET_MEMBERS.find((member) => Object.hasOwn(key, member));
    if (secret !== undefined) problems.push(problem([...place, secret], 'belongs to a private key: public keys only'));
    else if (!isUsableKey(key))
      problems.push(problem(place, 'is no public key: a member is missing, malformed or too short'));
  }
  return problems;
}

/** An RSA key of less than 2048 bits is none any more (RFC 7518, 3.3). */
function isUsableKey(key: JsonObject): boolean {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: { ...key }, format: 'jwk' });
    return (asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS) >= MIN_RSA_BITS;
  } catch {
    return false;
  }
}

// As in the allow-list: what a parser would have to repair was not meant as a FHIR base URL.
const BASE_URL = /^https?:\/\/[^\s/?#@\\]+(?:\/[^\s?#\\]*)?$/i;

function serverProblems(
  { fhirServers = [], prefetch }: ClientEntry,
  at: number,
  { isProduction = false }: ClientsOptions,
  { problem }: Located<unknown>,
): readonly string[] {
  const servers = new Set<string>();
  const lean =
    prefetch === 'lean' && fhirServers.length === 0
      ? [problem(['clients', at, 'prefetch'], 'lean needs fhirServers: the rest is read from there')]
      : [];
  return [
    ...lean,
    ...fhirServers.flatMap((url, index) => {
      const place = ['clients', at, 'fhirServers', index];
      if (!BASE_URL.test(url) || !URL.canParse(url))
        return [problem(place, 'must be a FHIR base URL: http or https, and no query')];
      if (isProduction && !isEncrypted(url)) return [problem(place, 'must be https in production')];
      return isNew(servers, serverKey(url) ?? url) ? [] : [problem(place, 'is there twice')];
    }),
  ];
}

function entitlementProblems(
  { profile, services = [] }: ClientEntry,
  at: number,
  { isProduction = false, services: known }: ClientsOptions,
  { problem }: Located<unknown>,
): readonly string[] {
  return [
    ...(isProduction && profile === 'sandbox'
      ? [problem(['clients', at, 'profile'], 'sandbox is for synthetic patients: not in production')]
      : []),
    ...services.flatMap((service, index) =>
      known.includes(service)
        ? []
        : [problem(['clients', at, 'services', index], `must be one of ${known.join(', ')}`)],
    ),
  ];
}

function overlayProblems(
  { overlay }: ClientEntry,
  at: number,
  folder: string,
  { problem }: Located<unknown>,
): readonly string[] {
  return overlay === undefined || isFolder(join(folder, overlay))
    ? []
    : [problem(['clients', at, 'overlay'], `there is no folder ${join(folder, overlay)}`)];
}

function isKeySetUrl(url: string): boolean {
  return /^https?:\/\/[^\s/?#@\\]+(?:[/?][^\s#\\]*)?$/i.test(url) && URL.canParse(url);
}

function isEncrypted(url: string): boolean {
  return URL.parse(url)?.protocol === 'https:';
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
