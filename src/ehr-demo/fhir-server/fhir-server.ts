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
import { FAILURE, refusal, refusalOf } from './outcomes.ts';
import { ResourceRepository } from './repository.ts';
import { formInBody, parseForm, parseResource, resourceInBody } from './request-body.ts';
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
  /** Told once of each request, when it was answered or whoever asked is gone. */
  readonly onExchange?: (exchange: FhirExchange) => void;
  /** Told of what nobody foresaw; whoever asked learns no more than that the server failed. */
  readonly onFault?: (fault: unknown) => void;
}

/** Holds no resources yet. Takes some seconds the first time, since all of FHIR R4's definitions are read. */
export function createRepository(): ResourceRepository {
  return new ResourceRepository(loadDefinitions());
}

/**
 * A FHIR R4 server that keeps everything in memory: read, search, create, update, delete, batch and transaction, over Medplum's
 * repository. Whatever it is sent, it answers with a resource, an OperationOutcome if need be; nothing below where it is
 * mounted is left for others.
 */
export function fhirServer(options: FhirServerOptions): Router {
  const { baseUrl, repository, access, security, onExchange, onFault = () => {} } = options;
  const definitions = loadDefinitions();
  const statement = capabilityStatement({ definitions, baseUrl, access, security, date: new Date() });
  const { admit, repositoryFor } = admission(access, repository);
  const { ask, askBatch } = libraryOver(repositoryFor, onFault);
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
  server.post('/:type/_search', knownNames, formInBody, parseForm, answerSearch);
  server.get('/:type', knownNames, answerSearch);
  server.get('/:type/:id', knownNames, async (request, response) => {
    sendAnswer(response, await ask(request, 'GET', request.path), baseUrl);
  });
  server.delete('/:type/:id', knownNames, async (request, response) => {
    sendAnswer(response, await ask(request, 'DELETE', request.path), baseUrl);
  });
  server.use(parseResource);
  server.post('/', resourceInBody, entriesInBody, batch);
  server.post('/:type', knownNames, resourceInBody, create);
  server.put('/:type/:id', knownNames, resourceInBody, update);
  server.use((_request, response) => {
    sendRefusal(response, refusal(404, 'not-supported', 'This server has no such interaction'));
  });
  server.use(answerThrown(onFault));
  return server;
}

function answerThrown(onFault: (fault: unknown) => void): ErrorRequestHandler {
  // Four parameters are how Express knows it.
  return (thrown: unknown, _request, response: Response, _next) => {
    const answer = refusalOf(thrown);
    if (answer === FAILURE) onFault(thrown);
    sendRefusal(response, answer);
  };
}
