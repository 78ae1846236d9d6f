import { followPath } from './context-path.ts';
import type { Resource } from './patient-store.ts';
import { matchesToken } from './token-search.ts';

/** Prefetch templates by key, as a service advertises them in discovery. */
export type PrefetchTemplates = Readonly<Record<string, string>>;

/** The context of a hook call: what the tokens of a template are filled from. */
export type HookContext = Readonly<Record<string, unknown>>;

/** The base URL of records whose EHR serves none; nothing listens there. */
const EHR_BASE = 'https://ehr.example.org/fhir';

const TOKEN_PARAMETERS: ReadonlySet<string> = new Set(['code', 'category', 'status']);
const REFERENCE_PARAMETERS: ReadonlySet<string> = new Set(['patient', 'subject']);

/**
 * What an EHR sends as `prefetch`: every template with its tokens filled in and answered from the chart. A key is left
 * out when a token stays unresolved or when the resource it reads does not exist; it is never null (CH-69). `base` is the
 * EHR's FHIR server; one without any sends along, unasked, what its records refer to, since nobody could read it there.
 */
export function resolvePrefetch(
  templates: PrefetchTemplates,
  context: HookContext,
  resources: readonly Resource[],
  base?: string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(templates).flatMap(([key, template]) => {
      const query = fillTokens(template, context, resources);
      const answer = query === undefined ? undefined : answerQuery(query, resources, base);
      return answer === undefined ? [] : [[key, answer]];
    }),
  );
}

/** The template with its tokens filled in; undefined when the context cannot fill one (CH-44 to CH-47). */
function fillTokens(template: string, context: HookContext, resources: readonly Resource[]): string | undefined {
  let unresolved = false;
  const query = template.replaceAll(/\{\{([^}]*)\}\}/g, (_token, name: string) => {
    const value = tokenValue(name.trim(), context, resources);
    unresolved ||= value === undefined;
    return value ?? '';
  });
  return unresolved ? undefined : query;
}

function tokenValue(name: string, context: HookContext, resources: readonly Resource[]): string | undefined {
  const user = /^user(Practitioner|PractitionerRole|Patient|RelatedPerson)Id$/.exec(name);
  if (user !== null) {
    const [type, id] = typeof context['userId'] === 'string' ? context['userId'].split('/') : [];
    return type === user[1] ? id : undefined;
  }
  if (!name.startsWith('context.')) return undefined;
  const path = name.slice('context.'.length);
  if (path.includes('.')) return listed(followPath(path, context, resources));
  const field = context[path];
  return typeof field === 'string' ? field : undefined;
}

/** A collection is one value that stands for any of its items (CH-57); an empty one fills no token. */
function listed(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(',');
}

function answerQuery(query: string, resources: readonly Resource[], served: string | undefined): unknown {
  const base = served ?? EHR_BASE;
  const [path = '', search] = query.split('?', 2);
  const [resourceType, id] = path.split('/');
  if (id !== undefined) {
    return resources.find((resource) => resource.resourceType === resourceType && resource.id === id);
  }
  const parameters = new URLSearchParams(search ?? '');
  const found = resources.filter((resource) => resource.resourceType === resourceType && matches(resource, parameters));
  const page = found.slice(0, Number(parameters.get('_count') ?? found.length));
  return searchset(`${base}/${query}`, found.length, page.length, [
    ...page.map((resource) => entryOf(resource, 'match', base)),
    ...(served === undefined ? medicationsOf(page, resources) : []).map((resource) =>
      entryOf(resource, 'include', base),
    ),
  ]);
}

/** Parameters that are not known here are ignored, as FHIR R4 allows and Epic does. */
function matches(resource: Resource, parameters: URLSearchParams): boolean {
  return [...parameters].every(([name, value]) => {
    if (REFERENCE_PARAMETERS.has(name)) return isAbout(resource, value);
    if (name === '_id') return value.split(',').includes(resource.id);
    return TOKEN_PARAMETERS.has(name) ? matchesToken(resource, name, value) : true;
  });
}

/** A record without a subject stands in this patient's chart all the same: the chart is what was searched. */
function isAbout(resource: Resource, wanted: string): boolean {
  const subject = resource['subject'] ?? resource['patient'];
  if (typeof subject !== 'object' || subject === null || !('reference' in subject)) return true;
  if (typeof subject.reference !== 'string') return true;
  const reference = subject.reference.replace(/\/_history\/.*$/, '');
  return reference.split('/').at(-1) === wanted.split('/').at(-1);
}

/** An order whose drug is a record of its own says nothing without it. */
function medicationsOf(page: readonly Resource[], resources: readonly Resource[]): readonly Resource[] {
  const wanted = new Set(
    page.map(({ medicationReference: target }) =>
      typeof target === 'object' && target !== null && 'reference' in target ? target.reference : undefined,
    ),
  );
  return resources.filter(
    ({ resourceType, id }) => resourceType === 'Medication' && typeof id === 'string' && wanted.has(`Medication/${id}`),
  );
}

function searchset(url: string, total: number, page: number, entry: readonly unknown[]): unknown {
  const self = { relation: 'self', url };
  const next = { relation: 'next', url: `${url}&page=2` };
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total,
    link: page < total ? [self, next] : [self],
    ...(entry.length > 0 && { entry }),
  };
}

function entryOf(resource: Resource, mode: 'match' | 'include', base: string): unknown {
  const { resourceType, id } = resource;
  const named = typeof resourceType === 'string' && typeof id === 'string';
  return { ...(named && { fullUrl: `${base}/${resourceType}/${id}` }), resource, search: { mode } };
}
