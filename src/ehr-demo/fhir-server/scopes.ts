import type { Access } from '../authorization-server/access.ts';

/** What is done to a resource, by the letters of SMART App Launch 2.2: create, read, update, delete, search. */
export type Action = 'c' | 'r' | 'u' | 'd' | 's';

/** How far a token reaches: everybody's records, those of its patient, or none. */
export type Reach =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'patient'; readonly patient: string }
  | { readonly kind: 'none' };

/** `patient/Condition.rs`. A scope with a query part (`?category=…`) is more than this server understands, and grants nothing. */
const SCOPE = /^(?<whose>patient|user|system)\/(?<type>\*|[A-Za-z]+)\.(?<actions>(?=.)c?r?u?d?s?)$/;

/** How far a token reaches when it does this to resources of this type. */
export function reachOf({ scopes, patient }: Access, resourceType: string, action: Action): Reach {
  const whose = new Set(
    scopes.flatMap((scope) => {
      const granted = SCOPE.exec(scope)?.groups;
      if (granted === undefined) return [];
      const { type, actions = '' } = granted;
      const isGranted = (type === '*' || type === resourceType) && actions.includes(action);
      return isGranted ? [granted['whose']] : [];
    }),
  );
  if (whose.has('user') || whose.has('system')) return { kind: 'everybody' };
  return whose.has('patient') && patient !== undefined ? { kind: 'patient', patient } : { kind: 'none' };
}
