import type { ClientProfile } from './profile.ts';
import type { ServiceDefinition } from './types.ts';

/** The version of the specification that every service implements, as a semantic version (CH-11; decision 0015). */
const SPECIFICATION_VERSION = '2.0.1';

/** One service, as it is listed. */
type ListedService = Pick<ServiceDefinition, 'hook' | 'title' | 'description' | 'id'> &
  Partial<Pick<ServiceDefinition, 'usageRequirements' | 'hookVersion' | 'prefetch'>> & { readonly version?: string };

/** The discovery document (CH-03); `services` is there even when there is nothing to offer (CH-04). */
export interface Discovery {
  readonly services: readonly ListedService[];
}

/**
 * What the service offers, in the order given, so that two answers do not differ (CH-02); nothing empty in it (CH-09,
 * CH-20). Hooks work with clients of every version (CH-197), and all of them get the same services. A client of 1.0 gets what 1.0 names: no usageRequirements (CH-10), version (CH-11) or hookVersion (CH-12).
 */
export function discovery(services: readonly ServiceDefinition[], profile?: ClientProfile): Discovery {
  const since2 = profile?.cdsHooks !== '1.0';
  return {
    services: services.map(({ id, hook, hookVersion, title, description, usageRequirements, prefetch }) => ({
      hook,
      title,
      description,
      id,
      ...(since2 && usageRequirements ? { usageRequirements } : {}),
      ...(since2 ? { version: SPECIFICATION_VERSION, hookVersion } : {}),
      ...(Object.keys(prefetch).length > 0 ? { prefetch } : {}),
    })),
  };
}
