import type { ServerResponse } from 'node:http';

export const JSON_UTF8 = 'application/json; charset=utf-8';
export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** JSON (CH-18, CH-23), written at once and without Express' own `send`, which would compute what nobody asks for (CH-193). */
export function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.end(body);
}
