import { randomBytes } from 'node:crypto';
import type { Access } from './access.ts';
import { expiringStore } from './expiring-store.ts';

/** Tokens that the EHR hands out by itself, with the calls of its hooks (CDS Hooks 2.0, "Passing the Access Token"). */
export interface IssuedTokens {
  issue(access: Access, seconds: number): string;
  /** Undefined: never issued here, or expired. */
  judge(token: string): Access | undefined;
}

export function createIssuedTokens(): IssuedTokens {
  const issued = expiringStore<Access>();
  return {
    issue(access, seconds) {
      const token = randomBytes(32).toString('base64url');
      // No time at all would be for ever.
      if (seconds > 0) issued.set(token, access, { ttl: seconds * 1000 });
      return token;
    },
    judge: (token) => issued.get(token),
  };
}
