import { isJsonObject, type JsonObject } from './json.ts';
import { memberOf } from './optional-member.ts';

/** The code of a reason: the service's own or the client's (CH-143). */
export interface OverrideReason {
  /** One word. */
  readonly code: string;
  /** An identifier of a code system; of a web address that is none known here, the origin alone. */
  readonly system?: string | undefined;
}

/** Why a card was overridden. */
export interface Override {
  readonly overrideReasons: readonly OverrideReason[];
  readonly hasComment: boolean;
  /** What was written, as far as it is text. */
  readonly comments: readonly string[];
}

/** Told of what is wrong, in our own words and by where it is. */
export type Report = (problem: string) => void;

/** `overrideReason` is the specification's name (CH-142); Epic sends `overrideReasons`, old clients a list. */
const MEMBERS = ['overrideReason', 'overrideReasons'];
/** Where Epic puts a reason that the site itself has configured: a number of its own list. */
const EPIC_REASON = 'com.epic.cdshooks.feedback.overrideReason.reasonCategory';
/** One of them has to be there; the last are an extension that explains it, and a Coding in the place of its object. */
const CONTENTS = ['reason', 'userComment', 'extension', 'code'];

/** As many as there are of the service's own. */
const MOST_REASONS = 10;
/** One word: what a clinician wrote into the field for the code does not pass. */
const CODE = /^[A-Za-z0-9._:-]{1,64}$/;
const NO_CODE = 'must be 1 to 64 letters, digits, dots, colons, hyphens or underscores';
const LONGEST_SYSTEM = 128;
/** In UTF-16 units; the rest is left out. A paragraph, and more than any form of a client has room for. */
const LONGEST_COMMENT = 2000;
/** All but tabs and line breaks. */
const CONTROL = /(?![\t\n])\p{Cc}/gu;
/** An absolute URI in the characters of RFC 3986. */
const URI = /^[a-z][a-z0-9+.-]*:[\w.~:/?#[\]@!$&'()*+,;=%-]+$/i;
/** Of these a system is kept whole: the service's own and other UUIDs, OIDs, HL7's code systems. */
const WHOLE_SYSTEMS = [
  /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/i,
  /^http:\/\/terminology\.hl7\.org\/CodeSystem\/[A-Za-z0-9.-]{1,64}$/,
];

/** Where in the body what is. */
type Located = readonly [item: unknown, at: string];

/**
 * Reads why a card was overridden; nothing is needed for that, a card may just be dismissed (CH-142). Any code is kept that is
 * one word, be it ours or the client's (CH-143, M-15). What a clinician wrote stands apart from the codes, so that it can be left
 * behind (CH-144). A reason that cannot be read is left out and reported, and the override is one all the same.
 */
export function readOverride(entry: JsonObject, at: string, report: Report): Override {
  const given = MEMBERS.flatMap((name) => itemsOf(memberOf(entry, name), `${at}/${name}`));
  const [, firstTooMany] = given[MOST_REASONS] ?? [];
  if (firstTooMany !== undefined) {
    report(`${firstTooMany} and the rest are left out, at most ${MOST_REASONS} reasons of an entry are kept`);
  }
  const overrides = given.slice(0, MOST_REASONS).map(([item, where]) => readItem(item, where, report));
  return {
    overrideReasons: distinct(overrides.flatMap(({ overrideReasons }) => overrideReasons)),
    hasComment: overrides.some(({ hasComment }) => hasComment),
    comments: [...new Set(overrides.flatMap(({ comments }) => comments))],
  };
}

function itemsOf(value: unknown, at: string): readonly Located[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [[value, at]];
  // One more than are read: by it more are known of.
  return value.slice(0, MOST_REASONS + 1).map((item: unknown, index) => [item, `${at}/${index}`] as const);
}

function readItem(item: unknown, at: string, report: Report): Override {
  if (!isJsonObject(item)) {
    report(`${at} must be an object, the reason is left out`);
    return { overrideReasons: [], hasComment: false, comments: [] };
  }
  if (!CONTENTS.some((name) => Object.hasOwn(item, name))) {
    report(`${at} must hold reason, userComment or both`); // CH-145
    return { overrideReasons: [], hasComment: false, comments: [] };
  }
  // `{ reason: null, userComment: "" }` is what a form sends that was left empty (CH-25).
  const comment = memberOf(item, 'userComment');
  return {
    overrideReasons: readReason(item, at, report),
    hasComment: comment !== undefined,
    comments: readComment(comment),
  };
}

/** Text that any store takes: PostgreSQL refuses a NUL, and with it all that came in the same call. */
function readComment(comment: unknown): readonly string[] {
  if (typeof comment !== 'string') return [];
  const text = comment.slice(0, LONGEST_COMMENT).toWellFormed().replaceAll(CONTROL, ' ').trim();
  return text === '' ? [] : [text];
}

function readReason(item: JsonObject, at: string, report: Report): readonly OverrideReason[] {
  const reason = memberOf(item, 'reason');
  if (reason !== undefined) return readCoding(reason, `${at}/reason`, report);
  if (Object.hasOwn(item, 'code')) return readCoding(item, at, report);
  return epicReason(memberOf(item, 'extension'));
}

/** A Coding without its `display`, which is the client's own words. */
function readCoding(coding: unknown, at: string, report: Report): readonly OverrideReason[] {
  if (!isJsonObject(coding)) {
    report(`${at} must be a Coding, the reason is left out`);
    return [];
  }
  const code = readCode(memberOf(coding, 'code'));
  if (code === undefined) {
    report(`${at}/code ${NO_CODE}, the reason is left out`);
    return [];
  }
  const system = readSystem(memberOf(coding, 'system'));
  return [system === undefined ? { code } : { code, system }];
}

function readCode(value: unknown): string | undefined {
  const code = typeof value === 'string' ? value.trim() : '';
  return CODE.test(code) ? code : undefined;
}

/** The path of a web address can name anything, a patient too: of one that is not HL7's, whose it is will do. */
function readSystem(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST_SYSTEM) return undefined;
  if (value === EPIC_REASON || WHOLE_SYSTEMS.some((form) => form.test(value))) return value;
  const url = URI.test(value) ? URL.parse(value) : null;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.origin : undefined;
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
