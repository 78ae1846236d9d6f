import { createHash, randomBytes } from 'node:crypto';
import express from 'express';
import { isJsonObject, type JsonObject } from '../../src/cds-hooks/json.ts';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
} from '../../src/ehr-demo/authorization-server/authorization-server.ts';
import { call, type Reply, serve } from './http.ts';

/** Names and values; undefined: left out. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** A SMART app that the EHR launches, and the browser that it runs in. */
export interface SmartApp {
  readonly redirectUri: string;
  /** Sends the browser to the EHR: the answer, and where it leads if anywhere. */
  authorize(changes: Parameters, how?: 'GET' | 'POST'): Promise<{ readonly reply: Reply; readonly location: string }>;
  /** Asks for a token with this code. */
  exchange(code: string, changes?: Parameters, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** The whole way to the token response, in this launch. */
  start(launch: string, changes?: Parameters): Promise<JsonObject>;
}

export interface ServedEhr {
  readonly server: AuthorizationServer;
  readonly issuer: string;
  readonly fhirBaseUrl: string;
  /** Where it really is. */
  readonly url: string;
  /** Each in a browser of its own. */
  openApp(): SmartApp;
  close(): Promise<void>;
}

/** What the app is registered as, and what it asks for unless told otherwise. */
export const CLIENT_ID = 'an-app';
const SCOPE = 'launch openid fhirUser patient/*.rs';

/** The authorization server over real HTTP; clients know it under another address if one is given. */
export async function serveEhr(
  options: Partial<Pick<AuthorizationServerOptions, 'tokenSeconds' | 'onFault'>> & { readonly publicUrl?: string } = {},
): Promise<ServedEhr> {
  const app = express();
  const served = await serve(app);
  const publicUrl = options.publicUrl ?? served.url;
  const issuer = `${publicUrl}/demo/auth`;
  const fhirBaseUrl = `${publicUrl}/demo/fhir`;
  const redirectUri = `${publicUrl}/smart/`;
  const server = await createAuthorizationServer({
    issuer,
    fhirBaseUrl,
    choosePatientUrl: `${publicUrl}/demo/choose-patient`,
    ...(options.tokenSeconds !== undefined && { tokenSeconds: options.tokenSeconds }),
    smartApp: { clientId: CLIENT_ID, name: 'An app', redirectUris: [redirectUri] },
    ...(options.onFault && { onFault: options.onFault }),
  });
  app.use('/demo/auth', server.router);
  const reach = (url: string) => url.replace(publicUrl, served.url);
  return {
    server,
    issuer,
    fhirBaseUrl,
    url: served.url,
    openApp: () => openApp(reach(server.endpoints.authorize), reach(server.endpoints.token), redirectUri, fhirBaseUrl),
    close: () => served.close(),
  };
}

function openApp(authorize: string, token: string, redirectUri: string, aud: string): SmartApp {
  const cookies = new Map<string, string>();
  const verifier = randomBytes(32).toString('base64url');

  const app: SmartApp = {
    redirectUri,
    async authorize(changes, how = 'GET') {
      const parameters = formOf({
        response_type: 'code',
        client_id: CLIENT_ID,
        redirect_uri: redirectUri,
        scope: SCOPE,
        state: 'a state',
        aud,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...changes,
      });
      const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
      const reply =
        how === 'GET'
          ? await call(`${authorize}?${parameters.toString()}`, { redirect: 'manual', headers })
          : await call(authorize, { method: 'POST', redirect: 'manual', headers, body: parameters });
      for (const cookie of reply.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        cookies.set(name, value);
      }
      return { reply, location: reply.headers.get('location') ?? '' };
    },
    exchange(code, changes = {}, headers = {}) {
      const parameters = formOf({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        client_id: CLIENT_ID,
        ...changes,
      });
      return call(token, { method: 'POST', headers, body: parameters });
    },
    async start(launch, changes = {}) {
      const { location } = await app.authorize({ launch, ...changes });
      const { body } = await app.exchange(answerIn(location)['code'] ?? '');
      return isJsonObject(body) ? body : {};
    },
  };
  return app;
}

/** What an address tells the app in its query. */
export function answerIn(location: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URL(location, 'http://nowhere.example').searchParams);
}

function formOf(parameters: Parameters): URLSearchParams {
  return new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
