import { dayOf } from './dates.js';
import { listOf, objectOf, textOf } from './json.js';

/** @typedef {import('./json.js').JsonObject} JsonObject */

/** By which name somebody goes, best first (FHIR R4, NameUse). */
const USES = ['usual', 'official'];

/**
 * Whose chart it is, in the words of the record.
 * @param {JsonObject} patient FHIR R4 Patient
 * @returns {{ readonly name: string; readonly birthDate: string; readonly sex: string }}
 */
export function identityOf(patient) {
  return {
    name: nameOf(listOf(patient['name']).map(objectOf)) || 'not recorded',
    birthDate: dayOf(patient['birthDate']) || 'not recorded',
    sex: textOf(patient['gender']) || 'not recorded',
  };
}

/**
 * @param {readonly JsonObject[]} names FHIR R4 HumanName
 * @returns {string}
 */
function nameOf(names) {
  const current = names.filter(({ use }) => use !== 'old');
  const best = USES.map((use) => current.find((name) => name['use'] === use)).find((name) => name !== undefined);
  const { text, prefix, given, family, suffix } = best ?? current[0] ?? names[0] ?? objectOf(undefined);
  const parts = [...listOf(prefix), ...listOf(given), family, ...listOf(suffix)].map(textOf);
  return textOf(text) || parts.filter((part) => part !== '').join(' ');
}
