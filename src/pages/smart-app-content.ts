import { createHash } from 'node:crypto';
import express from 'express';
import { ServiceError } from '../cds-hooks/errors.ts';
import { browserContent } from '../guideline/browser-content.ts';
import type { Guideline } from '../guideline/guideline.ts';

/** What the app shows besides the chart: the same for every patient, and read by the browser. */
export interface SmartAppContent {
  /** The guideline of the client whose FHIR server this is, and the name under which its pages are; undefined: of no client. */
  readonly guidelineFor: (
    iss: string,
  ) => { readonly guideline: Guideline; readonly site: string | undefined } | undefined;
  /** Figures, sources and statements, for `evidence.json`. Asked for when somebody first asks. */
  readonly evidence: () => object;
  /** What is said to patients and families, for `education.json`. Asked for likewise. */
  readonly education: () => object;
}

/** JSON as it goes out, made once: the content does not change while the service runs. */
interface Body {
  readonly text: string;
  readonly tag: string;
}

/** The routes of the app's content, with which no patient data comes or goes. */
export function smartAppContent({ guidelineFor, evidence, education }: SmartAppContent): express.Router {
  const routes = express.Router({ strict: true, caseSensitive: true });
  const guidelines = new WeakMap<Guideline, Body>();
  const evidenceBody = once(() => bodyOf(evidence()));
  const educationBody = once(() => bodyOf(education()));

  routes.get('/smart/guideline.json', (request, response) => {
    const { iss } = request.query;
    if (typeof iss !== 'string') throw new ServiceError('request-invalid', ['iss is needed, once.']);
    const found = guidelineFor(iss);
    if (found === undefined) throw new ServiceError('not-found', ['The app is not registered at this FHIR server.']);
    const { guideline, site } = found;
    // Which guideline it is says which site's it is.
    const body =
      guidelines.get(guideline) ?? bodyOf({ site: site ?? null, content: browserContent(guideline.content) });
    guidelines.set(guideline, body);
    answer(response, body);
  });
  routes.get('/smart/evidence.json', (_request, response) => answer(response, evidenceBody()));
  routes.get('/smart/education.json', (_request, response) => answer(response, educationBody()));
  return routes;
}

function bodyOf(content: object): Body {
  const text = JSON.stringify(content);
  // Weak: what is compressed on the way is the same content.
  return { text, tag: `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"` };
}

/** Kept by browsers, and asked about each time; Express answers 304 if it is still the same. */
function answer(response: express.Response, { text, tag }: Body): void {
  response.setHeader('ETag', tag);
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.type('json').send(text);
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
