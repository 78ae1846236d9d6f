/** What may be granted beside FHIR scopes (SMART App Launch 2.2, "Scopes and Launch Context"). */
const CONTEXT_SCOPES: ReadonlySet<string> = new Set([
  'launch',
  'launch/patient',
  'openid',
  'fhirUser',
  'online_access',
]);
/** These say how a token comes about and how long it lasts, and not what it is good for. */
const GOOD_FOR_NOTHING: ReadonlySet<string> = new Set(['launch', 'launch/patient', 'online_access']);

/** A `patient/` scope: the resource type, then a permission of version 1 or those of version 2 in their order. */
const PATIENT_SCOPE = /^patient\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|(?=.)c?r?u?d?s?)$/;

/** The permissions of version 1, in letters of version 2. */
const BEFORE_V2: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** What `scopes_supported` lists of what may be granted. */
export const SUPPORTED_SCOPES: readonly string[] = [
  ...CONTEXT_SCOPES,
  'patient/*.cruds',
  'patient/*.rs',
  'patient/*.read',
  'patient/*.write',
];

/**
 * What the EHR grants of what an app asks for: to know who is at work, and to read and write the chart of the patient in
 * context. FHIR scopes come out in their version 2 form. All else is left out, which the token response says by what it lists:
 * other patients (`user/`, `system/`), scopes narrowed by a query, and what nobody has defined. Empty if nothing is left that a
 * token would be good for.
 */
export function grantedScopes(asked: string): readonly string[] {
  const names = new Set(asked.split(' '));
  const granted = new Set([...names].flatMap((name) => granting(name, names)));
  return [...granted].every((name) => GOOD_FOR_NOTHING.has(name)) ? [] : [...granted];
}

function granting(scope: string, beside: ReadonlySet<string>): readonly string[] {
  // The user is told of in the id_token alone.
  if (scope === 'fhirUser' && !beside.has('openid')) return [];
  if (CONTEXT_SCOPES.has(scope)) return [scope];
  const [, type, permissions = ''] = PATIENT_SCOPE.exec(scope) ?? [];
  return type === undefined ? [] : [`patient/${type}.${BEFORE_V2[permissions] ?? permissions}`];
}
