import { objectOf, textOf } from './json.js';

/**
 * From which card the app was launched.
 * @param {unknown} appContext what the card's link gave the EHR for the app (CDS Hooks 2.0, Link): JSON, if it came through unchanged
 * @returns {string} the card's id; empty if that is not said
 */
export function cardIn(appContext) {
  try {
    return textOf(objectOf(JSON.parse(textOf(appContext)))['card']);
  } catch {
    return '';
  }
}
