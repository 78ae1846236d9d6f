import type { RequestListener } from 'node:http';
import cors from 'cors';
import express from 'express';
import type { Answer } from './answer.ts';
import type { ClientAuthentication } from './cds-hooks/authentication/authentication.ts';
import { MAX_WAITING } from './cds-hooks/authentication/remote-key-set.ts';
import { discovery } from './cds-hooks/discovery.ts';
import { ServiceError } from './cds-hooks/errors.ts';
import { parseHookRequest } from './cds-hooks/request.ts';
import type { ServiceDefinition } from './cds-hooks/types.ts';
import type { Client } from './clients.ts';
import { answerError } from './http/answer-error.ts';
import { authenticateBy, checkEntitlement, clientOf } from './http/authenticate.ts';
import { limitInFlight } from './http/back-pressure.ts';
import { onExchangeEnd } from './http/exchange-end.ts';
import { readJson } from './http/json-body.ts';
import { perClientRateLimit } from './http/rate-limit.ts';
import { securityHeaders } from './http/security-headers.ts';
import { JSON_UTF8, send } from './http/send.ts';
import type { SharedRate } from './http/shared-rate.ts';
import { type FeedbackTaking, takeFeedback } from './http/take-feedback.ts';
import { callLog, type Logger, requestLogger } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface AppDependencies extends FeedbackTaking {
  /** What this client is offered; undefined: everybody. */
  readonly servicesFor: (client: Client | undefined) => readonly ServiceDefinition[];
  /** Undefined: open mode, in which nobody is asked who they are. Said out loud, since a forgotten one would open every door. */
  readonly authentication: ClientAuthentication<Client> | undefined;
  /** Does discovery need a JWT as well? */
  readonly discoveryAuth: boolean;
  /** The address that clients know, without a trailing slash; asked for each request, since a port can be late. */
  readonly publicUrl: () => string;
  /** Decides what a validated call is answered with. */
  readonly answer: Answer;
  readonly metrics: Pick<Metrics, 'calls' | 'exposition'>;
  /** Could everything be done now? Or cards alone be answered, for which the store is not needed? */
  readonly ready: (asked: 'everything' | 'cards') => Promise<boolean>;
  readonly logger: Logger;
  /** Counts the requests of clients over all instances of the service; without it each counts its own. */
  readonly sharedRates?: Omit<SharedRate, 'kind'> | undefined;
  /** The largest body taken, as in `10mb`; a compressed one counts unpacked. */
  readonly bodyLimit: string;
  /** The most calls that are read and answered at the same time. */
  readonly maxCallsInFlight: number;
  /** The pages for people, at whatever address is not the API's. */
  readonly pages?: express.Router;
  /** The SMART app, if any EHR has registered it. */
  readonly smartApp?: express.Router;
  /** What became of the cards, for those who may see it. */
  readonly insights?: express.Router | undefined;
  /** The demo EHR, which stands on the other side of the wire and only shares the address. */
  readonly demo?: express.RequestHandler | undefined;
}

const PREFLIGHT_SECONDS = 7200; // the longest that browsers keep it; each call would have its own otherwise
/** JWTs that may wait for their judgement, for each call that may be in flight: they hold no body and take a moment. */
const PENDING_PER_CALL = 4;
/** Several times what may wait for one slow key server. */
const LEAST_PENDING = 4 * MAX_WAITING;
/** A thousand times what a clinician's morning leaves. */
const FEEDBACK_LIMIT = '1mb';

// A discovery URL with a trailing slash makes some clients call `…/cds-services//id`.
const SERVICE_PATHS = ['/cds-services/:id', '/cds-services//:id'];
const FEEDBACK_PATHS = SERVICE_PATHS.map((path) => `${path}/feedback`);

/** The HTTP side of the service: which addresses there are (CH-01, CH-15), which steps a request takes, in which order. */
export function createApp(dependencies: AppDependencies): RequestListener {
  const {
    servicesFor,
    authentication,
    discoveryAuth,
    publicUrl,
    metrics,
    ready,
    logger,
    pages,
    smartApp,
    insights,
    sharedRates,
    demo,
  } = dependencies;
  const byId = new Map(servicesFor(undefined).map((service) => [service.id, service]));
  const addressesOf = (path: string) =>
    ['/', '//'].flatMap((between) => withSlash(`${publicUrl()}/cds-services${between}${path}`));

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // As a proxy reads them: what it does not pass on must not be had by another spelling.
  app.enable('case sensitive routing');

  // Before the log, the headers and the limits, which are the service's.
  if (demo !== undefined) app.use('/demo', demo);
  app.use(requestLogger(logger));
  app.use(securityHeaders());
  // Before CORS: what a site is like is not for the pages that its people have open.
  app.use(exactRoutes().get('/metrics', expose(metrics)));
  // Before CORS too: the app and what it fetches are for its own pages alone.
  if (smartApp !== undefined) app.use(smartApp);
  if (insights !== undefined) app.use(insights);
  // Before everything that can fail, so that a browser can read the errors too; preflights end here (CH-181).
  app.use(
    cors({
      methods: ['GET', 'POST', 'OPTIONS'],
      allowedHeaders: ['Authorization', 'Content-Type'],
      exposedHeaders: ['Retry-After'],
      maxAge: PREFLIGHT_SECONDS,
    }),
  );

  // Who it is, and whether that client may, is settled by the headers: before a body is read for anybody.
  const isClient = authenticateBy(authentication, {
    maxPending: Math.max(LEAST_PENDING, PENDING_PER_CALL * dependencies.maxCallsInFlight),
  });
  const slots = limitInFlight({
    max: dependencies.maxCallsInFlight,
    holderOf: (response) => clientOf(response)?.name,
  });
  // Calls, feedback and discovery are counted apart: a batch of feedback must not cost a client its warnings.
  const rateLimit = (kind: SharedRate['kind']) =>
    perClientRateLimit({
      clientOf: (_request, response) => clientOf(response),
      shared: sharedRates && { ...sharedRates, kind },
    });

  app.post(
    SERVICE_PATHS,
    findService(byId),
    count(metrics),
    isClient<{ id: string }>({ audiences: ({ id }) => addressesOf(id) }),
    checkEntitlement,
    rateLimit('calls'),
    slots,
    letIn,
    readJson({ limit: dependencies.bodyLimit }),
    invoke(dependencies),
  );
  app.all(SERVICE_PATHS, findService(byId), methodNotAllowed('POST, OPTIONS'));

  app.post(
    FEEDBACK_PATHS,
    findService(byId),
    // The specification does not say which of the two addresses goes into the `aud` of feedback (CH-149).
    isClient<{ id: string }>({ audiences: ({ id }) => [...addressesOf(`${id}/feedback`), ...addressesOf(id)] }),
    checkEntitlement,
    rateLimit('feedback'),
    slots,
    readJson({ limit: FEEDBACK_LIMIT }),
    takeFeedback(dependencies),
  );
  app.all(FEEDBACK_PATHS, findService(byId), methodNotAllowed('POST, OPTIONS'));

  app.get(
    '/cds-services',
    isClient({
      audiences: () => withSlash(`${publicUrl()}/cds-services`),
      when: discoveryAuth ? 'always' : 'if-given',
    }),
    rateLimit('discovery'),
    discover(servicesFor),
  );
  app.get('/healthz', (_request, response) => send(response, 200, JSON_UTF8, JSON.stringify({ status: 'up' })));
  app.get('/readyz', readiness(ready));
  app.all(['/cds-services', '/healthz', '/readyz'], methodNotAllowed('GET, HEAD, OPTIONS'));
  app.use(exactRoutes().all('/metrics', methodNotAllowed('GET, HEAD, OPTIONS')));

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

/** Without a slash at the end either: for what a proxy may be told not to pass on. */
function exactRoutes(): express.Router {
  return express.Router({ caseSensitive: true, strict: true });
}

/** What is routed alike is one address, and clients put the one that they call into `aud` (CH-163). */
function withSlash(address: string): readonly string[] {
  return [address, `${address}/`];
}

type ServiceHandler = express.RequestHandler<{ id: string }>;

const serviceOf = new WeakMap<express.Response, ServiceDefinition>();

/** Before the body is read: an unknown service is unknown whatever it is sent. */
function findService(services: ReadonlyMap<string, ServiceDefinition>): ServiceHandler {
  return (request, response, next) => {
    const service = services.get(request.params.id);
    if (service === undefined) throw new ServiceError('not-found', ['There is no service with this id.']);
    serviceOf.set(response, service);
    callLog(response).add({ service: service.id });
    next();
  };
}

const letInAt = new WeakMap<express.Response, number>();

/** From here on a call takes time: it is read, and its data is fetched. */
const letIn: ServiceHandler = (_request, response, next) => {
  letInAt.set(response, performance.now());
  next();
};

/** Every call of a service that exists is counted, whatever becomes of it. The id is one of ours: `findService` comes first. */
function count({ calls }: Pick<Metrics, 'calls'>): ServiceHandler {
  return (request, response, next) => {
    const { id } = request.params;
    onExchangeEnd(request, response, () => {
      const since = letInAt.get(response);
      calls.ended({
        service: id,
        client: clientOf(response)?.name,
        status: response.writableFinished ? response.statusCode : 'gone',
        ms: since === undefined ? undefined : performance.now() - since,
      });
    });
    next();
  };
}

/** GET /metrics */
function expose(metrics: Pick<Metrics, 'exposition'>): express.RequestHandler {
  return async (_request, response) => {
    const { contentType, text } = await metrics.exposition();
    response.setHeader('Cache-Control', 'no-store');
    send(response, 200, contentType, text);
  };
}

/** GET /cds-services – to a client that says who it is, what it is offered; each text is made once (CH-02). */
function discover(servicesFor: AppDependencies['servicesFor']): express.RequestHandler {
  const made = new Map<string | undefined, string>();
  return (_request, response) => {
    const client = clientOf(response);
    const text = made.get(client?.name) ?? JSON.stringify(discovery(servicesFor(client), client?.profile));
    made.set(client?.name, text);
    response.setHeader('Vary', 'Authorization');
    send(response, 200, JSON_UTF8, text);
  };
}

/** POST /cds-services/:id – parse, answer (CH-16, CH-88). Routed on the id, and the hook checked against it (M-07). */
function invoke({ answer }: AppDependencies): ServiceHandler {
  return async (request, response) => {
    const service = serviceOf.get(response);
    if (service === undefined) throw new ServiceError('not-found');

    const log = callLog(response);
    const hookRequest = parseHookRequest(request.body, service);
    log.add({ hookInstance: hookRequest.hookInstance });
    // Whoever hangs up does not wait for an answer: what was asked of a FHIR server for it ends with it (CH-83).
    const gone = new AbortController();
    onExchangeEnd(request, response, () => {
      if (!response.writableFinished) gone.abort();
    });
    const cards = await answer(service, hookRequest, { client: clientOf(response), log, signal: gone.signal });
    send(response, 200, JSON_UTF8, JSON.stringify(cards));
  };
}

/**
 * GET /readyz – everything; with `?exclude=store`, cards alone, which are answered without the store too. The name is that of
 * Kubernetes' own `/readyz`. A balancer that asked for the store would take every process away when the database is gone.
 */
function readiness(ready: AppDependencies['ready']): express.RequestHandler {
  return async (request, response) => {
    if (!(await ready(request.query['exclude'] === 'store' ? 'cards' : 'everything')))
      throw new ServiceError('unavailable');
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
