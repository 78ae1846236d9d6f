/** What the letters of a scope allow (SMART App Launch 2.2, "Scopes for requesting FHIR Resources"). */
const VERBS = { c: 'create', r: 'read', u: 'change', d: 'delete', s: 'search' };
/** Version 1 of the same. */
const LETTERS = { read: 'rs', write: 'cud', '*': 'cruds' };
const WHOSE = { patient: 'of this patient', user: 'of everybody whom you may see', system: 'of everybody' };
const FHIR_SCOPE = /^(patient|user|system)\/([A-Za-z]+|\*)\.(read|write|\*|[cruds]+)$/;
/** @type {ReadonlyMap<string, string>} */
const RECORDS = new Map([
  ['*', 'everything'],
  ['Patient', 'personal details'],
  ['Condition', 'problems and diagnoses'],
]);
/** @type {ReadonlyMap<string, string>} */
const OTHERS = new Map([
  ['launch', 'know in which chart it was opened'],
  ['openid', 'know who opened it'],
  ['fhirUser', 'know which FHIR resource that person is'],
  ['online_access', 'go on while you are at work'],
  ['offline_access', 'go on while you are not at work'],
]);

/**
 * What was granted, one sentence part for each scope.
 * @param {string} scope as the token response has it: scopes between spaces
 * @returns {readonly string[]} each to be read after "It may"
 */
export function accessIn(scope) {
  return scope
    .split(/\s+/)
    .filter((one) => one !== '')
    .map((one) => OTHERS.get(one) ?? fhirAccess(one) ?? `what the EHR calls ${one}`);
}

/** @param {string} scope */
function fhirAccess(scope) {
  const [, whose = '', type = '', allowed = ''] = FHIR_SCOPE.exec(scope) ?? [];
  if (type === '') return undefined;
  const letters = Object.entries(LETTERS).find(([name]) => name === allowed)?.[1] ?? allowed;
  const verbs = Object.entries(VERBS).flatMap(([letter, verb]) => (letters.includes(letter) ? [verb] : []));
  const owner = Object.entries(WHOSE).find(([name]) => name === whose)?.[1] ?? '';
  return `${inSequence(verbs)} ${RECORDS.get(type) ?? `${type} records`} ${owner}`;
}

/** @param {readonly string[]} words at least one */
function inSequence(words) {
  const [last = ''] = words.slice(-1);
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${last}` : last;
}
