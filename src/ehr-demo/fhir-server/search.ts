import type { Request, RequestHandler } from 'express';
import type { Definitions } from './definitions.ts';
import type { AskLibrary } from './library.ts';
import { refusal } from './outcomes.ts';
import { MAX_QUERY } from './search-bounds.ts';
import { readSearchQuery, type SearchQuery } from './search-query.ts';
import { searchset } from './searchset.ts';
import { sendAnswer, sendFhir, sendRefusal } from './send-fhir.ts';

/** Answers a search within one type, by GET or by POST, a page at a time. */
export function search(ask: AskLibrary, definitions: Definitions, baseUrl: string): RequestHandler<{ type: string }> {
  return async (request, response) => {
    const { type } = request.params;
    const strict = /(?:^|[,;\s])handling=strict\b/.test(request.get('prefer') ?? '');
    const known = definitions.searchParameters(type);
    const asked = queryOf(request);
    if (asked.length > MAX_QUERY) {
      sendRefusal(response, refusal(400, 'too-long', `A search may have ${MAX_QUERY} characters`));
      return;
    }
    const reading = readSearchQuery(new URLSearchParams(asked), known, { baseUrl, strict });
    if (reading.kind === 'refused') {
      sendRefusal(response, refusal(400, 'invalid', reading.why));
      return;
    }
    const answer = await ask(request, 'GET', `/${type}?${inLibraryTerms(reading.query)}`);
    const found = answer[1];
    if (found?.resourceType === 'Bundle') sendFhir(response, 200, searchset(found, type, reading.query, baseUrl));
    else sendAnswer(response, answer, baseUrl);
  };
}

/** Of a search by POST, those in the URL count too (FHIR R4, 3.1.1.2). */
function queryOf(request: Request<{ type: string }>): string {
  const { search: inUrl } = new URL(request.url, 'http://localhost');
  const body: unknown = request.body;
  return [inUrl, ...(typeof body === 'string' ? [body] : [])].join('&');
}

function inLibraryTerms({ parameters, count, offset }: SearchQuery): string {
  const asked = new URLSearchParams(parameters.map(([name, value]) => [name, value]));
  asked.set('_count', String(count));
  asked.set('_offset', String(offset));
  return asked.toString();
}
