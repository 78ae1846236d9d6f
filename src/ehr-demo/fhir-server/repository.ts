import {
  badRequest,
  type Filter,
  OperationOutcomeError,
  type SearchRequest,
  validateResource,
  type WithId,
} from '@medplum/core';
import {
  type CreateResourceOptions,
  type DeleteResourceOptions,
  getExtraEntries,
  MemoryRepository,
} from '@medplum/fhir-router';
import type { Definitions } from './definitions.ts';
import { PatientShelves } from './patient-shelves.ts';
import { isResourceId, type Resource } from './resource.ts';

/** Of one page. The library's own limit would refuse a full page with anything included. */
const MAX_ENTRIES = 10_000;

/**
 * The library's repository in memory, with what a server has beside it: resources are checked against FHIR R4 before they are
 * kept, ids are the server's own unless an update brings one, and a transaction that fails leaves nothing.
 */
export class ResourceRepository extends MemoryRepository {
  readonly #definitions: Definitions;
  readonly #shelves = new PatientShelves();
  /** What to do if the transaction under way fails, in the order of what was done. */
  #undo: (() => Promise<unknown>)[] | undefined;

  constructor(definitions: Definitions) {
    super();
    this.#definitions = definitions;
  }

  /** Is there a resource under this name? */
  async holds(resourceType: string, id: string): Promise<boolean> {
    return (await this.#standing(resourceType, id)) !== undefined;
  }

  override async createResource<T extends Resource>(
    resource: T,
    options?: CreateResourceOptions,
    update: boolean = false,
  ): Promise<WithId<T>> {
    // FHIR R4, 3.1.0.8: the id of a resource that is created is not the client's to choose.
    const keepsId = update || options?.assignedId === true;
    const id = (keepsId ? resource.id : undefined) ?? this.generateId();
    const checked = this.#checked({ ...resource, id });
    await this.#rememberBefore(resource.resourceType, id);
    const kept = await super.createResource(checked, options, update);
    await this.#shelves.put(kept);
    return kept;
  }

  override async conditionalCreate<T extends Resource>(
    resource: T,
    search: SearchRequest<T>,
    options?: CreateResourceOptions,
  ): ReturnType<typeof MemoryRepository.prototype.conditionalCreate<T>> {
    const id = (options?.assignedId === true ? resource.id : undefined) ?? this.generateId();
    const checked = this.#checked({ ...resource, id });
    await this.#rememberBefore(resource.resourceType, id);
    const done = await super.conditionalCreate(checked, search, { ...options, assignedId: true });
    await this.#shelves.put(done.resource);
    return done;
  }

  /** Deleting what is not there is no mistake (FHIR R4, 3.1.0.7). */
  override async deleteResource(resourceType: string, id: string, options?: DeleteResourceOptions): Promise<void> {
    if (!(await this.holds(resourceType, id))) return;
    await this.#rememberBefore(resourceType, id);
    await super.deleteResource(resourceType, id, options);
    await this.#shelves.remove(resourceType, id);
  }

  /**
   * Unknown parameters are ignored, also of searches inside a Bundle: the library would find nothing. Of several sort keys it
   * would let the last one rule.
   */
  override async search<T extends Resource>(
    request: SearchRequest<T>,
  ): ReturnType<typeof MemoryRepository.prototype.search<T>> {
    const { include: _include, revInclude: _revInclude, filters = [], sortRules = [], ...asked } = request;
    const understood = {
      ...asked,
      filters: filters.filter(({ code }) => this.#typeOf(request, code) !== undefined).map(withPatientType),
      sortRules: sortRules.toReversed(),
    };
    const shelf = this.#shelfFor(understood);
    const found = shelf === undefined ? await super.search(understood) : await shelf.search(understood);
    const matches = found.entry ?? [];
    await getExtraEntries(
      this,
      request,
      matches.flatMap(({ resource }) => resource ?? []),
      matches,
      {
        maxResults: MAX_ENTRIES,
      },
    );
    return found;
  }

  /** Everything in memory is done before another request is taken up, so that no transaction meets a second one. */
  override async withTransaction<TResult>(callback: (repository: this) => Promise<TResult>): Promise<TResult> {
    const undo: (() => Promise<unknown>)[] = [];
    this.#undo = undo;
    try {
      return await callback(this);
    } catch (error) {
      // oxlint-disable-next-line no-await-in-loop -- backwards, one after another
      for (const step of undo.toReversed()) await step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  async #standing(resourceType: string, id: string): Promise<WithId<Resource> | undefined> {
    return super.readResource<WithId<Resource>>(resourceType, id).catch(() => undefined);
  }

  async #rememberBefore(resourceType: string, id: string): Promise<void> {
    if (this.#undo === undefined) return;
    const before = await this.#standing(resourceType, id);
    this.#undo.push(async () => {
      await super.expungeResource(resourceType, id);
      await this.#shelves.remove(resourceType, id);
      if (before === undefined) return;
      await super.withSeeding(() => super.createResource(before, undefined, true));
      await this.#shelves.put(before);
    });
  }

  /** Of a parameter as it is written in a search: a chain is of the type of its first link. */
  #typeOf({ resourceType }: Pick<SearchRequest, 'resourceType'>, code: string): string | undefined {
    return this.#definitions.searchParameters(resourceType).get(code.split(/[.:]/, 1)[0] ?? '')?.type;
  }

  /** The shelf of the one patient that is searched for; a chain leads beyond it. */
  #shelfFor(request: SearchRequest): MemoryRepository | undefined {
    const { filters = [] } = request;
    if (filters.some(({ code }) => code.includes('.'))) return undefined;
    return filters
      .filter(({ code, operator }) => operator === 'eq' && this.#typeOf(request, code) === 'reference')
      .map(({ value }) => this.#shelves.of(value))
      .find((shelf) => shelf !== undefined);
  }

  /** @throws {OperationOutcomeError} saying what is wrong with the resource. */
  #checked<T extends Resource>(resource: T): T {
    if (!this.#definitions.resourceTypes.has(resource.resourceType)) {
      throw new OperationOutcomeError(badRequest('Unknown resource type'));
    }
    if (resource.id !== undefined && !isResourceId(resource.id)) {
      throw new OperationOutcomeError(badRequest('Invalid id', `${resource.resourceType}.id`));
    }
    validateResource(resource);
    return withoutVersions(resource) as T;
  }
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

/** A reference to one version is found by no search for the patient; HAPI drops the version too when it stores one. */
function withoutVersions(value: unknown, member = ''): unknown {
  if (typeof value === 'string') return member === 'reference' ? value.replace(/\/_history\/[^/]*$/, '') : value;
  if (Array.isArray(value)) return value.map((item) => withoutVersions(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutVersions(item, key)]));
}
