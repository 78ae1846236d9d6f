import { asObject } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import { topLevelMembers } from './top-level-members.ts';

/** The object that a line holds; undefined if it is no JSON, or no object. */
export function parseLine(line: string): JsonObject | undefined {
  return asObject(parsed(line));
}

/** These members of the object in a line, as far as they are there; undefined if it is no object. */
export function parseMembers(line: string, names: readonly string[]): JsonObject | undefined {
  if (line.includes(ESCAPE)) return parseLine(line);
  return Object.fromEntries([...topLevelMembers(line, names)].map(([name, json]) => [name, parsed(json)]));
}

/** A name of a member may be spelled with these. */
const ESCAPE = '\\u';

function parsed(json: string): unknown {
  try {
    return JSON.parse(isShortAscii(json) ? json : Buffer.from(json, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** As UTF-8 it is the same, so that nothing need be copied. */
function isShortAscii(json: string): boolean {
  return json.length <= SHORT && ASCII.test(json);
}

const SHORT = 256;
const ASCII = /^[\x20-\x7e]*$/;

/** A text as it stands in a line: its UTF-8 as Latin-1. */
export function asInLine(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const FIRST_MEMBER = '{"resourceType":"';
const TYPE = /^[A-Z][A-Za-z]{1,63}$/;

/**
 * The type of the resource in a line; undefined if there is none to be read. Where the first member says it, it is that one: a line
 * that says two is no FHIR (FHIR R4, JSON: names are unique).
 */
export function resourceTypeIn(line: string): string | undefined {
  const type = firstMember(line) ?? parseMembers(line, ['resourceType'])?.['resourceType'];
  // A copy, so that no chunk is kept for the sake of a name in it.
  return typeof type === 'string' && TYPE.test(type) ? Buffer.from(type, 'latin1').toString('latin1') : undefined;
}

function firstMember(line: string): string | undefined {
  if (!line.startsWith(FIRST_MEMBER)) return undefined;
  return line.slice(FIRST_MEMBER.length, line.indexOf('"', FIRST_MEMBER.length));
}

/** How a line begins whose first member says this type. */
export function beginningOf(type: string): string {
  return `${FIRST_MEMBER}${type}"`;
}

/** Does a line end as an object does? One that was cut off does not. `end`: where the line does. */
export function isWhole(text: string, end = text.length): boolean {
  for (let at = end - 1; at >= 0; at--) {
    const character = text.charCodeAt(at);
    if (character > SPACE) return character === CLOSING_BRACE;
  }
  return false;
}

const SPACE = 0x20;
const CLOSING_BRACE = 0x7d;
