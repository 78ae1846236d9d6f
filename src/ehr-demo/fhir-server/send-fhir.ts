import { getStatus, isOk } from '@medplum/core';
import type { FhirResponse } from '@medplum/fhir-router';
import type { Response } from 'express';
import type { Refusal } from './outcomes.ts';

const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** Sends JSON as FHIR's. */
export function sendFhir(response: Response, status: number, body: object): void {
  const text = Buffer.from(JSON.stringify(body));
  response.status(status).setHeader('Content-Type', FHIR_JSON).setHeader('Content-Length', text.length).end(text);
}

export function sendRefusal(response: Response, { status, outcome }: Refusal): void {
  sendFhir(response, status, outcome);
}

/**
 * Sends what the library answers: the resource, with its version and its place in the headers (FHIR R4, 3.1.0.8), or what it
 * says instead. `okStatus` is the status if it went well, where the library does not know better.
 */
export function sendAnswer(
  response: Response,
  [outcome, resource]: FhirResponse,
  baseUrl: string,
  okStatus: number = getStatus(outcome),
): void {
  const status = isOk(outcome) ? okStatus : getStatus(outcome);
  // RFC 6750, 3.1. Nothing but scopes forbids anything here.
  if (status === 403) response.set('WWW-Authenticate', 'Bearer realm="FHIR", error="insufficient_scope"');
  if (resource?.id !== undefined) {
    response.set('ETag', `W/"${resource.meta?.versionId}"`);
    if (status === 201) response.set('Location', `${baseUrl}/${resource.resourceType}/${resource.id}`);
  }
  // The library tells statuses by ids of its own.
  const { id: _id, ...said } = outcome;
  sendFhir(response, status, resource ?? said);
}
