import { asObject, asObjects, asText } from '../../chart/json.ts';
import { plainText } from '../../guideline/escape.ts';

/** A server's words are shown in one line. */
const MAX_WORDS = 200;

/** What the issues of an OperationOutcome say to people, the worst first; undefined if it is none, or says nothing. */
export function outcomeWords(body: unknown): string | undefined {
  const outcome = asObject(body);
  if (outcome?.['resourceType'] !== 'OperationOutcome') return undefined;
  const issues = asObjects(outcome['issue']);
  const worst = issues.find(({ severity }) => severity === 'fatal' || severity === 'error') ?? issues[0];
  if (worst === undefined) return undefined;
  const details = asObject(worst['details']);
  const displays = asObjects(details?.['coding']).map(({ display }) => asText(display));
  const words = [asText(details?.['text']), asText(worst['diagnostics']), ...displays, asText(worst['code'])];
  return inOneLine(words.find((text) => text !== undefined));
}

/** What a page of search results says of what is missing from it. */
export function pageWords(body: unknown): string | undefined {
  const outcomes = asObjects(asObject(body)?.['entry']).map(({ resource }) => asObject(resource));
  const telling = outcomes.filter((outcome) => asObjects(outcome?.['issue']).some(tellsOfSomethingMissing));
  return outcomeWords(body) ?? telling.map(outcomeWords).find((words) => words !== undefined);
}

/** Text of a server as one line that can be shown; undefined if nothing is left of it. */
export function inOneLine(text: string | undefined): string | undefined {
  // No more than can be shown is looked through: an answer may be of any length.
  const line = plainText((text ?? '').slice(0, MAX_WORDS * 4));
  if (line === '') return undefined;
  return line.length <= MAX_WORDS ? line : `${line.slice(0, MAX_WORDS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

// Epic adds an OperationOutcome of information to a search that found nothing: that takes nothing away.
function tellsOfSomethingMissing({ severity, code }: { readonly [member: string]: unknown }): boolean {
  return severity === 'error' || severity === 'fatal' || code === 'suppressed';
}
