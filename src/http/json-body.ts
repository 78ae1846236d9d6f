import type { IncomingMessage } from 'node:http';
import express from 'express';
import { ServiceError, toServiceError } from '../cds-hooks/errors.ts';
import { isJsonObject } from '../cds-hooks/json.ts';
import { structureOf } from './json-structure.ts';

export interface JsonBodyOptions {
  /** The largest body taken, as in `10mb`; a compressed one counts unpacked. */
  readonly limit: string;
  /** How many objects and arrays may stand inside one another; the deepest chart of the fixtures has eleven. */
  readonly maxDepth?: number;
  /** How many there may be in all: a chart of ten megabytes has some 170,000. */
  readonly maxContainers?: number;
}

const MAX_DEPTH = 100;
const MAX_CONTAINERS = 500_000;
/** Of all objects: a chart of ten megabytes has some 400,000. */
const MAX_MEMBERS = 600_000;
/** Of one object; FHIR's largest resource type has fewer than a hundred. */
const MAX_WIDTH = 10_000;
/** What a shorter text can cost to parse is bounded by its length; to look at each of them first would cost every call. */
const LARGE_BYTES = 256 * 1024;

/**
 * Reads a JSON body, packed or not, into `request.body`; the text of the specification shows `application/json` in examples
 * only (CH-26). What comes after may recurse over the body: it is never nested deeper than `maxDepth`.
 */
export function readJson(options: JsonBodyOptions): express.RequestHandler {
  const { limit, maxDepth = MAX_DEPTH, maxContainers = MAX_CONTAINERS } = options;
  const counted = new WeakSet<IncomingMessage>();
  const read = express.json({
    limit,
    strict: false,
    type: (request) => isJson(request.headers['content-type']),
    verify: (request, _response, bytes) => {
      if (bytes.length < LARGE_BYTES) return;
      counted.add(request);
      const { depth, containers, members, widest } = structureOf(bytes);
      if (depth > maxDepth) throw new UnparsedError(tooDeep(maxDepth));
      if (containers > maxContainers)
        throw new UnparsedError(`The body holds more than ${maxContainers} objects and arrays.`);
      if (members > MAX_MEMBERS)
        throw new UnparsedError(`The objects in the body have more than ${MAX_MEMBERS} members.`);
      if (widest > MAX_WIDTH) throw new UnparsedError(`An object in the body has more than ${MAX_WIDTH} members.`);
    },
  });
  return (request, response, next) => {
    read(request, response, (thrown?: unknown) => {
      const body: unknown = request.body;
      if (thrown !== undefined) next(bodyError(thrown));
      else if (body === undefined) next(new ServiceError('media-type-unsupported'));
      else if (!counted.has(request) && !isNestedWithin(body, maxDepth)) {
        next(new ServiceError('request-invalid', [tooDeep(maxDepth)]));
      } else next();
    });
  };
}

/**
 * Do at most `levels` objects and arrays stand inside one another? `[]` is one level, a string is none. It recurses itself,
 * but never deeper than that. Over the parsed value and not over the text, which takes several times as long.
 */
export function isNestedWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) {
    for (const member of value) if (!isNestedWithin(member, levels - 1)) return false;
  } else if (isJsonObject(value)) {
    // What was parsed from JSON inherits nothing that could be enumerated; a list of the values would be one more for each object.
    for (const name in value) if (!isNestedWithin(value[name], levels - 1)) return false;
  }
  return true;
}

function tooDeep(maxDepth: number): string {
  return `The body is nested deeper than ${maxDepth} levels.`;
}

/** What keeps a body from being parsed. body-parser writes a status onto what is thrown, which a ServiceError does not let it. */
class UnparsedError extends Error {}

// Whatever else fails while a body is read – it cannot be unpacked, say – is the body's fault.
function bodyError(thrown: unknown): ServiceError {
  if (thrown instanceof UnparsedError) return new ServiceError('request-invalid', [thrown.message]);
  const error = toServiceError(thrown);
  if (error.code !== 'internal') return error;
  return new ServiceError('malformed-json', ['The body cannot be decoded.'], { cause: thrown });
}

/** JSON is UTF-8 whatever is said (RFC 8259, 8.1); a client that says otherwise means otherwise. */
function isJson(contentType = ''): boolean {
  const [mediaType = '', ...parameters] = contentType.toLowerCase().split(';');
  return (
    /^(?:application\/(?:[\w.+-]+\+)?json|text\/json)$/.test(mediaType.trim()) &&
    parameters.every((parameter) => !/^\s*charset=/.test(parameter) || /^\s*charset="?utf-8"?\s*$/.test(parameter))
  );
}
