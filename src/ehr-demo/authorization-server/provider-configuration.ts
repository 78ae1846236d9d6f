import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { type AppLaunch, GRANT_SECONDS } from './app-launch.ts';
import { memoryAdapter } from './memory-adapter.ts';
import { ROUTES } from './smart-configuration.ts';

/** The app that the EHR's cards link to. */
export interface SmartApp {
  readonly clientId: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
}

const CODE_SECONDS = 60;
/** SMART App Launch 2.2 requires it of every server that signs id_tokens. */
const ID_TOKEN_ALGORITHM = 'RS256';

/** A key pair for one run, private key included. */
export async function createIdTokenKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ID_TOKEN_ALGORITHM, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: ID_TOKEN_ALGORITHM, use: 'sig' };
}

export interface ProviderSettings {
  readonly fhirBaseUrl: string;
  readonly smartApp: SmartApp;
  readonly launches: AppLaunch;
  readonly idTokenKey: JWK;
  /** How long an access token is good for. */
  readonly tokenSeconds: number;
}

/** The OAuth 2 library's settings: one public client, codes with PKCE, no pages but for errors, no cookies. */
export function providerConfiguration(settings: ProviderSettings): Configuration {
  const { fhirBaseUrl, launches, idTokenKey, tokenSeconds } = settings;
  const { clientId, name, redirectUris } = settings.smartApp;
  const appOrigins = new Set(redirectUris.map((uri) => new URL(uri).origin));
  return {
    adapter: memoryAdapter(),
    jwks: { keys: [idTokenKey] },
    clients: [
      {
        client_id: clientId,
        client_name: name,
        redirect_uris: redirectUris,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        id_token_signed_response_alg: ID_TOKEN_ALGORITHM,
      },
    ],
    routes: ROUTES,
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    pkce: { required: () => true },
    scopes: ['openid', 'fhirUser'],
    claims: { openid: ['sub'], fhirUser: ['fhirUser'] },
    extraParams: launches.checks,
    // The checks leave nothing to ask a person.
    interactions: { policy: [] },
    loadExistingGrant: launches.grant,
    expiresWithSession: () => false,
    findAccount: (_ctx, user, token) =>
      token !== undefined && launches.contextOf(grantIdOf(token)) === undefined
        ? undefined
        : { accountId: user, claims: () => ({ sub: user, fhirUser: `${fhirBaseUrl}/${user}` }) },
    issueRefreshToken: (_ctx, _client, { scopes }) => scopes.has('online_access'),
    ttl: {
      AuthorizationCode: CODE_SECONDS,
      AccessToken: tokenSeconds,
      IdToken: tokenSeconds,
      RefreshToken: GRANT_SECONDS,
      Grant: GRANT_SECONDS,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      // Who is at work stands in the id_token.
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => fhirBaseUrl,
        useGrantedResource: () => true,
        getResourceServerInfo: ({ oidc }, resource) => {
          if (resource !== fhirBaseUrl) throw new errors.InvalidTarget('the FHIR base URL is the only resource');
          const { AuthorizationCode, RefreshToken } = oidc.entities;
          return { scope: (AuthorizationCode ?? RefreshToken)?.scope ?? '', accessTokenFormat: 'opaque' };
        },
      },
    },
    // An app may run in a browser, at an address of its own.
    clientBasedCORS: (_ctx, origin) => appOrigins.has(origin),
    // POST is for browsers that send cookies along, says the library, and there are none.
    enableHttpPostMethods: true,
    cookies: { keys: [randomBytes(32)], long: { sameSite: 'none' } },
    renderError,
  };
}

function grantIdOf(token: object): string {
  return 'grantId' in token && typeof token.grantId === 'string' ? token.grantId : '';
}

/** For whoever sits before the browser when there is no app to tell. */
function renderError(ctx: KoaContextWithOIDC, out: { error: string; error_description?: string | undefined }): void {
  ctx.type = 'text/plain';
  ctx.set('X-Content-Type-Options', 'nosniff');
  // The library has no words for it but a joke.
  const reason = out.error === 'server_error' ? 'the authorization server has failed' : out.error_description;
  ctx.body = `The app could not be started: ${reason ?? 'the request is refused'} (${out.error})\n`;
}
