import { type Filter, getSearchParameter, type SearchRequest } from '@medplum/core';
import type { Definitions } from './definitions.ts';
import type { Resource } from './resource.ts';

/**
 * A search as the library can carry it out, without what it includes. Unknown parameters are ignored, also of searches inside
 * a Bundle: the library would find nothing. Of several sort keys it would let the last one rule.
 */
export function understood<T extends Resource>(request: SearchRequest<T>, definitions: Definitions): SearchRequest<T> {
  const { include: _include, revInclude: _revInclude, filters = [], sortRules = [], ...asked } = request;
  return {
    ...asked,
    filters: filters.filter(({ code }) => parameterType(request, code, definitions) !== undefined).map(withPatientType),
    sortRules: sortRules.toReversed(),
  };
}

/** Of a parameter as it is written in a search: a chain is of the type of its first link. */
export function parameterType(
  { resourceType }: Pick<SearchRequest, 'resourceType'>,
  code: string,
  definitions: Definitions,
): string | undefined {
  return definitions.searchParameters(resourceType).get(firstLink(code).parameter)?.type;
}

/** The types of resources that a search looks into besides its own: where its chains may lead. */
export function chainedTypes({ resourceType, filters = [] }: SearchRequest): ReadonlySet<string> {
  return new Set(
    filters
      .filter(({ code }) => isChain(code))
      .flatMap(({ code }) => {
        const { parameter, target } = firstLink(code);
        return target ?? getSearchParameter(resourceType, parameter)?.target ?? [];
      }),
  );
}

export function isChain(code: string): boolean {
  return code.includes('.');
}

/** `subject` and `Patient` of `subject:Patient.name`. */
function firstLink(code: string): { readonly parameter: string; readonly target: string | undefined } {
  const [parameter = '', target] = (code.split('.', 1)[0] ?? '').split(':', 2);
  return { parameter, target };
}

/** The library takes an id alone only where there is one type that it can be of; `subject` has several. */
function withPatientType(filter: Filter): Filter {
  const { code, operator, value } = filter;
  if ((code !== 'patient' && code !== 'subject') || operator === 'missing') return filter;
  const references = value
    .split(',')
    .map((reference) => (reference.includes('/') ? reference : `Patient/${reference}`));
  return { ...filter, value: references.join(',') };
}
