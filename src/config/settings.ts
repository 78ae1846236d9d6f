/** One setting of the environment, as it is checked and as it is told. */
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
export const LOOPBACK = '127.0.0.1';
const LONGEST_MS = 600_000;

/** All there are, in the order of the documentation. */
export const SETTINGS: readonly Setting[] = [
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

/** What a setting's `format` asks, and how its fault is told. */
export const FORMATS: Readonly<Record<string, { readonly test: (value: string) => boolean; readonly fault: string }>> =
  {
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

/** Every setting with its default and meaning, as a Markdown table; `docs/configuration.md` holds it. */
export const settingsTable: string = [
  '| setting | default | meaning |',
  '|---|---|---|',
  ...SETTINGS.map(
    (setting) => `| \`${setting.name}\` | ${setting.defaultText ?? inCode(setting.default)} | ${setting.meaning} |`,
  ),
].join('\n');

function inCode(value: string | number | boolean | undefined): string {
  return value === undefined ? '–' : `\`${value}\``;
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
