import type { CdsClient } from '../../src/cds-hooks/client.ts';
import type { JsonObject } from '../../src/cds-hooks/json.ts';
import { clientProfile } from '../../src/cds-hooks/profile.ts';

/** A registered client with the keys that it exchanged, or with what else is given. */
export function cdsClient(iss: string, keys: readonly JsonObject[], more: Partial<CdsClient> = {}): CdsClient {
  return {
    name: iss,
    iss,
    keys: { jwks: { keys } },
    algorithms: ['ES384', 'RS384'],
    profile: clientProfile('default'),
    prefetch: 'full',
    rateLimitPerMinute: 600,
    ...more,
  };
}
