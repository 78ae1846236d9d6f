/** What the letters of a scope allow (SMART App Launch 2.2, "Scopes for requesting FHIR Resources"). */
const VERBS: readonly (readonly [letter: string, verb: string])[] = [
  ['c', 'create'],
  ['r', 'read'],
  ['u', 'change'],
  ['d', 'delete'],
  ['s', 'search'],
];
/** Version 1 of the same. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['read', 'rs'],
  ['write', 'cud'],
  ['*', 'cruds'],
]);
const WHOSE: ReadonlyMap<string, string> = new Map([
  ['patient', 'of this patient'],
  ['user', 'of everybody whom you may see'],
  ['system', 'of everybody'],
]);
const FHIR_SCOPE = /^(patient|user|system)\/([A-Za-z]+|\*)\.(read|write|\*|[cruds]+)$/;
const RECORDS: ReadonlyMap<string, string> = new Map([
  ['*', 'everything'],
  ['CareTeam', 'care teams'],
  ['Condition', 'problems and diagnoses'],
  ['DiagnosticReport', 'reports'],
  ['Encounter', 'visits'],
  ['ImagingStudy', 'imaging studies'],
  ['Medication', 'medications'],
  ['MedicationAdministration', 'administered medications'],
  ['MedicationRequest', 'medication orders'],
  ['MedicationStatement', 'medication statements'],
  ['Observation', 'findings and laboratory results'],
  ['Patient', 'personal details'],
  ['Procedure', 'procedures'],
  ['ServiceRequest', 'orders and referrals'],
]);
const OTHERS: ReadonlyMap<string, string> = new Map([
  ['launch', 'know in which chart it was opened'],
  ['launch/patient', 'know which patient was chosen'],
  ['openid', 'know who opened it'],
  ['fhirUser', 'know which FHIR resource that person is'],
  ['online_access', 'go on while you are at work'],
  ['offline_access', 'go on while you are not at work'],
]);

/**
 * What was granted, one sentence part for each scope, to be read after "It may".
 * @param scope as the token response has it: scopes between spaces
 */
export function accessIn(scope: string): readonly string[] {
  return scope
    .split(/\s+/)
    .filter((one) => one !== '')
    .map((one) => OTHERS.get(one) ?? fhirAccess(one) ?? `what the EHR calls ${one}`);
}

function fhirAccess(scope: string): string | undefined {
  const [, whose = '', type, allowed = ''] = FHIR_SCOPE.exec(scope) ?? [];
  if (type === undefined) return undefined;
  const letters = LETTERS.get(allowed) ?? allowed;
  const verbs = VERBS.flatMap(([letter, verb]) => (letters.includes(letter) ? [verb] : []));
  return `${inSequence(verbs)} ${RECORDS.get(type) ?? `${type} records`} ${WHOSE.get(whose) ?? ''}`;
}

/** @param words at least one */
function inSequence(words: readonly string[]): string {
  const [last = ''] = words.slice(-1);
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${last}` : last;
}
