import { createHash } from 'node:crypto';
import express from 'express';
import { type Served, serve } from '../support/http.ts';

/** How the EHR behaves in one launch. What is not said goes well. */
export interface Behaviour {
  /** Members of the token response; undefined takes one away. */
  readonly tokenResponse?: Readonly<Record<string, unknown>>;
  /** Members of the SMART configuration; undefined takes one away. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** What the authorization endpoint sends the browser back with, instead of a code. */
  readonly refusal?: Readonly<Record<string, string>>;
  /** By path below the origin: another status than 200, `hang up`, or another body. */
  readonly answers?: Readonly<Record<string, number | 'hang up' | object>>;
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

const PATIENT = {
  resourceType: 'Patient',
  id: 'p1',
  name: [{ use: 'official', given: ['Mara', 'Lea'], family: 'Example' }],
  birthDate: '1998-04-02',
  gender: 'female',
};
const CONDITION = { resourceType: 'Condition', subject: { reference: 'Patient/p1' } };
const CONDITIONS = {
  resourceType: 'Bundle',
  entry: [
    { ...CONDITION, code: { text: 'Fracture of wrist' }, clinicalStatus: status('resolved'), onsetDateTime: '2009' },
    {
      ...CONDITION,
      code: { coding: [{ display: 'Malignant tumour of the left thigh' }] },
      extension: [
        {
          url: 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior',
          valueCodeableConcept: { text: 'Alveolar soft part sarcoma' },
        },
      ],
      clinicalStatus: status('active'),
      onsetDateTime: '2026-02-03T23:30:00-08:00',
      recordedDate: '2026-02-05',
    },
    { ...CONDITION, code: { text: 'Gout' }, verificationStatus: status('entered-in-error') },
  ].map((resource) => ({ resource })),
};

function status(code: string): object {
  return { coding: [{ code }] };
}

export async function serveFakeSmartEhr(): Promise<FakeSmartEhr> {
  const asked: string[] = [];
  let behaviour: Behaviour = {};
  let authorization = new URLSearchParams();

  const app = express();
  app.use((request, response, next) => {
    const { method, originalUrl, headers } = request;
    asked.push([method, originalUrl, headers.authorization].filter((part) => part !== undefined).join(' '));
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, accept');
    const answer = behaviour.answers?.[request.path];
    if (method === 'OPTIONS') response.status(204).end();
    else if (answer === 'hang up') request.socket.destroy();
    else if (typeof answer === 'number') response.status(answer).json({ error: 'invalid_grant' });
    else if (answer !== undefined) response.json(answer);
    else next();
  });
  app.get('/fhir/.well-known/smart-configuration', (_request, response) => {
    response.json({
      authorization_endpoint: `${served.url}/authorize`,
      token_endpoint: `${served.url}/token`,
      code_challenge_methods_supported: ['S256'],
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
      patient: 'p1',
      appContext: '{"card":"baseline-brain-mri"}',
      ...behaviour.tokenResponse,
    });
  });
  app.get('/fhir/*rest', (request, response, next) => {
    if (request.headers.authorization === `Bearer ${TOKEN}`) next();
    else response.status(401).json({ resourceType: 'OperationOutcome', issue: [] });
  });
  app.get('/fhir/Patient/:id', (request, response) => {
    response.json({ ...PATIENT, id: request.params.id });
  });
  app.get('/fhir/Condition', (_request, response) => {
    response.json(CONDITIONS);
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
