import express from 'express';
import { type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isJsonObject } from '../../cds-hooks/json.ts';
import type { JudgeToken } from './access.ts';
import { ehrLaunch } from './ehr-launch.ts';
import { createIssuedTokens } from './issued-tokens.ts';
import type { LaunchContext } from './launch-context.ts';
import { createIdTokenKey, providerConfiguration, type SmartApp } from './provider-configuration.ts';
import { type Endpoints, endpointsOf, smartConfiguration } from './smart-configuration.ts';
import { launchParameters } from './token-response.ts';

export interface AuthorizationServerOptions {
  /** Where it is, without a trailing slash. */
  readonly issuer: string;
  /** What tokens are for, without a trailing slash. */
  readonly fhirBaseUrl: string;
  readonly smartApp: SmartApp;
  /** Told of faults of its own, of which the caller hears no more than `server_error`. */
  readonly onFault?: (fault: unknown) => void;
}

export interface AuthorizationServer {
  /** For the path of the issuer; before anything that reads bodies. */
  readonly router: express.Router;
  /** What `[fhirBaseUrl]/.well-known/smart-configuration` answers. */
  readonly smartConfiguration: object;
  readonly endpoints: Pick<Endpoints, 'authorize' | 'token'>;
  /** Lets the app into this context: its `launch` parameter, good once and for five minutes. */
  readonly launch: (context: LaunchContext) => string;
  /** A token that the EHR gives away by itself, such as to a CDS service. */
  readonly issueToken: (access: {
    readonly scopes: readonly string[];
    readonly patient: string;
    readonly client: string;
    /** How long it is good for. */
    readonly seconds: number;
  }) => Promise<string>;
  readonly judge: JudgeToken;
}

/**
 * The EHR's SMART App Launch 2.2 authorization server: OAuth 2 codes with PKCE for one public app, launched from the EHR, and
 * OpenID Connect for who is at work. Keeps everything in memory, and has new keys with each start.
 */
export async function createAuthorizationServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const { issuer, fhirBaseUrl, smartApp, onFault = () => {} } = options;
  const ehr = ehrLaunch(fhirBaseUrl);
  const issued = createIssuedTokens();
  const { authorize, token } = endpointsOf(issuer);
  const provider = new Provider(issuer, providerConfiguration(fhirBaseUrl, smartApp, ehr, await createIdTokenKey()));
  provider.on('server_error', (_ctx, fault) => onFault(fault));
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- Koa's own, which prints: it is no event of the library's
  provider.onerror = onFault;
  provider.on('grant.success', (ctx) => {
    const context = ehr.contextOf(ctx.oidc.entities.AccessToken?.grantId ?? '');
    if (context !== undefined && isJsonObject(ctx.body)) ctx.body = { ...ctx.body, ...launchParameters(context) };
  });
  // The library builds addresses on the one that the request names, which behind a proxy is not the one that clients know.
  provider.use<unknown, Partial<Pick<KoaContextWithOIDC, 'oidc'>>>(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'discovery') Object.assign(ctx.body, smartConfiguration(issuer));
  });
  const router = express.Router();
  router.use((request, _response, next) => {
    // The library makes URLs of it, and what callers write there need not be fit for one.
    request.headers.host = new URL(issuer).host;
    next();
  }, provider.callback());

  return {
    router,
    smartConfiguration: smartConfiguration(issuer),
    endpoints: { authorize, token },
    launch: ehr.launch,
    issueToken: async ({ seconds, ...access }) => issued.issue(access, seconds),
    async judge(given) {
      const known = issued.judge(given);
      if (known !== undefined) return known;
      const granted = await provider.AccessToken.find(given);
      const context = granted && ehr.contextOf(granted.grantId);
      if (granted?.clientId === undefined || context === undefined) return undefined;
      return { scopes: granted.scope?.split(' ') ?? [], patient: context.patient, client: granted.clientId };
    },
  };
}
