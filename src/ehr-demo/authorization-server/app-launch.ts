import { randomBytes } from 'node:crypto';
import { errors, type Grant, type KoaContextWithOIDC } from 'oidc-provider';
import { expiringStore } from './expiring-store.ts';
import { grantedScopes } from './granted-scopes.ts';
import type { LaunchContext } from './launch-context.ts';

/** From the click on a link to the app's request. */
const LAUNCH_SECONDS = 300;
/** A working day: for so long an app may ask for new tokens. */
export const GRANT_SECONDS = 8 * 3600;

/** What somebody has decided on the page of a standalone launch. */
export type Choice = LaunchContext | 'denied';

/** What a launch id stands for. */
interface Launch {
  /** The scope that an app has to ask with: launched from a chart, or having had the patient chosen. */
  readonly scope: 'launch' | 'launch/patient';
  /** Undefined: whoever was asked does not share a chart. */
  readonly context: LaunchContext | undefined;
}

export interface AppLaunch {
  /** Lets an app into this context: its `launch` parameter, good once. */
  readonly launch: (context: LaunchContext) => string;
  /** The same for an app that was not launched from a chart, once somebody has chosen one, or has refused to. */
  readonly choose: (choice: Choice) => string;
  /** The request, if it is a good one but for a patient that nobody has chosen yet. */
  readonly awaitingChoice: (ctx: object) => URLSearchParams | undefined;
  /** What an authorization request must have beside what OAuth 2 asks for. */
  readonly checks: {
    readonly aud: (ctx: KoaContextWithOIDC, aud: string | undefined) => void;
    readonly launch: (ctx: KoaContextWithOIDC, launch: string | undefined) => Promise<void>;
  };
  /** What the EHR grants to a request that has passed the checks. */
  readonly grant: (ctx: KoaContextWithOIDC) => Promise<Grant | undefined>;
  /** Undefined: no longer known, so that whatever rests on the grant is void. */
  readonly contextOf: (grantId: string) => LaunchContext | undefined;
}

/**
 * How apps get in (SMART App Launch 2.2). In an EHR launch the EHR has vouched for user, patient and app when it made the launch
 * id, so nobody is asked to log in or to consent. In a standalone launch somebody signs in and chooses the patient on a page of the
 * EHR, which makes such an id of it. No login outlasts the request.
 */
export function appLaunch(fhirBaseUrl: string): AppLaunch {
  const launches = expiringStore<Launch>(LAUNCH_SECONDS);
  const contexts = expiringStore<LaunchContext>(GRANT_SECONDS);
  const vouchedFor = new WeakMap<KoaContextWithOIDC, LaunchContext>();
  const awaiting = new WeakMap<object, URLSearchParams>();
  const begin = (launch: Launch): string => {
    const id = randomBytes(32).toString('base64url');
    launches.set(id, launch);
    return id;
  };
  return {
    launch: (context) => begin({ scope: 'launch', context }),
    choose: (choice) => begin({ scope: 'launch/patient', context: choice === 'denied' ? undefined : choice }),
    awaitingChoice: (ctx) => awaiting.get(ctx),
    checks: {
      aud(_ctx, aud) {
        if (aud === undefined) throw new errors.InvalidRequest('aud is missing: the FHIR base URL');
        if (aud.replace(/\/$/, '') !== fhirBaseUrl) throw new errors.InvalidTarget('aud is not the FHIR base URL');
      },
      async launch(ctx, id) {
        const { params, session } = ctx.oidc;
        const asked = typeof params?.['scope'] === 'string' ? params['scope'] : '';
        const names = asked.split(' ');
        if (!names.includes('launch') && !names.includes('launch/patient'))
          throw new errors.InvalidScope(
            'the scope launch, or launch/patient of an app by itself, is missing',
            'launch',
          );
        const granted = grantedScopes(asked);
        if (granted.length === 0) throw new errors.AccessDenied('nothing of what was asked for can be granted');
        if (id === undefined && names.includes('launch/patient')) {
          awaiting.set(ctx, requestOf(params));
          throw new errors.InvalidRequest('nobody has chosen a patient');
        }
        if (id === undefined) throw new errors.InvalidRequest('launch is missing: the EHR gives it to the app');
        const launch = launches.get(id);
        if (params === undefined || session === undefined || launch === undefined)
          throw new errors.InvalidRequest('launch is unknown, was used before, or has expired');
        if (!names.includes(launch.scope))
          throw new errors.InvalidScope('the launch is one for another scope', launch.scope);

        launches.delete(id);
        const { context } = launch;
        if (context === undefined) throw new errors.AccessDenied('the chart is not shared');
        params['scope'] = granted.join(' ');
        session.loginAccount({ accountId: context.user });
        // The library would keep the login for the next launch, which may be for another user: it is for this request alone.
        await session.destroy();
        vouchedFor.set(ctx, context);
      },
    },
    async grant(ctx) {
      const { params, client, provider } = ctx.oidc;
      const context = vouchedFor.get(ctx);
      const scope = params?.['scope'];
      if (context === undefined || client === undefined || typeof scope !== 'string') return undefined;
      const grant = new provider.Grant({ accountId: context.user, clientId: client.clientId });
      grant.addOIDCScope(scope);
      // All of them, for this is what the token response names as granted.
      grant.addResourceScope(fhirBaseUrl, scope);
      contexts.set(await grant.save(), context);
      return grant;
    },
    contextOf: (grantId) => contexts.get(grantId),
  };
}

/** The parameters of an authorization request, to be sent once more. */
function requestOf(params: object = {}): URLSearchParams {
  const given = Object.entries(params);
  return new URLSearchParams(given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}
