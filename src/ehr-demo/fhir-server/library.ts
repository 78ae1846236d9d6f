import { allOk, badRequest, OperationOutcomeError } from '@medplum/core';
import {
  type FhirRepository,
  type FhirResponse,
  FhirRouter,
  type HttpMethod,
  processBatch,
} from '@medplum/fhir-router';
import type { Request } from 'express';
import { FAILURE } from './outcomes.ts';
import type { Bundle } from './resource.ts';

/** Puts one interaction to Medplum's router: a path below the base, with its query, and a body if there is one. */
export type AskLibrary = (request: Request, method: HttpMethod, path: string, body?: unknown) => Promise<FhirResponse>;

/** Puts a batch or transaction to it. */
export type AskBatch = (request: Request, bundle: Bundle) => Promise<FhirResponse>;

/** What the library offers and this server does too, alone or as an entry of a batch. */
const OFFERED: ReadonlySet<string> = new Set(['read', 'search-type', 'create', 'update', 'delete']);

/**
 * The library's router, without what nobody is told of: history, patches, GraphQL, searches across types, and batches inside
 * of batches. An entry of a batch could reach them all.
 */
class NarrowRouter extends FhirRouter {
  readonly #outcomeOf: (thrown: unknown) => OperationOutcomeError;

  constructor(outcomeOf: (thrown: unknown) => OperationOutcomeError) {
    super();
    this.#outcomeOf = outcomeOf;
  }

  override find(method: HttpMethod, url: string): ReturnType<FhirRouter['find']> {
    const found = routeIn(() => super.find(method, url));
    if (found?.data === undefined || !OFFERED.has(found.data.interaction)) return undefined;
    const handler: typeof found.handler = async (...asked) => {
      try {
        return await found.handler(...asked);
      } catch (thrown) {
        // The library would call it a bad request, and repeat its words.
        throw this.#outcomeOf(thrown);
      }
    };
    return { ...found, handler };
  }
}

/** @throws {OperationOutcomeError} if the URL is none: the URL of a batch's entry is whatever the client wrote there. */
function routeIn(find: () => ReturnType<FhirRouter['find']>): ReturnType<FhirRouter['find']> {
  try {
    return find();
  } catch (thrown) {
    if (thrown instanceof OperationOutcomeError) throw thrown;
    throw new OperationOutcomeError(badRequest('The URL cannot be read'), { cause: thrown });
  }
}

/** `onFault` is told of what nobody foresaw; whoever asked learns no more than that the server failed. */
export function libraryOver(
  repositoryFor: (request: Request) => FhirRepository,
  onFault: (fault: unknown) => void,
): {
  readonly ask: AskLibrary;
  readonly askBatch: AskBatch;
} {
  const outcomeOf = (thrown: unknown): OperationOutcomeError => {
    if (thrown instanceof OperationOutcomeError) return thrown;
    onFault(thrown);
    return new OperationOutcomeError(FAILURE.outcome);
  };
  const router = new NarrowRouter(outcomeOf);
  const asked = (request: Request, method: HttpMethod, url: string, body: unknown) => ({
    method,
    url,
    // The router takes the path from the URL, and refuses to be told.
    pathname: '',
    params: {},
    query: {},
    body,
    headers: request.headers,
    // Without this it takes a transaction for a batch.
    config: { transactions: true },
  });
  return {
    ask: (request, method, path, body) =>
      router.handleRequest(asked(request, method, path, body), repositoryFor(request)),
    askBatch: async (request, bundle) => {
      try {
        const answer = await processBatch(asked(request, 'POST', '', bundle), repositoryFor(request), router, bundle);
        return [allOk, answer];
      } catch (thrown) {
        return [outcomeOf(thrown).outcome];
      }
    },
  };
}
