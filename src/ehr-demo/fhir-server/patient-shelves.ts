import { MemoryRepository } from '@medplum/fhir-router';
import type { Resource } from './resource.ts';

const PATIENT = /^Patient\/[^/,]+$/;
const EMPTY = new MemoryRepository();

/**
 * Each patient's records once more, on a shelf of their own. The library looks at everything of a type for every search, and
 * nearly every search is for one patient.
 */
export class PatientShelves {
  readonly #shelves = new Map<string, MemoryRepository>();
  /** On which shelves a resource stands. */
  readonly #places = new Map<string, ReadonlySet<string>>();

  /** Puts a resource, as it is kept, on the shelf of every patient that it refers to, and on no other. */
  async put(resource: Resource & { readonly id: string }): Promise<void> {
    const name = `${resource.resourceType}/${resource.id}`;
    const patients = new Set(referencesIn(resource).filter((reference) => PATIENT.test(reference)));
    const leaving = [...(this.#places.get(name) ?? [])].filter((patient) => !patients.has(patient));
    this.#places.set(name, patients);
    await Promise.all([
      ...leaving.map((patient) => this.#takeFrom(patient, resource.resourceType, resource.id)),
      ...[...patients].map((patient) => this.#putOn(patient, resource)),
    ]);
  }

  async remove(resourceType: string, id: string): Promise<void> {
    const name = `${resourceType}/${id}`;
    const patients = [...(this.#places.get(name) ?? [])];
    this.#places.delete(name);
    await Promise.all(patients.map((patient) => this.#takeFrom(patient, resourceType, id)));
  }

  /** All that refers to this patient; undefined if that is no reference to one patient. */
  of(reference: string): MemoryRepository | undefined {
    return PATIENT.test(reference) ? (this.#shelves.get(reference) ?? EMPTY) : undefined;
  }

  async #takeFrom(patient: string, resourceType: string, id: string): Promise<void> {
    await this.#shelves.get(patient)?.expungeResource(resourceType, id);
  }

  async #putOn(patient: string, resource: Resource): Promise<void> {
    const shelf = this.#shelves.get(patient) ?? new MemoryRepository();
    this.#shelves.set(patient, shelf);
    await shelf.withSeeding(() => shelf.createResource(resource, undefined, true));
  }
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, item]) =>
    member === 'reference' && typeof item === 'string' ? [item] : referencesIn(item),
  );
}
