import { randomBytes } from 'node:crypto';
import { errors, type Grant, type KoaContextWithOIDC } from 'oidc-provider';
import { expiringStore } from './expiring-store.ts';
import { grantedScopes } from './granted-scopes.ts';
import type { LaunchContext } from './launch-context.ts';

/** From the click on a link to the app's request. */
const LAUNCH_SECONDS = 300;
/** A working day: for so long an app may ask for new tokens. */
export const GRANT_SECONDS = 8 * 3600;

export interface EhrLaunch {
  /** Lets an app into this context: its `launch` parameter, good once. */
  readonly launch: (context: LaunchContext) => string;
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
 * The EHR launch (SMART App Launch 2.2): the EHR has vouched for user, patient and app when it made the launch id, so nobody
 * is asked to log in or to consent, and no login outlasts the request.
 */
export function ehrLaunch(fhirBaseUrl: string): EhrLaunch {
  const launches = expiringStore<LaunchContext>(LAUNCH_SECONDS);
  const contexts = expiringStore<LaunchContext>(GRANT_SECONDS);
  const vouchedFor = new WeakMap<KoaContextWithOIDC, LaunchContext>();
  return {
    launch(context) {
      const id = randomBytes(32).toString('base64url');
      launches.set(id, context);
      return id;
    },
    checks: {
      aud(_ctx, aud) {
        if (aud === undefined) throw new errors.InvalidRequest('aud is missing: the FHIR base URL');
        if (aud.replace(/\/$/, '') !== fhirBaseUrl) throw new errors.InvalidTarget('aud is not the FHIR base URL');
      },
      async launch(ctx, id) {
        const { params, session } = ctx.oidc;
        const asked = typeof params?.['scope'] === 'string' ? params['scope'] : '';
        if (!asked.split(' ').includes('launch'))
          throw new errors.InvalidScope('an app is launched from the EHR alone, with the scope launch', 'launch');
        if (id === undefined) throw new errors.InvalidRequest('launch is missing: the EHR gives it to the app');
        const context = launches.get(id);
        if (params === undefined || session === undefined || context === undefined)
          throw new errors.InvalidRequest('launch is unknown, was used before, or has expired');
        const granted = grantedScopes(asked);
        if (granted.length === 0) throw new errors.AccessDenied('nothing of what was asked for can be granted');

        launches.delete(id);
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
