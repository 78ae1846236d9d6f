import { badRequest, forbidden, notFound, OperationOutcomeError, type SearchRequest, type WithId } from '@medplum/core';
import {
  type CreateResourceOptions,
  type DeleteResourceOptions,
  FhirRepository,
  type UpdateResourceOptions,
} from '@medplum/fhir-router';
import type { Access } from '../authorization-server/access.ts';
import { resourcesIn, withIncluded } from './included.ts';
import { type PatientCompartment, patientCompartment } from './patient-compartment.ts';
import { patientsIn } from './patient-shelves.ts';
import type { PatientView } from './patient-views.ts';
import type { ResourceRepository } from './repository.ts';
import type { Resource } from './resource.ts';
import { type Action, type Reach, reachOf } from './scopes.ts';
import { tooMuch, withinBounds } from './search-bounds.ts';
import { chainedTypes, understood } from './search-terms.ts';

const ACTIONS: Readonly<Record<Action, string>> = {
  c: 'create',
  r: 'read',
  u: 'update',
  d: 'delete',
  s: 'search',
};

/** One page, and what comes along with it. */
const MAX_FOUND = 2000;

type Search<T extends Resource> = ReturnType<typeof FhirRepository.prototype.search<T>>;

/**
 * The records as far as one token reaches. It stands where the library asks for a repository, so that nothing that the library
 * does – an entry of a batch, an include, a chain, a condition – can go around it. With `patient/` scopes, what another patient
 * has is not there.
 */
export class GuardedRepository extends FhirRepository {
  readonly #whole: ResourceRepository;
  readonly #viewOf: PatientView;
  readonly #access: Access;
  /** By all searches so far. A batch is one request with many. */
  #found = 0;

  constructor(whole: ResourceRepository, viewOf: PatientView, access: Access) {
    super();
    this.#whole = whole;
    this.#viewOf = viewOf;
    this.#access = access;
  }

  override setMode(): void {
    // There is one store, for reading and for writing.
  }

  override generateId(): string {
    return this.#whole.generateId();
  }

  override async readResource<T extends Resource>(resourceType: string, id: string): Promise<WithId<T>> {
    const reach = this.#reach(resourceType, 'r');
    const resource = await this.#whole.readResource<WithId<T>>(resourceType, id);
    if (reach.kind === 'patient' && !this.#compartment(reach.patient).shows(resource)) {
      throw new OperationOutcomeError(notFound);
    }
    return resource;
  }

  override async readReference<T extends Resource>({ reference = '' }: { reference?: string }): Promise<WithId<T>> {
    const [resourceType = '', id = '', ...rest] = reference.split('/');
    if (rest.length > 0) throw new OperationOutcomeError(badRequest('Invalid reference'));
    return this.readResource<T>(resourceType, id);
  }

  override async readReferences<T extends Resource>(
    references: readonly { reference?: string }[],
  ): Promise<(T | Error)[]> {
    return Promise.all(
      references.map((reference) =>
        this.readReference<T>(reference).catch((thrown: unknown) => {
          if (thrown instanceof OperationOutcomeError) return thrown;
          throw thrown;
        }),
      ),
    );
  }

  override async search<T extends Resource>(request: SearchRequest<T>): Search<T> {
    if (this.#found >= MAX_FOUND) throw tooMuch(`The searches of one request may find ${MAX_FOUND} resources together`);
    const asked = withinBounds(request);
    const found = await withIncluded(await this.#matches(asked), asked, this.#whole.definitions, {
      // What a token does not reach is left out of what comes along, and is no reason to refuse the rest.
      allOf: async (resourceType) =>
        reachOf(this.#access, resourceType, 's').kind === 'none'
          ? []
          : resourcesIn(await this.#matches({ resourceType })),
      readReferences: (references) => this.readReferences(references),
    });
    this.#found += resourcesIn(found).length;
    return found;
  }

  override async createResource<T extends Resource>(resource: T, options?: CreateResourceOptions): Promise<WithId<T>> {
    const reach = this.#reach(resource.resourceType, 'c');
    // An id that the client chose has no meaning, and would let another patient pass for this one.
    const id = options?.assignedId === true ? resource.id : undefined;
    if (reach.kind === 'patient') this.#mustBeOwn(reach.patient, this.#whole.checked({ ...resource, id }));
    return this.#whole.createResource(resource, options);
  }

  override async conditionalCreate<T extends Resource>(
    resource: T,
    search: SearchRequest<T>,
    options?: CreateResourceOptions,
  ): ReturnType<typeof FhirRepository.prototype.conditionalCreate<T>> {
    // Even if there is one already: who may create nothing asks for it by a search.
    this.#reach(resource.resourceType, 'c');
    // As with any creation, an id that the client chose has no meaning.
    const id = options?.assignedId === true ? resource.id : undefined;
    return super.conditionalCreate({ ...resource, id }, search, options);
  }

  override async updateResource<T extends Resource>(resource: T, options?: UpdateResourceOptions): Promise<WithId<T>> {
    const { resourceType, id = '' } = resource;
    const reach = this.#reach(resourceType, 'u');
    if (reach.kind === 'patient') {
      // Nothing is created here: that an id is free would tell that others are not.
      const before = await this.#changeable(reach.patient, resourceType, id);
      this.#mustBeOwn(reach.patient, this.#whole.checked(resource), before);
    }
    return this.#whole.updateResource(resource, options);
  }

  override async deleteResource(resourceType: string, id: string, options?: DeleteResourceOptions): Promise<void> {
    const reach = this.#reach(resourceType, 'd');
    if (reach.kind === 'patient') await this.#changeable(reach.patient, resourceType, id);
    await this.#whole.deleteResource(resourceType, id, options);
  }

  override async withTransaction<TResult>(callback: (repository: this) => Promise<TResult>): Promise<TResult> {
    return this.#whole.withTransaction(() => callback(this));
  }

  override readHistory = notOffered;
  override readVersion = notOffered;
  override patchResource = notOffered;
  override searchByReference = notOffered;

  /** What a search finds, without what it includes. */
  async #matches<T extends Resource>(request: SearchRequest<T>): Search<T> {
    const reaches = [request.resourceType, ...chainedTypes(request)].map((type) => this.#reach(type, 's'));
    // A chain from everybody's records into the patient's would tell of others: all of it stays within.
    const narrow = reaches.find((reach) => reach.kind === 'patient');
    return narrow === undefined
      ? this.#whole.matches(request)
      : (await this.#viewOf(narrow.patient)).search(understood(request, this.#whole.definitions));
  }

  /** @throws {OperationOutcomeError} if no scope of the token is for this. */
  #reach(resourceType: string, action: Action): Exclude<Reach, { kind: 'none' }> {
    const reach = reachOf(this.#access, resourceType, action);
    if (reach.kind === 'none') throw refused(`No scope of the token is for this: ${ACTIONS[action]} ${resourceType}`);
    return reach;
  }

  #compartment(patient: string): PatientCompartment {
    return patientCompartment(patient, this.#whole.definitions);
  }

  /** @throws {OperationOutcomeError} unless what is on file under this name is the patient's. */
  async #changeable(patient: string, resourceType: string, id: string): Promise<Resource> {
    const before = await this.#whole.readResource(resourceType, id);
    const { contains, shows } = this.#compartment(patient);
    if (!shows(before)) throw new OperationOutcomeError(notFound);
    if (!contains(before)) throw refused('With this token, only records of its patient are changed');
    return before;
  }

  /** @throws {OperationOutcomeError} unless it may be put among this patient's records, and is put among nobody else's. */
  #mustBeOwn(patient: string, checked: Resource, before?: Resource): void {
    const known = new Set([`Patient/${patient}`, ...(before === undefined ? [] : patientsIn(before))]);
    if (!this.#compartment(patient).contains(checked) || ![...patientsIn(checked)].every((name) => known.has(name))) {
      throw refused('With this token, only records of its patient are written, and of no other');
    }
  }
}

/** @throws {OperationOutcomeError} always: no route leads here. */
async function notOffered(): Promise<never> {
  throw refused('This server has no such interaction');
}

function refused(diagnostics: string): OperationOutcomeError {
  return new OperationOutcomeError({ ...forbidden, issue: [{ severity: 'error', code: 'forbidden', diagnostics }] });
}
