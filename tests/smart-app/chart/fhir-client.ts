import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import smart from 'fhirclient';
import type { FhirRequester } from '../../../src/smart-app/chart/ask.ts';

/** fhirclient's own Client, as a completed launch leaves it. */
export function clientOf(base: string, token = 'secret'): FhirRequester {
  const launch = new IncomingMessage(new Socket());
  return smart(launch, new ServerResponse(launch)).client({ serverUrl: base, tokenResponse: { access_token: token } });
}
