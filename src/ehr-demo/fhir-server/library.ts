import { type FhirResponse, FhirRouter, type HttpMethod } from '@medplum/fhir-router';
import type { Request } from 'express';
import type { ResourceRepository } from './repository.ts';

/** Puts one interaction to Medplum's router: a path below the base, with its query, and a body if there is one. */
export type AskLibrary = (request: Request, method: HttpMethod, path: string, body?: unknown) => Promise<FhirResponse>;

export function libraryOver(repository: ResourceRepository): AskLibrary {
  const router = new FhirRouter();
  return (request, method, path, body) =>
    router.handleRequest(
      {
        method,
        url: path,
        // The router takes the path from the URL, and refuses to be told.
        pathname: '',
        params: {},
        query: {},
        body,
        headers: request.headers,
        // Without this it takes a transaction for a batch.
        config: { transactions: true },
      },
      repository,
    );
}
