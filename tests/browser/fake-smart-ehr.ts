import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import express from 'express';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { resolvePrefetch } from '../../src/ehr-demo/prefetch.ts';
import { loadPatient } from '../../src/ehr-demo/scenarios.ts';
import { type Served, serve } from '../support/http.ts';

/** An answer in full. What is not said is as it would be without it. */
export interface FakeReply {
  readonly status?: number;
  /** JSON, or text as it is. */
  readonly body?: object | string;
  readonly type?: string;
  /** Before anything is answered. */
  readonly delayMs?: number;
}

/** Another status than 200 with an OAuth 2 error, no answer, or an answer in full. */
export type FakeAnswer = number | 'hang up' | FakeReply;

/** How the EHR behaves in one launch. What is not said goes well. */
export interface Behaviour {
  /** The synthetic patient whose chart it is. */
  readonly patient?: string;
  /** What of the chart is as it is not in the fixture. */
  readonly edit?: (resources: readonly Resource[]) => readonly Resource[];
  /** Members of the token response; undefined takes one away. */
  readonly tokenResponse?: Readonly<Record<string, unknown>>;
  /** Members of the SMART configuration; undefined takes one away. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** What the authorization endpoint sends the browser back with, instead of a code. */
  readonly refusal?: Readonly<Record<string, string>>;
  /** By path below the origin, such as `/fhir/Condition`: reads of one type are under the type too. */
  readonly answers?: Readonly<Record<string, FakeAnswer>>;
  /** Before each answer of the FHIR server. */
  readonly delayMs?: number;
}

/** A small EHR with a SMART authorization server and a FHIR server, on an origin of its own. */
export interface FakeSmartEhr {
  readonly origin: string;
  readonly iss: string;
  /** What it was asked, in order: method, path with query, and the bearer token if there was one. */
  readonly asked: string[];
  /** The parameters of the last authorization request. */
  readonly authorization: () => URLSearchParams;
  readonly behave: (behaviour: Behaviour) => void;
  readonly close: () => Promise<void>;
}

export const CLIENT_ID = 'app at the EHR';
export const TOKEN = 'a-token-that-nobody-else-has';
/** Whose chart it is unless told otherwise. */
export const PATIENT = 'metastatic-untreated';
export const NAME = 'Mona Testcase';
const CARD = 'baseline-brain-mri';

/** An OperationOutcome as FHIR servers send it beside an error. */
export function outcome(status: number, diagnostics: string): FakeReply {
  const issue = [{ severity: 'error', code: 'processing', diagnostics }];
  return { status, body: { resourceType: 'OperationOutcome', issue }, type: 'application/fhir+json' };
}

/** An id_token that names who has opened the app; nobody has signed it. */
export function idTokenOf(fhirUser: string): string {
  const parts = [{ alg: 'none' }, { fhirUser }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...parts, ''].join('.');
}

export async function serveFakeSmartEhr(): Promise<FakeSmartEhr> {
  const asked: string[] = [];
  let behaviour: Behaviour = {};
  let authorization = new URLSearchParams();
  const patient = () => behaviour.patient ?? PATIENT;

  const app = express();
  app.use(async (request, response, next) => {
    const { method, originalUrl, headers, path } = request;
    asked.push([method, originalUrl, headers.authorization].filter((part) => part !== undefined).join(' '));
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, accept, cache-control, prefer');
    if (method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    const answer = behaviour.answers?.[path] ?? behaviour.answers?.[path.split('/').slice(0, 3).join('/')];
    if (answer === 'hang up') {
      request.socket.destroy();
      return;
    }
    const { status, body, type, delayMs }: FakeReply =
      typeof answer === 'number' ? { status: answer, body: { error: 'invalid_grant' } } : (answer ?? {});
    // Nobody stays up for an answer that nobody waits for.
    await wait(delayMs ?? (path.startsWith('/fhir/') ? (behaviour.delayMs ?? 0) : 0), undefined, { ref: false });
    if (status === undefined && body === undefined) next();
    else
      response
        .status(status ?? 200)
        .type(type ?? 'json')
        .send(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  });
  app.get('/fhir/.well-known/smart-configuration', (_request, response) => {
    response.json({
      authorization_endpoint: `${served.url}/authorize`,
      token_endpoint: `${served.url}/token`,
      code_challenge_methods_supported: ['S256'],
      capabilities: ['launch-ehr', 'launch-standalone', 'client-public', 'permission-v2'],
      ...behaviour.configuration,
    });
  });
  app.get('/authorize', (request, response) => {
    authorization = new URL(request.originalUrl, served.url).searchParams;
    const back = new URL(authorization.get('redirect_uri') ?? '');
    const answer = {
      state: authorization.get('state') ?? '',
      ...(behaviour.refusal ?? { code: 'a-code' }),
      iss: served.url,
    };
    for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
    response.redirect(back.href);
  });
  app.post('/token', express.urlencoded({ extended: false }), (request, response) => {
    const sent = request.body as Record<string, string>;
    const challenge = createHash('sha256')
      .update(sent['code_verifier'] ?? '')
      .digest('base64url');
    const isProven = challenge === authorization.get('code_challenge') && sent['code'] === 'a-code';
    const isSame = (name: string) => sent[name] === authorization.get(name);
    if (!isProven || !isSame('client_id') || !isSame('redirect_uri')) {
      response.status(400).json({ error: 'invalid_grant' });
      return;
    }
    response.json({
      access_token: TOKEN,
      token_type: 'Bearer',
      expires_in: 300,
      scope: authorization.get('scope'),
      patient: patient(),
      appContext: JSON.stringify({ card: CARD }),
      ...behaviour.tokenResponse,
    });
  });
  app.get('/fhir/*rest', (request, response) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      response.status(401).json({ resourceType: 'OperationOutcome', issue: [] });
      return;
    }
    const { edit = (resources) => resources } = behaviour;
    const query = request.originalUrl.slice('/fhir/'.length);
    const { found } = resolvePrefetch(
      { found: decoded(query) },
      {},
      edit(loadPatient(patient()).resources),
      `${served.url}/fhir`,
    );
    if (found === undefined) response.status(404).json({ resourceType: 'OperationOutcome', issue: [] });
    else response.type('application/fhir+json').send(JSON.stringify(found));
  });
  const served: Served = await serve(app);

  return {
    origin: served.url,
    iss: `${served.url}/fhir`,
    asked,
    authorization: () => authorization,
    behave: (next) => {
      behaviour = next;
      asked.length = 0;
    },
    close: () => served.close(),
  };
}

/** The path of a read is decoded; a search decodes its parameters itself. */
function decoded(query: string): string {
  return query.includes('?') ? query : decodeURIComponent(query);
}
