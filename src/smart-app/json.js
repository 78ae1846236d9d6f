// A server can send anything under any name: these give what is asked for, or nothing.

/** @typedef {{ readonly [member: string]: unknown }} JsonObject */

/**
 * @param {unknown} value
 * @returns {JsonObject} without members if it is no object
 */
export function objectOf(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? /** @type {JsonObject} */ (value)
    : NOTHING;
}

/**
 * @param {unknown} value
 * @returns {readonly unknown[]} empty if it is no array
 */
export function listOf(value) {
  return Array.isArray(value) ? value : [];
}

/**
 * @param {unknown} value
 * @returns {string} trimmed; empty if it is no string
 */
export function textOf(value) {
  return typeof value === 'string' ? value.trim() : '';
}

/** @type {JsonObject} */
const NOTHING = {};
