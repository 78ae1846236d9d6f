/**
 * What a SMART scope string says of one kind of access to the resources of one type. `narrowed`: to some of them only.
 * `unknown`: it says nothing of resources, or something that cannot be read. A claim, never a proof: clients send more than
 * was granted (M-22), so that a 401 or 403 may follow all the same.
 */
export type ReadAccess = 'granted' | 'narrowed' | 'not-granted' | 'unknown';

/** One scope that names resources: `patient/Observation.rs?category=laboratory`. */
interface ResourceScope {
  /** `*` is any. */
  readonly resourceType: string;
  readonly permission: string;
  readonly isConstrained: boolean;
}

/** Scopes of SMART and OpenID Connect that say nothing of resources. */
const OTHER_SCOPE = /^(?:openid|profile|fhirUser|launch(?:\/[a-z]+)?|offline_access|online_access|smart\/\S+)$/;
// SMART App Launch 1.0 (`read`, `write`, `*`) and 2 (`c`, `r`, `u`, `d`, `s`, in this order, and a constraint): CH-78.
const RESOURCE_SCOPE =
  /^(?:patient|user|system)\/(?<resourceType>[A-Z][A-Za-z]*|\*)\.(?<permission>read|write|\*|(?=[cruds])c?r?u?d?s?)(?<constraint>\?.+)?$/;
/** Some twenty times what a client with a scope for every type sends. A longer string is not looked through. */
const LONGEST_SCOPE = 65_536;

/** Reads the `scope` of a `fhirAuthorization`, in the syntax of SMART 1.0 or of SMART 2, or both in one string (CH-78). */
export function readAccess(scope: string | undefined, resourceType: string, access: 'read' | 'search'): ReadAccess {
  if (scope === undefined || scope.length > LONGEST_SCOPE) return 'unknown';

  const words = scope.split(/\s+/).filter((word) => word !== '' && !OTHER_SCOPE.test(word));
  const scopes = words.map(readScope);
  const fitting = scopes.filter((one) => one !== undefined && isAbout(one, resourceType) && permits(one, access));
  if (fitting.some((one) => one?.isConstrained === false)) return 'granted';
  // What cannot be read may be the very scope that grants it: some servers have scopes of their own.
  if (words.length === 0 || scopes.includes(undefined)) return 'unknown';
  return fitting.length > 0 ? 'narrowed' : 'not-granted';
}

function readScope(word: string): ResourceScope | undefined {
  const { resourceType, permission, constraint } = RESOURCE_SCOPE.exec(word)?.groups ?? {};
  if (resourceType === undefined || permission === undefined) return undefined;
  return { resourceType, permission, isConstrained: constraint !== undefined };
}

function isAbout(scope: ResourceScope, resourceType: string): boolean {
  return scope.resourceType === '*' || scope.resourceType === resourceType;
}

function permits({ permission }: ResourceScope, access: 'read' | 'search'): boolean {
  if (permission === 'read' || permission === '*') return true;
  return permission !== 'write' && permission.includes(access === 'read' ? 'r' : 's');
}
