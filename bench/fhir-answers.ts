import type { PatientStore, Resource } from '../src/ehr-demo/patient-store.ts';
import { matchesToken } from '../src/ehr-demo/token-search.ts';

/**
 * How a server takes what is optional in a search: as FHIR R4 means it; `_include` ignored, as Epic does; or any `_count` and
 * `_include` refused with 400.
 */
export const MANNERS = ['as-asked', 'include-ignored', 'refusing'] as const;

export type Manner = (typeof MANNERS)[number];

/** What a FHIR server says to a GET. */
export interface FhirAnswer {
  readonly status: number;
  readonly body: object;
}

const OPTIONAL: readonly string[] = ['_count', '_include'];
const TOKENS: ReadonlySet<string> = new Set(['code', 'category']);

/**
 * Answers a read or a search from one patient's chart. A page is the whole result unless `_count` makes it shorter. `path` is
 * relative to the base.
 */
export function answerTo(path: string, base: string, chart: PatientStore, manner: Manner): FhirAnswer {
  const [target = '', search] = path.split('?', 2);
  if (search === undefined) return read(target, chart);
  const parameters = new URLSearchParams(search);
  if (manner === 'refusing' && OPTIONAL.some((name) => parameters.has(name)))
    return failed(400, 'Unknown search parameter');

  const matches = chart.byType(target).filter((resource) => isFound(resource, chart, parameters));
  const from = Number(parameters.get('_offset') ?? 0);
  const to = from + Number(parameters.get('_count') ?? matches.length);
  const page = matches.slice(from, to);
  const included = manner === 'include-ignored' ? [] : medicationsOf(page, chart, parameters);
  parameters.set('_offset', String(to));
  return {
    status: 200,
    body: {
      resourceType: 'Bundle',
      type: 'searchset',
      total: matches.length,
      link: [
        { relation: 'self', url: `${base}/${path}` },
        ...(to < matches.length ? [{ relation: 'next', url: `${base}/${target}?${parameters}` }] : []),
      ],
      entry: [
        ...page.map((resource) => entryOf(resource, base, 'match')),
        ...included.map((resource) => entryOf(resource, base, 'include')),
      ],
    },
  };
}

function read(reference: string, chart: PatientStore): FhirAnswer {
  const found = chart.byReference(reference);
  return found === undefined ? failed(404, 'Not found') : { status: 200, body: found };
}

function isFound(resource: Resource, { patientId }: PatientStore, parameters: URLSearchParams): boolean {
  return [...parameters].every(([name, value]) => {
    if (name === 'patient') return value === patientId;
    return TOKENS.has(name) ? matchesToken(resource, name, value) : true;
  });
}

function medicationsOf(page: readonly Resource[], chart: PatientStore, parameters: URLSearchParams) {
  if (!(parameters.get('_include') ?? '').endsWith(':medication')) return [];
  return page.flatMap(({ medicationReference }) => {
    const { reference = '' } = (medicationReference ?? {}) as { readonly reference?: string };
    return chart.byReference(reference) ?? [];
  });
}

function entryOf(resource: Resource, base: string, mode: 'match' | 'include'): object {
  return { fullUrl: `${base}/${resource.resourceType}/${resource.id}`, resource, search: { mode } };
}

function failed(status: number, diagnostics: string): FhirAnswer {
  return {
    status,
    body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'processing', diagnostics }] },
  };
}
