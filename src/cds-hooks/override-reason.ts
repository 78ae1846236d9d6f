import { isJsonObject, type JsonObject } from './json.ts';
import { memberOf } from './optional-member.ts';

/** The code of a reason: the service's own or the client's (CH-143). */
export interface OverrideReason {
  readonly code: string;
  readonly system?: string | undefined;
}

/** Why a card was overridden, as far as it is kept. */
export interface Override {
  readonly overrideReasons: readonly OverrideReason[];
  readonly hasComment: boolean;
}

/** Told of what is wrong, in our own words and by where it is. */
export type Report = (problem: string) => void;

/** `overrideReason` is the specification's name (CH-142); Epic sends `overrideReasons`, old clients a list. */
const MEMBERS = ['overrideReason', 'overrideReasons'];
/** Where Epic puts a reason that the site itself has configured: a number of its own list. */
const EPIC_REASON = 'com.epic.cdshooks.feedback.overrideReason.reasonCategory';
/** One of them has to be there; the last are an extension that explains it, and a Coding in the place of its object. */
const CONTENTS = ['reason', 'userComment', 'extension', 'code'];

const MOST_REASONS = 20;
const LONGEST_CODE = 128;
const LONGEST_SYSTEM = 256;
/** FHIR's `code`, without what cannot be seen. */
const CODE = /^[^\s\p{C}]+(?: [^\s\p{C}]+)*$/u;
/** An absolute URI in the characters of RFC 3986. */
const URI = /^[a-z][a-z0-9+.-]*:[\w.~:/?#[\]@!$&'()*+,;=%-]+$/i;

/**
 * Reads why a card was overridden; nothing is needed for that, a card may just be dismissed (CH-142). Codes are kept as they
 * come, be they ours or the client's (CH-143, M-15). What a clinician wrote is looked for and left behind (CH-144).
 */
export function readOverride(entry: JsonObject, at: string, report: Report): Override | undefined {
  const read = MEMBERS.flatMap((name) => readMember(memberOf(entry, name), `${at}/${name}`, report));
  const overrides = read.filter((one) => one !== undefined);
  if (overrides.length < read.length) return undefined;
  return {
    overrideReasons: distinct(overrides.flatMap(({ overrideReasons }) => overrideReasons)),
    hasComment: overrides.some(({ hasComment }) => hasComment),
  };
}

function readMember(value: unknown, at: string, report: Report): readonly (Override | undefined)[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [readItem(value, at, report)];
  if (value.length > MOST_REASONS) {
    report(`${at} must not hold more than ${MOST_REASONS} reasons`);
    return [undefined];
  }
  return value.map((item: unknown, index) => readItem(item, `${at}/${index}`, report));
}

function readItem(item: unknown, at: string, report: Report): Override | undefined {
  if (!isJsonObject(item)) {
    report(`${at} must be an object`);
    return undefined;
  }
  if (!CONTENTS.some((name) => Object.hasOwn(item, name))) {
    report(`${at} must hold reason, userComment or both`); // CH-145
    return undefined;
  }
  // `{ reason: null, userComment: "" }` is what a form sends that was left empty (CH-25).
  const hasComment = memberOf(item, 'userComment') !== undefined;
  const reason = memberOf(item, 'reason');
  if (reason === undefined && !Object.hasOwn(item, 'code')) {
    return { overrideReasons: epicReason(memberOf(item, 'extension')), hasComment };
  }
  const coding = reason === undefined ? readCoding(item, at, report) : readCoding(reason, `${at}/reason`, report);
  return coding === undefined ? undefined : { overrideReasons: [coding], hasComment };
}

/** A Coding without its `display`, which is the client's own words. */
function readCoding(coding: unknown, at: string, report: Report): OverrideReason | undefined {
  if (!isJsonObject(coding)) {
    report(`${at} must be a Coding`);
    return undefined;
  }
  const code = readCode(memberOf(coding, 'code'));
  if (code === undefined) {
    report(`${at}/code must be a code of at most ${LONGEST_CODE} characters`);
    return undefined;
  }
  // A system that is no URI says nothing, and can be anything: the code alone is kept.
  const system = memberOf(coding, 'system');
  return typeof system === 'string' && system.length <= LONGEST_SYSTEM && URI.test(system)
    ? { code, system }
    : { code };
}

function readCode(value: unknown): string | undefined {
  const code = typeof value === 'string' ? value.trim().replaceAll(/\s+/g, ' ') : '';
  return code.length <= LONGEST_CODE && CODE.test(code) ? code : undefined;
}

// An extension is never an error (CH-187).
function epicReason(extension: unknown): readonly OverrideReason[] {
  const code = isJsonObject(extension) ? readCode(extension[EPIC_REASON]) : undefined;
  return code === undefined ? [] : [{ code, system: EPIC_REASON }];
}

function distinct(reasons: readonly OverrideReason[]): readonly OverrideReason[] {
  const byKey = new Map(reasons.map((reason) => [JSON.stringify([reason.system ?? '', reason.code]), reason]));
  return [...byKey.values()];
}
