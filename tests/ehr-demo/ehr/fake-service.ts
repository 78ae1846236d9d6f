import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, type JsonObject } from '../../../src/cds-hooks/json.ts';
import { listen } from '../../../src/server.ts';

/** What a service does with one request; the body is what was posted. */
export type Answering = (body: JsonObject, response: ServerResponse, request: IncomingMessage) => unknown;

/** A CDS service that answers as a test wants it to. */
export interface FakeService {
  readonly url: string;
  /** What came, oldest first: path and body. */
  readonly requests: readonly { readonly path: string; readonly body: JsonObject }[];
  /** How it answers from now on: discovery, hook calls or feedback. */
  on(what: 'discovery' | 'hook' | 'feedback', answering: Answering): void;
  close(): Promise<void>;
}

const HOOKS = ['patient-view', 'order-select', 'order-sign', 'problem-list-item-create'];

export const json =
  (body: unknown, status = 200): Answering =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** A card that every EHR understands. */
export const plainCard = (more: object = {}) => ({
  summary: 'Consider this',
  indicator: 'info',
  source: { label: 'A guideline' },
  ...more,
});

/** What an EHR discovers at it, unless told otherwise. */
export const discovery = {
  services: HOOKS.map((hook) => ({ id: `fake-${hook}`, hook, prefetch: { patient: 'Patient/{{context.patientId}}' } })),
};

export async function serveFake(): Promise<FakeService> {
  const requests: { path: string; body: JsonObject }[] = [];
  const answers = new Map<string, Answering>([
    ['discovery', json(discovery)],
    ['hook', json({ cards: [plainCard()] })],
    ['feedback', json({})],
  ]);
  const server = await listen(
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        const path = request.url ?? '';
        const body = parsed(Buffer.concat(chunks).toString('utf8'));
        requests.push({ path, body });
        const what = path === '/cds-services' ? 'discovery' : path.endsWith('/feedback') ? 'feedback' : 'hook';
        void answers.get(what)?.(body, response, request);
      });
    },
    { port: 0, host: '127.0.0.1' },
  );
  return {
    url: server.url,
    requests,
    on: (what, answering) => void answers.set(what, answering),
    close: () => server.stop(0),
  };
}

function parsed(text: string): JsonObject {
  const body: unknown = text === '' ? {} : JSON.parse(text);
  return isJsonObject(body) ? body : {};
}
