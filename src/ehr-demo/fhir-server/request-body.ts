import express, { type RequestHandler } from 'express';
import { refusal, refusalOf } from './outcomes.ts';
import { sendRefusal } from './send-fhir.ts';

const RESOURCE_TYPES = ['application/fhir+json', 'application/json'];
const RESOURCE_LIMIT = '10mb';
const FORM = 'application/x-www-form-urlencoded';
const FORM_LIMIT = '1mb';
/** Levels of objects and lists. Real resources have a few dozen; the library goes down by recursion, and would run out of stack. */
const DEEPEST = 200;

export const parseResource = express.json({ type: RESOURCE_TYPES, limit: RESOURCE_LIMIT });
export const parseForm = express.text({ type: FORM, limit: FORM_LIMIT });

export const resourceInBody: RequestHandler<Record<string, string>> = (request, response, next) => {
  const body: unknown = request.body;
  if (request.is(RESOURCE_TYPES) === false) sendRefusal(response, refusalOf({ status: 415 }));
  else if (typeof body !== 'object' || body === null || !('resourceType' in body))
    sendRefusal(response, refusal(400, 'structure', 'The body is no resource'));
  else if (isDeeperThan(DEEPEST, body))
    sendRefusal(response, refusal(400, 'structure', 'The body is nested too deeply'));
  else next();
};

/** Parameters of another kind than a form would be taken for none, and everything found. */
export const formInBody: RequestHandler<Record<string, string>> = (request, response, next) => {
  if (request.is(FORM) === false)
    sendRefusal(response, refusal(415, 'not-supported', `The body of a search is ${FORM}`));
  else next();
};

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(levels - 1, item));
}
