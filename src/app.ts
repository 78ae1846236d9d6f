import type { RequestListener } from 'node:http';
import cors from 'cors';
import express from 'express';
import { discovery } from './cds-hooks/discovery.ts';
import { operationOutcome, ServiceError, toServiceError } from './cds-hooks/errors.ts';
import { parseHookRequest } from './cds-hooks/request.ts';
import type { CdsServiceResponse, HookRequest, ServiceDefinition } from './cds-hooks/types.ts';
import { type CallLog, callLog, type Logger, requestLogger, safeError } from './log.ts';

export interface AppDependencies {
  readonly services: readonly ServiceDefinition[];
  /** Decides what a validated call is answered with. */
  readonly answer: (service: ServiceDefinition, request: HookRequest, call: CallLog) => Promise<CdsServiceResponse>;
  /** Could a call be answered now? */
  readonly ready: () => boolean;
  readonly logger: Logger;
  /** The largest body taken, as in `10mb`; a compressed one counts unpacked. */
  readonly bodyLimit: string;
  /** The pages for people, at whatever address is not the API's. */
  readonly pages?: express.Router;
}

const JSON_UTF8 = 'application/json; charset=utf-8';
const FHIR_JSON = 'application/fhir+json; charset=utf-8';
const RETRY_AFTER_SECONDS = 5;
const PREFLIGHT_SECONDS = 7200; // the longest that browsers keep it; each call would have its own otherwise

// A discovery URL with a trailing slash makes some clients call `…/cds-services//id`.
const SERVICE_PATHS = ['/cds-services/:id', '/cds-services//:id'];

/** The HTTP side of the service: which steps a request takes, in which order. */
export function createApp(dependencies: AppDependencies): RequestListener {
  const { services, ready, logger, bodyLimit, pages } = dependencies;
  const byId = new Map(services.map((service) => [service.id, service]));

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.use(requestLogger(logger));
  // Before everything that can fail, so that a browser can read the errors too (CH-181).
  app.use(
    cors({
      methods: ['GET', 'POST', 'OPTIONS'],
      allowedHeaders: ['Authorization', 'Content-Type'],
      maxAge: PREFLIGHT_SECONDS,
    }),
  );

  app.post(SERVICE_PATHS, findService(byId), readJson(bodyLimit), invoke(byId, dependencies));
  app.all(SERVICE_PATHS, findService(byId), methodNotAllowed('POST, OPTIONS'));

  app.get('/cds-services', always(JSON.stringify(discovery(services))));
  app.get('/healthz', always(JSON.stringify({ status: 'up' })));
  app.get('/readyz', readiness(ready));
  app.all(['/cds-services', '/healthz', '/readyz'], methodNotAllowed('GET, HEAD, OPTIONS'));

  if (pages !== undefined) app.use(pages);
  app.use(() => {
    throw new ServiceError('not-found');
  });
  app.use(answerError);
  // Express' own last resort is a page of HTML and a stack on standard error; an address that is no URL would get there.
  return (request, response) => {
    const last: express.NextFunction = (thrown: unknown = new ServiceError('not-found')) =>
      answerError(thrown, request as express.Request, response as express.Response, last);
    app(request as express.Request, response as express.Response, last);
  };
}

type Services = ReadonlyMap<string, ServiceDefinition>;

/** Before the body is read: an unknown service is unknown whatever it is sent. */
function findService(services: Services): express.RequestHandler<{ id: string }> {
  return (request, _response, next) => {
    if (!services.has(request.params.id)) throw new ServiceError('not-found', ['There is no service with this id.']);
    next();
  };
}

/** Reads a JSON body, packed or not; the text of the specification shows `application/json` in examples only (CH-26). */
function readJson(limit: string): express.RequestHandler<{ id: string }> {
  const read = express.json({ limit, strict: false, type: (request) => isJson(request.headers['content-type']) });
  return (request, response, next) => {
    read(request, response, (thrown?: unknown) => {
      if (thrown !== undefined) next(bodyError(thrown));
      else if (request.body === undefined) next(new ServiceError('media-type-unsupported'));
      else next();
    });
  };
}

// Whatever else fails while a body is read – it cannot be unpacked, say – is the body's fault.
function bodyError(thrown: unknown): ServiceError {
  const error = toServiceError(thrown);
  if (error.code !== 'internal') return error;
  return new ServiceError('malformed-json', ['The body cannot be decoded.'], { cause: thrown });
}

/** JSON is UTF-8 whatever is said (RFC 8259, 8.1); a client that says otherwise means otherwise. */
function isJson(contentType = ''): boolean {
  const [mediaType = '', ...parameters] = contentType.toLowerCase().split(';');
  return (
    /^(?:application\/(?:[\w.+-]+\+)?json|text\/json)$/.test(mediaType.trim()) &&
    parameters.every((parameter) => !/^\s*charset=/.test(parameter) || /^\s*charset="?utf-8"?\s*$/.test(parameter))
  );
}

/** POST /cds-services/:id – parse, answer. Routed on the id, and the hook checked against it (M-07). */
function invoke(services: Services, { answer }: AppDependencies): express.RequestHandler<{ id: string }> {
  return async (request, response) => {
    const service = services.get(request.params.id);
    if (service === undefined) throw new ServiceError('not-found');

    const log = callLog(response);
    log.add({ service: service.id });
    const hookRequest = parseHookRequest(request.body, service);
    log.add({ hookInstance: hookRequest.hookInstance });
    send(response, 200, JSON_UTF8, JSON.stringify(await answer(service, hookRequest, log)));
  };
}

/** The same text for everyone, made once. */
function always(body: string): express.RequestHandler {
  return (_request, response) => {
    send(response, 200, JSON_UTF8, body);
  };
}

function readiness(ready: () => boolean): express.RequestHandler {
  return (_request, response) => {
    if (!ready()) throw new ServiceError('unavailable');
    send(response, 200, JSON_UTF8, JSON.stringify({ status: 'ready' }));
  };
}

/** RFC 9110, 15.5.6: says what would be allowed. */
function methodNotAllowed(allowed: string): express.RequestHandler {
  return (_request, response) => {
    response.setHeader('Allow', allowed);
    throw new ServiceError('method-not-allowed');
  };
}

/** The only place where an error becomes an answer. Four parameters are how Express knows it. */
const answerError: express.ErrorRequestHandler = (thrown: unknown, _request, response, _next) => {
  const error = toServiceError(thrown);
  const log = callLog(response);
  log.add({ code: error.code, ...(error.code === 'internal' ? { failure: safeError(error.cause) } : {}) });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error.code === 'unavailable') response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  send(response, error.status, FHIR_JSON, JSON.stringify(operationOutcome(error)));
};

// Written at once and without Express' own `send`, which would compute what nobody asks for (CH-193).
function send(response: express.Response, status: number, type: string, body: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.end(body);
}
