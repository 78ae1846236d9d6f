import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { OperationOutcome } from '../cds-hooks/errors.ts';

/** What is wrong with a request that never becomes one: its status, its FHIR issue type, and what is said of it (CH-189). */
const REASONS = {
  'not-http': { status: 400, issueType: 'structure', text: 'What was sent is not a well-formed HTTP/1.1 request.' },
  'request-timeout': { status: 408, issueType: 'timeout', text: 'The request did not arrive in time.' },
  'headers-too-large': {
    status: 431,
    issueType: 'too-long',
    text: 'The headers are larger than this service accepts.',
  },
} as const;

export type UnreadableReason = keyof typeof REASONS;

// Node's own names for what it could not read; everything else is `not-http`.
const BY_CODE: ReadonlyMap<string | undefined, UnreadableReason> = new Map<string | undefined, UnreadableReason>([
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request-timeout'],
  ['HPE_HEADER_OVERFLOW', 'headers-too-large'],
]);

// To close at once on a client that still sends would take back the answer: the network resets the connection.
const LINGER_MS = 1000;

/** Why Node gave up on what it was sent. */
export function unreadableReason({ code }: NodeJS.ErrnoException): UnreadableReason {
  return BY_CODE.get(code) ?? 'not-http';
}

/** Says why, as an answer that is complete in itself (CH-190), and hangs up. Only for a connection on which no answer has begun. */
export function hangUp(socket: Duplex, reason: UnreadableReason): void {
  const { status } = REASONS[reason];
  const body = outcome(reason);
  const headers = { ...headersFor(body), Date: new Date().toUTCString() };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${body}`);

  const deadline = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(deadline));
}

/** The same for a request that has a response. */
export function answerUnreadable(response: ServerResponse, reason: UnreadableReason): void {
  const body = outcome(reason);
  response.writeHead(REASONS[reason].status, headersFor(body));
  response.end(body);
}

// A browser can read it too (CH-181).
function headersFor(body: string): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'application/fhir+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'Access-Control-Allow-Origin': '*',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  };
}

function outcome(reason: UnreadableReason): string {
  const { issueType, text } = REASONS[reason];
  const said: OperationOutcome = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: issueType, details: { text }, diagnostics: reason }],
  };
  return JSON.stringify(said);
}
