import { badRequest, OperationOutcomeError, type SearchRequest, validateResource, type WithId } from '@medplum/core';
import { type CreateResourceOptions, type DeleteResourceOptions, MemoryRepository } from '@medplum/fhir-router';
import { isJsonObject } from '../../cds-hooks/json.ts';
import type { Definitions } from './definitions.ts';
import { resourcesIn, withIncluded } from './included.ts';
import { PatientShelves } from './patient-shelves.ts';
import { isResourceId, type Resource } from './resource.ts';
import { withinBounds } from './search-bounds.ts';
import { isChain, parameterType, understood } from './search-terms.ts';

/** Is told of what changes in a repository. */
export interface ChangeListener {
  /** Created, updated, or put back as it was. */
  readonly kept: (resource: WithId<Resource>) => Promise<void>;
  readonly gone: (resourceType: string, id: string) => Promise<void>;
  readonly cleared: () => void;
}

/**
 * The library's repository in memory, with what a server has beside it: resources are checked against FHIR R4 before they are
 * kept, ids are the server's own unless an update brings one, and a transaction that fails leaves nothing.
 */
export class ResourceRepository extends MemoryRepository {
  readonly definitions: Definitions;
  readonly #shelves = new PatientShelves();
  readonly #listeners: ChangeListener[] = [];
  /** What to do if the transaction under way fails, in the order of what was done. */
  #undo: (() => Promise<unknown>)[] | undefined;

  constructor(definitions: Definitions) {
    super();
    this.definitions = definitions;
  }

  /** Tells of each change once it is done, and waits until that has been taken note of. */
  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
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
    const checked = this.checked({ ...resource, id });
    await this.#rememberBefore(resource.resourceType, id);
    const kept = await super.createResource(checked, options, update);
    await this.#place(kept);
    return kept;
  }

  override async conditionalCreate<T extends Resource>(
    resource: T,
    search: SearchRequest<T>,
    options?: CreateResourceOptions,
  ): ReturnType<typeof MemoryRepository.prototype.conditionalCreate<T>> {
    const id = (options?.assignedId === true ? resource.id : undefined) ?? this.generateId();
    const checked = this.checked({ ...resource, id });
    await this.#rememberBefore(resource.resourceType, id);
    const done = await super.conditionalCreate(checked, withinBounds(search), { ...options, assignedId: true });
    await this.#place(done.resource);
    return done;
  }

  /** Deleting what is not there is no mistake (FHIR R4, 3.1.0.7). */
  override async deleteResource(resourceType: string, id: string, options?: DeleteResourceOptions): Promise<void> {
    if (!(await this.holds(resourceType, id))) return;
    await this.#rememberBefore(resourceType, id);
    await super.deleteResource(resourceType, id, options);
    await this.#displace(resourceType, id);
  }

  override async search<T extends Resource>(
    request: SearchRequest<T>,
  ): ReturnType<typeof MemoryRepository.prototype.search<T>> {
    const asked = withinBounds(request);
    return withIncluded(await this.matches(asked), asked, this.definitions, {
      allOf: async (resourceType) => resourcesIn(await this.matches({ resourceType })),
      readReferences: (references) => this.readReferences(references),
    });
  }

  /** What a search finds, however much it asks, without what it includes. */
  async matches<T extends Resource>(
    request: SearchRequest<T>,
  ): ReturnType<typeof MemoryRepository.prototype.search<T>> {
    const asked = understood(request, this.definitions);
    return this.#shelfFor(asked)?.search(asked) ?? super.search(asked);
  }

  /** Everything in memory is done before another request is taken up, so that no transaction meets a second one. */
  override async withTransaction<TResult>(callback: (repository: this) => Promise<TResult>): Promise<TResult> {
    // One inside another is part of it, and undone with it.
    if (this.#undo !== undefined) return callback(this);
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

  /** The resource under this name, as `Type/id`; undefined, if there is none. */
  async find(name: string): Promise<WithId<Resource> | undefined> {
    const [resourceType, id, ...rest] = name.split('/');
    return resourceType === undefined || id === undefined || rest.length > 0
      ? undefined
      : this.#standing(resourceType, id);
  }

  /** `Type/id` of all that refers to a patient, first come first. */
  referringTo(patientId: string): readonly string[] {
    return this.#shelves.namesOn(`Patient/${patientId}`);
  }

  /**
   * Takes in what is known to be valid, under its own ids and in its order: checking each resource would take longer than all
   * the rest. What had a version keeps it.
   */
  async load(resources: readonly WithId<Resource>[]): Promise<readonly WithId<Resource>[]> {
    const kept: WithId<Resource>[] = [];
    for (const resource of resources) {
      // oxlint-disable-next-line no-await-in-loop -- in their order
      kept.push(await this.#putBack(withoutVersions(resource) as WithId<Resource>));
    }
    return kept;
  }

  /** Forgets everything. */
  override clear(): void {
    super.clear();
    this.#shelves.clear();
    for (const listener of this.#listeners) listener.cleared();
  }

  async #standing(resourceType: string, id: string): Promise<WithId<Resource> | undefined> {
    return super.readResource<WithId<Resource>>(resourceType, id).catch(() => undefined);
  }

  async #rememberBefore(resourceType: string, id: string): Promise<void> {
    if (this.#undo === undefined) return;
    const before = await this.#standing(resourceType, id);
    this.#undo.push(async () => {
      await super.expungeResource(resourceType, id);
      await this.#displace(resourceType, id);
      if (before === undefined) return;
      await this.#putBack(before);
    });
  }

  async #putBack(resource: WithId<Resource>): Promise<WithId<Resource>> {
    const kept = await super.withSeeding(() => super.createResource(resource, undefined, true));
    await this.#place(kept);
    return kept;
  }

  async #place(resource: WithId<Resource>): Promise<void> {
    await this.#shelves.put(resource);
    await Promise.all(this.#listeners.map(async (listener) => listener.kept(resource)));
  }

  async #displace(resourceType: string, id: string): Promise<void> {
    await this.#shelves.remove(resourceType, id);
    await Promise.all(this.#listeners.map(async (listener) => listener.gone(resourceType, id)));
  }

  /** The shelf of the one patient that is searched for; a chain leads beyond it. */
  #shelfFor(request: SearchRequest): MemoryRepository | undefined {
    const { filters = [] } = request;
    if (filters.some(({ code }) => isChain(code))) return undefined;
    return filters
      .filter(
        ({ code, operator }) => operator === 'eq' && parameterType(request, code, this.definitions) === 'reference',
      )
      .map(({ value }) => this.#shelves.of(value))
      .find((shelf) => shelf !== undefined);
  }

  /**
   * A resource as it would be kept.
   *
   * @throws {OperationOutcomeError} saying what is wrong with it.
   */
  checked<T extends Resource>(resource: T): T {
    if (!this.definitions.resourceTypes.has(resource.resourceType)) {
      throw new OperationOutcomeError(badRequest('Unknown resource type'));
    }
    if (resource.id !== undefined && !isResourceId(resource.id)) {
      throw new OperationOutcomeError(badRequest('Invalid id', `${resource.resourceType}.id`));
    }
    validateResource(resource);
    // The library's check lets other things pass, and writes into them later.
    if (resource.meta !== undefined && !isJsonObject(resource.meta)) {
      throw new OperationOutcomeError(badRequest('Invalid meta', `${resource.resourceType}.meta`));
    }
    return withoutVersions(resource) as T;
  }
}

/** A reference to one version is found by no search for the patient; HAPI drops the version too when it stores one. */
function withoutVersions(value: unknown, member = ''): unknown {
  if (typeof value === 'string') return member === 'reference' ? value.replace(/\/_history\/[^/]*$/, '') : value;
  if (Array.isArray(value)) return value.map((item) => withoutVersions(item));
  if (typeof value !== 'object' || value === null) return value;
  // The library's check lets it pass; a reader of the resource might take it for more than a name.
  if (Object.hasOwn(value, '__proto__')) throw new OperationOutcomeError(badRequest('Invalid property "__proto__"'));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutVersions(item, key)]));
}
