import { allOk, normalizeOperationOutcome } from '@medplum/core';
import {
  type FhirRepository,
  type FhirResponse,
  FhirRouter,
  type HttpMethod,
  processBatch,
} from '@medplum/fhir-router';
import type { Request } from 'express';
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
  override find(method: HttpMethod, url: string): ReturnType<FhirRouter['find']> {
    const found = super.find(method, url);
    return found?.data !== undefined && OFFERED.has(found.data.interaction) ? found : undefined;
  }
}

export function libraryOver(repositoryFor: (request: Request) => FhirRepository): {
  readonly ask: AskLibrary;
  readonly askBatch: AskBatch;
} {
  const router = new NarrowRouter();
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
        return [normalizeOperationOutcome(thrown)];
      }
    },
  };
}
