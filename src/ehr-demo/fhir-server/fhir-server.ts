import cors from 'cors';
import express, { type ErrorRequestHandler, type RequestHandler, type Response, type Router } from 'express';
import { admission } from './admission.ts';
import { entriesInBody } from './bundle-entries.ts';
import { capabilityStatement } from './capability-statement.ts';
import { loadDefinitions } from './definitions.ts';
import { reportExchanges } from './exchange-report.ts';
import type { FhirAccess, SmartSecurity } from './fhir-access.ts';
import type { FhirExchange } from './fhir-exchange.ts';
import { libraryOver } from './library.ts';
import { refusal, refusalOf } from './outcomes.ts';
import { ResourceRepository } from './repository.ts';
import { isResourceId } from './resource.ts';
import { search } from './search.ts';
import { sendAnswer, sendFhir, sendRefusal } from './send-fhir.ts';

export interface FhirServerOptions {
  /** Where clients find it, without a trailing slash: links and full URLs are built on it. */
  readonly baseUrl: string;
  /** What is on file. Two servers may show the same. */
  readonly repository: ResourceRepository;
  /** For everything but /metadata and the SMART configuration, which are for all. */
  readonly access: FhirAccess;
  /** Without it, the server tells nobody where to get a token. */
  readonly security?: SmartSecurity;
  /** Told once of each request that was answered. */
  readonly onExchange?: (exchange: FhirExchange) => void;
}

const BODY_TYPES = ['application/fhir+json', 'application/json'];
const FORM = 'application/x-www-form-urlencoded';
const BODY_LIMIT = '10mb';
const FORM_LIMIT = '1mb';

/** Holds no resources yet. Takes a second the first time, since all of FHIR R4's definitions are read. */
export function createRepository(): ResourceRepository {
  return new ResourceRepository(loadDefinitions());
}

/**
 * A FHIR R4 server that keeps everything in memory: read, search, create, update, delete, batch and transaction, over Medplum's
 * repository. Whatever it is sent, it answers with a resource, an OperationOutcome if need be; nothing below where it is
 * mounted is left for others.
 */
export function fhirServer({ baseUrl, repository, access, security, onExchange }: FhirServerOptions): Router {
  const definitions = loadDefinitions();
  const statement = capabilityStatement({ definitions, baseUrl, access, security, date: new Date() });
  const { admit, repositoryFor } = admission(access, repository);
  const { ask, askBatch } = libraryOver(repositoryFor);
  const answerSearch = search(ask, definitions, baseUrl);

  const knownNames: RequestHandler<Record<string, string>> = ({ params }, response, next) => {
    if (!definitions.resourceTypes.has(params['type'] ?? '')) {
      sendRefusal(response, refusal(404, 'not-supported', 'FHIR R4 has no such resource type'));
    } else if (params['id'] !== undefined && !isResourceId(params['id'])) {
      sendRefusal(response, refusal(404, 'not-found', 'No resource can have this id'));
    } else {
      next();
    }
  };
  const create: RequestHandler = async (request, response) => {
    sendAnswer(response, await ask(request, 'POST', request.path, request.body), baseUrl);
  };
  const batch: RequestHandler = async (request, response) => {
    sendAnswer(response, await askBatch(request, request.body), baseUrl);
  };
  const update: RequestHandler<{ type: string; id: string }> = async (request, response) => {
    const { type, id } = request.params;
    const isNew = !(await repository.holds(type, id));
    sendAnswer(response, await ask(request, 'PUT', request.path, request.body), baseUrl, isNew ? 201 : 200);
  };

  const server = express.Router();
  if (onExchange !== undefined) server.use(reportExchanges(onExchange));
  server.use(cors({ exposedHeaders: ['ETag', 'Location', 'WWW-Authenticate'] }));
  server.get('/metadata', (_request, response) => sendFhir(response, 200, statement));
  if (security !== undefined) {
    server.get('/.well-known/smart-configuration', (_request, response) => {
      response.json(security.smartConfiguration);
    });
  }
  server.use(admit);
  server.post('/:type/_search', knownNames, formInBody, express.text({ type: FORM, limit: FORM_LIMIT }), answerSearch);
  server.get('/:type', knownNames, answerSearch);
  server.get('/:type/:id', knownNames, async (request, response) => {
    sendAnswer(response, await ask(request, 'GET', request.path), baseUrl);
  });
  server.delete('/:type/:id', knownNames, async (request, response) => {
    sendAnswer(response, await ask(request, 'DELETE', request.path), baseUrl);
  });
  server.use(express.json({ type: BODY_TYPES, limit: BODY_LIMIT }));
  server.post('/', resourceInBody, entriesInBody, batch);
  server.post('/:type', knownNames, resourceInBody, create);
  server.put('/:type/:id', knownNames, resourceInBody, update);
  server.use((_request, response) => {
    sendRefusal(response, refusal(404, 'not-supported', 'This server has no such interaction'));
  });
  server.use(answerThrown);
  return server;
}

const resourceInBody: RequestHandler<Record<string, string>> = (request, response, next) => {
  const body: unknown = request.body;
  if (request.is(BODY_TYPES) === false) sendRefusal(response, refusalOf({ status: 415 }));
  else if (typeof body !== 'object' || body === null || !('resourceType' in body))
    sendRefusal(response, refusal(400, 'structure', 'The body is no resource'));
  else next();
};

/** Parameters of another kind than a form would be taken for none, and everything found. */
const formInBody: RequestHandler<Record<string, string>> = (request, response, next) => {
  if (request.is(FORM) === false)
    sendRefusal(response, refusal(415, 'not-supported', `The body of a search is ${FORM}`));
  else next();
};

/** Four parameters are how Express knows it. */
const answerThrown: ErrorRequestHandler = (thrown: unknown, _request, response: Response, _next) => {
  sendRefusal(response, refusalOf(thrown));
};
