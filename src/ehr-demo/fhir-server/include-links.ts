import {
  badRequest,
  evalFhirPath,
  getSearchParameter,
  type IncludeTarget,
  OperationOutcomeError,
  parseFhirPath,
} from '@medplum/core';
import { isJsonObject } from '../../cds-hooks/json.ts';
import type { Definitions } from './definitions.ts';
import type { Resource } from './resource.ts';

/** Where what comes along is looked for. */
export interface Surroundings {
  /** All that there is of a type. */
  readonly allOf: (resourceType: Resource['resourceType']) => Promise<readonly Resource[]>;
  /** The resource under each of these names, or why there is none. */
  readonly readReferences: (references: readonly { readonly reference: string }[]) => Promise<(Resource | Error)[]>;
}

/** How resources of one type refer to others, as an include names it: `Condition:subject:Patient`. */
export interface Link {
  readonly resourceType: Resource['resourceType'];
  /** Names such as `Patient/1`, and URLs of what is canonical. */
  readonly pointersOf: (resource: Resource) => { readonly names: readonly string[]; readonly urls: readonly string[] };
  readonly targets: readonly Resource['resourceType'][];
  /** Does it lead to this type? */
  readonly leadsTo: (resourceType: string) => boolean;
}

/** @throws {OperationOutcomeError} if resources of this type have no such link. */
export function linkOf({ resourceType, searchParam, targetType }: IncludeTarget, definitions: Definitions): Link {
  const { expression, target = [] } =
    definitions.searchParameters(resourceType).get(searchParam)?.type === 'reference'
      ? (getSearchParameter(resourceType, searchParam) ?? {})
      : {};
  if (expression === undefined) {
    throw new OperationOutcomeError(badRequest(`Invalid include parameter: ${resourceType}:${searchParam}`));
  }
  const path = parseFhirPath(expression);
  const leadsTo = (type: string): boolean => targetType === undefined || type === targetType;
  return {
    resourceType: resourceType as Resource['resourceType'],
    pointersOf: (resource) => {
      const values = evalFhirPath(path, resource);
      return {
        names: values.map((value) => (isJsonObject(value) ? value['reference'] : undefined)).filter(isText),
        urls: values.filter(isText),
      };
    },
    targets: target.filter(leadsTo),
    leadsTo,
  };
}

/** `_include`. */
export async function thoseReferredTo(
  from: readonly Resource[],
  { resourceType, pointersOf, targets, leadsTo }: Link,
  { allOf, readReferences }: Surroundings,
): Promise<readonly Resource[]> {
  const pointers = from.filter((resource) => resource.resourceType === resourceType).map(pointersOf);
  const names = new Set(pointers.flatMap((pointer) => pointer.names));
  const urls = new Set(pointers.flatMap((pointer) => pointer.urls));
  const named = await readReferences(
    [...names].filter((name) => leadsTo(name.split('/', 1)[0] ?? '')).map((reference) => ({ reference })),
  );
  const canonical = urls.size === 0 ? [] : await Promise.all(targets.map((type) => allOf(type)));
  return [...named.filter(isThere), ...canonical.flat().filter((resource) => urls.has(urlOf(resource) ?? ''))];
}

/** `_revinclude`. */
export async function thoseReferring(
  to: readonly Resource[],
  { resourceType, pointersOf, leadsTo }: Link,
  { allOf }: Surroundings,
): Promise<readonly Resource[]> {
  const aims = to.filter((resource) => leadsTo(resource.resourceType));
  const pointedAt = new Set(aims.flatMap((resource) => [nameOf(resource), urlOf(resource) ?? []].flat()));
  return (await allOf(resourceType)).filter((resource) => {
    const { names, urls } = pointersOf(resource);
    return [...names, ...urls].some((pointer) => pointedAt.has(pointer));
  });
}

export function nameOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}

function urlOf(resource: Resource): string | undefined {
  return 'url' in resource ? resource.url : undefined;
}

function isThere(read: Resource | Error): read is Resource {
  return 'resourceType' in read;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
