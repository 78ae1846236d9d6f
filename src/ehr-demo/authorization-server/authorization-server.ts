import express from 'express';
import { type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isJsonObject } from '../../cds-hooks/json.ts';
import type { JudgeToken } from './access.ts';
import { appLaunch, type Choice } from './app-launch.ts';
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
  /** The page on which the patient is chosen for an app that was not launched from a chart; it gets the app's request as its query. */
  readonly choosePatientUrl: string;
  /** How long an app's access token is good for. Default is an hour. */
  readonly tokenSeconds?: number;
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
  /** Where the browser goes on to with the app's request, once somebody has chosen for it or refused to. */
  readonly answerChoice: (request: string, choice: Choice) => string;
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
 * The EHR's SMART App Launch 2.2 authorization server: OAuth 2 codes with PKCE for one public app, launched from the EHR or by
 * itself, and OpenID Connect for who is at work. Keeps everything in memory, and has new keys with each start.
 */
export async function createAuthorizationServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const { issuer, fhirBaseUrl, smartApp, choosePatientUrl, tokenSeconds = 3600, onFault = () => {} } = options;
  const launches = appLaunch(fhirBaseUrl);
  const issued = createIssuedTokens();
  const { authorize, token } = endpointsOf(issuer);
  const idTokenKey = await createIdTokenKey();
  const settings = { fhirBaseUrl, smartApp, launches, idTokenKey, tokenSeconds };
  const provider = new Provider(issuer, providerConfiguration(settings));
  provider.on('server_error', (_ctx, fault) => onFault(fault));
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- Koa's own, which prints: it is no event of the library's
  provider.onerror = onFault;
  provider.on('grant.success', (ctx) => {
    const context = launches.contextOf(ctx.oidc.entities.AccessToken?.grantId ?? '');
    if (context !== undefined && isJsonObject(ctx.body)) ctx.body = { ...ctx.body, ...launchParameters(context) };
  });
  // The library builds addresses on the one that the request names, which behind a proxy is not the one that clients know.
  provider.use<unknown, Partial<Pick<KoaContextWithOIDC, 'oidc'>>>(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'discovery') Object.assign(ctx.body, smartConfiguration(issuer));
    // A request that is good so far: instead of hearing of an error, the app waits.
    const request = launches.awaitingChoice(ctx);
    if (request !== undefined) ctx.redirect(`${choosePatientUrl}?${request}`);
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
    launch: launches.launch,
    answerChoice(request, choice) {
      const parameters = new URLSearchParams(request);
      parameters.set('launch', launches.choose(choice));
      return `${authorize}?${parameters}`;
    },
    issueToken: async ({ seconds, ...access }) => issued.issue(access, seconds),
    async judge(given) {
      const known = issued.judge(given);
      if (known !== undefined) return known;
      const granted = await provider.AccessToken.find(given);
      const context = granted && launches.contextOf(granted.grantId);
      if (granted?.clientId === undefined || context === undefined) return undefined;
      return { scopes: granted.scope?.split(' ') ?? [], patient: context.patient, client: granted.clientId };
    },
  };
}
