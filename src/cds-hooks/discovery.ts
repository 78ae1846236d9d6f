import type { ServiceDefinition } from './types.ts';

/** The discovery document (CH-03). */
export interface Discovery {
  readonly services: readonly (Omit<ServiceDefinition, 'prefetch'> & Partial<Pick<ServiceDefinition, 'prefetch'>>)[];
}

/** What the service offers, in the order given, so that two answers do not differ (CH-02); nothing empty in it (CH-09, CH-20). */
export function discovery(services: readonly ServiceDefinition[]): Discovery {
  return {
    services: services.map(({ id, hook, title, description, usageRequirements, prefetch }) => ({
      hook,
      title,
      description,
      id,
      ...(usageRequirements ? { usageRequirements } : {}),
      ...(Object.keys(prefetch).length > 0 ? { prefetch } : {}),
    })),
  };
}
