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
  /** What stands on a shelf, by name, in the order in which it came. */
  readonly #names = new Map<string, Set<string>>();

  /** Puts a resource, as it is kept, on the shelf of every patient that it refers to, and on no other. */
  async put(resource: Resource & { readonly id: string }): Promise<void> {
    const name = `${resource.resourceType}/${resource.id}`;
    const patients = patientsIn(resource);
    const leaving = [...(this.#places.get(name) ?? [])].filter((patient) => !patients.has(patient));
    this.#places.set(name, patients);
    await Promise.all([
      ...leaving.map((patient) => this.#takeFrom(patient, resource.resourceType, resource.id)),
      ...[...patients].map((patient) => this.#putOn(patient, resource, name)),
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

  /** `Type/id` of all that refers to this patient, first come first. */
  namesOn(reference: string): readonly string[] {
    return [...(this.#names.get(reference) ?? [])];
  }

  clear(): void {
    this.#shelves.clear();
    this.#places.clear();
    this.#names.clear();
  }

  async #takeFrom(patient: string, resourceType: string, id: string): Promise<void> {
    this.#names.get(patient)?.delete(`${resourceType}/${id}`);
    await this.#shelves.get(patient)?.expungeResource(resourceType, id);
  }

  async #putOn(patient: string, resource: Resource, name: string): Promise<void> {
    const shelf = this.#shelves.get(patient) ?? new MemoryRepository();
    this.#shelves.set(patient, shelf);
    const names = this.#names.get(patient) ?? new Set();
    this.#names.set(patient, names.add(name));
    await shelf.withSeeding(() => shelf.createResource(resource, undefined, true));
  }
}

/** The patients that a resource refers to, as `Patient/id`. */
export function patientsIn(resource: Resource): ReadonlySet<string> {
  return new Set(referencesIn(resource).filter((reference) => PATIENT.test(reference)));
}

/** Everything that a resource refers to, as it is written there. */
export function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, item]) =>
    member === 'reference' && typeof item === 'string' ? [item] : referencesIn(item),
  );
}
