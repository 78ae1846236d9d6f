import { dayOf } from './dates.js';
import { listOf, objectOf, textOf } from './json.js';

/** @typedef {import('./json.js').JsonObject} JsonObject */
/** @typedef {{ readonly what: string; readonly histology: string; readonly when: string; readonly status: string; readonly isWithdrawn: boolean }} Problem */

/** mCODE: what a tumour is under the microscope, where the problem itself is coded by its site. */
const HISTOLOGY = /\/mcode-histology-morphology-behavior$/;
/** Of these nobody has to know any more but that they stood there (FHIR R4, ConditionVerificationStatus). */
const WITHDRAWN = ['entered-in-error', 'refuted'];
const CURRENT = ['active', 'recurrence', 'relapse'];

/**
 * The problem list as it stands: what is active first, of each group the latest first, what was withdrawn last.
 * @param {readonly unknown[]} resources of a search for Conditions; others are no problems
 * @returns {readonly Problem[]}
 */
export function problemsIn(resources) {
  return resources
    .map(objectOf)
    .filter(({ resourceType }) => resourceType === 'Condition')
    .map(problemOf)
    .toSorted((a, b) => a.rank - b.rank || compare(b.day, a.day) || compare(a.what, b.what));
}

/**
 * @param {JsonObject} condition FHIR R4 Condition
 * @returns {Problem & { readonly rank: number; readonly day: string }}
 */
function problemOf(condition) {
  const clinical = codeOf(condition['clinicalStatus']);
  const verification = codeOf(condition['verificationStatus']);
  const isWithdrawn = WITHDRAWN.includes(verification);
  const statuses = [clinical, verification === 'confirmed' ? '' : verification].filter((status) => status !== '');
  const day = onsetDay(condition) || dayOf(condition['recordedDate']);
  return {
    what: conceptText(condition['code']) || 'A problem without a name',
    histology: histologyOf(condition),
    when: whenOf(condition),
    status: statuses.map((status) => status.replaceAll('-', ' ')).join(', '),
    isWithdrawn,
    rank: isWithdrawn ? 2 : clinical === '' || CURRENT.includes(clinical) ? 0 : 1,
    day,
  };
}

/** @param {JsonObject} condition */
function histologyOf(condition) {
  const found = listOf(condition['extension'])
    .map(objectOf)
    .find(({ url }) => HISTOLOGY.test(textOf(url)));
  return conceptText(found?.['valueCodeableConcept']);
}

/** @param {JsonObject} condition */
function whenOf(condition) {
  const onset = onsetDay(condition) || textOf(condition['onsetString']);
  const recorded = dayOf(condition['recordedDate']);
  return [onset && `since ${onset}`, recorded && `recorded ${recorded}`].filter((part) => part !== '').join(', ');
}

/** @param {JsonObject} condition */
function onsetDay(condition) {
  return dayOf(condition['onsetDateTime']) || dayOf(objectOf(condition['onsetPeriod'])['start']);
}

/** @param {unknown} concept FHIR R4 CodeableConcept */
function conceptText(concept) {
  const { text, coding } = objectOf(concept);
  const codings = listOf(coding).map(objectOf);
  const display = codings.map((one) => textOf(one['display'])).find((found) => found !== '');
  return textOf(text) || display || codings.map(({ code }) => textOf(code)).find((code) => code !== '') || '';
}

/** @param {unknown} concept FHIR R4 CodeableConcept of one code */
function codeOf(concept) {
  return textOf(objectOf(listOf(objectOf(concept)['coding'])[0])['code']);
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}
