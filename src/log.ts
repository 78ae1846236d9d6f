import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { type DestinationStream, type Logger, pino } from 'pino';
import { pinoHttp } from 'pino-http';
import type { RefusalReason } from './cds-hooks/authentication/authentication.ts';
import { FeedbackStoreError, type FeedbackStoreErrorReason } from './feedback/feedback-store.ts';

export type { Logger } from 'pino';

/** Second line of defence; the first is that only named fields are ever given to the logger. */
const NEVER = [
  'req',
  'res',
  'err',
  'headers',
  'body',
  'url',
  'authorization',
  'fhirAuthorization',
  'prefetch',
  'context',
];

/**
 * The log: JSON lines to standard output, or to `destination`. It takes an allow-list of fields – never a resource, a URL,
 * a header, a token (CH-82, CH-179) or an error's message.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, redact: { paths: NEVER, remove: true } };
  return pino(options, destination ?? buffered());
}

/** A write for each line costs more than all else that is done for a call; what is held back is written at exit. */
function buffered(): DestinationStream {
  return pino.destination({ dest: process.stdout.fd, sync: false, minLength: 4096, periodicFlush: 500 });
}

/** What a failure may leave in the log: its kind and where it happened. */
export interface SafeError {
  readonly name: string;
  readonly status?: number;
  /** Why feedback could not be kept. */
  readonly reason?: FeedbackStoreErrorReason;
  readonly frames: readonly string[];
}

const MAX_FRAMES = 5;
const FRAME =
  /^\s*at (?:async )?(?:new )?(?:([\w$.<>#]+) (?:\[as [\w$.<>#]+\] )?\()?((?:file|node|\/|[A-Za-z]:\\)\S*:\d+):\d+\)?$/;

/**
 * Never the message: a FHIR client's error quotes the URL and the response body, and both can identify a patient. The stack
 * repeats the message above its frames, so it is cut off first, and what does not look like a frame is left out.
 */
export function safeError(error: unknown): SafeError {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const status = 'status' in error && Number.isInteger(error.status) ? Number(error.status) : undefined;
  return {
    name: /^[A-Za-z]\w{0,63}$/.test(error.name) ? error.name : 'Error',
    ...(status === undefined ? {} : { status }),
    ...(error instanceof FeedbackStoreError ? { reason: error.reason } : {}),
    // What the store throws says why; where it happened, its cause knows.
    frames: framesOf(error instanceof FeedbackStoreError && error.cause instanceof Error ? error.cause : error),
  };
}

function framesOf({ stack, message }: Error): readonly string[] {
  const end = stack?.indexOf(message) ?? -1;
  if (stack === undefined || end === -1) return [];
  return stack
    .slice(end + message.length)
    .split('\n')
    .map((frame) => FRAME.exec(frame))
    .filter((match) => match !== null)
    .slice(0, MAX_FRAMES)
    .map(([, name = '<anonymous>', place = '']) => `${name} ${place}`);
}

/** What an answer may add to the one line that is logged of a call. */
export interface CallFields {
  /** A UUID, so only once it is validated. */
  readonly hookInstance?: string;
  readonly service?: string;
  /** The name that the operator gave the client. */
  readonly client?: string;
  /** Why a JWT was refused: for the operator, and told to no caller (CH-180). */
  readonly refusal?: RefusalReason;
  /** The call named a FHIR server that the client is not known to have: it was not asked. */
  readonly fhirServer?: 'not-allowed';
  /**
   * What passed between this call and its FHIR server: requests sent, requests spared since their answer was known, and for how
   * many milliseconds the call waited for at least one of them.
   */
  readonly fhir?: { readonly requests: number; readonly spared: number; readonly ms: number };
  /** Number of feedback entries kept, and of problems with others. */
  readonly feedback?: { readonly kept: number; readonly problems: number };
  /** Ids of the cards shown. */
  readonly cards?: readonly string[];
  /** The uuids under which these cards and their suggestions went out, in their order: what feedback will name (CH-141). */
  readonly issued?: readonly IssuedCard[];
  /** Ids of the cards in shadow that apply, if there are any. */
  readonly shadow?: readonly string[];
  /** Number of resources left out because they could not be read. */
  readonly skipped?: number;
  /** Prefetch keys of which something is missing. */
  readonly unread?: readonly string[];
  /** The error code of an answer that is not 2xx. */
  readonly code?: string;
  readonly failure?: SafeError;
}

/** The line that will be logged of this call. */
export interface CallLog {
  add(fields: CallFields): void;
}

/** A card as it went out: random numbers, and nothing of the patient. */
export interface IssuedCard {
  readonly card: string;
  readonly suggestions: readonly string[];
}

const fieldsOf = new WeakMap<ServerResponse, CallFields>();

/** The line of the call that `response` answers. */
export function callLog(response: ServerResponse): CallLog {
  return {
    add: (fields) => {
      fieldsOf.set(response, { ...fieldsOf.get(response), ...fields });
    },
  };
}

/** One line for each request, written when it is answered (CH-154). */
export function requestLogger(logger: Logger): RequestHandler {
  return pinoHttp<Request, Response>({
    logger,
    genReqId: () => randomUUID(),
    // The line is written by the logger itself, not by a child of it for each request.
    quietResLogger: true,
    wrapSerializers: false,
    customAttributeKeys: { responseTime: 'ms' },
    serializers: { req: () => undefined },
    customLogLevel: (request, response) => {
      if (response.statusCode >= 500) return 'error';
      return isProbe(request) ? 'debug' : 'info';
    },
    customSuccessObject: line,
    customErrorObject: (request, response, _error, timing: Timing) => line(request, response, timing),
  });
}

interface Timing {
  readonly ms: number;
}

/** What of a call's fields is logged, in this order: what is not named here is not. */
const LOGGED = [
  'hookInstance',
  'service',
  'client',
  'refusal',
  'fhirServer',
  'fhir',
  'feedback',
  'cards',
  'issued',
  'shadow',
  'skipped',
  'unread',
  'code',
  'failure',
] as const satisfies readonly (keyof CallFields)[];

function line(request: Request, response: Response, { ms }: Timing): object {
  const fields = fieldsOf.get(response) ?? {};
  return {
    requestId: request.id,
    method: request.method,
    route: route(request),
    status: response.statusCode,
    ms,
    ...Object.fromEntries(LOGGED.map((name) => [name, fields[name]])),
  };
}

/** The pattern of the address, not the address: that can hold a patient's id. */
function route(request: Request): string | undefined {
  const path: unknown = (request as { route?: { path?: unknown } }).route?.path;
  const pattern: unknown = Array.isArray(path) ? path[0] : path;
  return typeof pattern === 'string' ? pattern : undefined;
}

/** Asked every few seconds by whatever runs and watches the service: no news. */
const PROBES: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz', '/metrics']);

function isProbe(request: Request): boolean {
  return PROBES.has(route(request));
}
