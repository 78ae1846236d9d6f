import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { expiringStore } from './expiring-store.ts';

/** Where the library keeps grants, codes and tokens: in this process, for as long as each is good. */
export function memoryAdapter(): AdapterFactory {
  // The library's own notice if none is given: its memory would be shared by all servers of a process.
  return () => keeperOfOneKind();
}

function keeperOfOneKind(): Adapter {
  const kept = expiringStore<AdapterPayload>();
  return {
    upsert: async (id, payload, expiresIn) => {
      kept.set(id, payload, expiresIn === undefined ? {} : { ttl: expiresIn * 1000 });
    },
    find: async (id) => kept.get(id),
    consume: async (id) => {
      const payload = kept.get(id);
      // In place: to keep it anew would start its time anew.
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id) => {
      kept.delete(id);
    },
    revokeByGrantId: async (grantId) => {
      for (const [id, payload] of kept.entries()) {
        if (payload.grantId === grantId) kept.delete(id);
      }
    },
    // Of login sessions and device codes, which there are none of.
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}
