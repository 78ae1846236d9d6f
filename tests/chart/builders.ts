import { buildChart, type Chart, diagnoseFrom } from '../../src/chart/chart.ts';
import type { DraftContext } from '../../src/chart/draft-orders.ts';
import {
  type JsonObject,
  RESOURCE_KEYS,
  type Reading,
  type Readings,
  type ResourceKey,
} from '../../src/chart/reading.ts';
import type { Terminology } from '../../src/chart/terminology.ts';
import { guideline, TODAY } from '../support/service.ts';

export const terminology: Terminology = guideline.terminology;

export const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
export const SNOMED = 'http://snomed.info/sct';
export const LOINC = 'http://loinc.org';
export const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
export const NCIT = 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl';
export const ICD_O = 'http://terminology.hl7.org/CodeSystem/icd-o-3';
export const ATC = 'http://www.whocc.no/atc';
const LOCAL = 'urn:oid:1.2.840.114350.1.13.1';

export const ASPS_SNOMED = '404056007';
export const HISTOLOGY = 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior';
export const RELATED_PRIMARY =
  'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-related-primary-cancer-condition';

/** A coding; without a display unless one is given. */
export function coding(system: string, code: string, display?: string): JsonObject {
  return { system, code, ...(display === undefined ? {} : { display }) };
}

/** A CodeableConcept of one coding. */
export function coded(system: string, code: string, display?: string): JsonObject {
  return { coding: [coding(system, code, display)] };
}

/** A coding with this display, in a system that nobody else knows. */
export function local(display: string): JsonObject {
  return coding(LOCAL, 'L-1', display);
}

export function verified(code: string): JsonObject {
  return {
    verificationStatus: coded('http://terminology.hl7.org/CodeSystem/condition-ver-status', code),
  };
}

export function clinically(code: string): JsonObject {
  return { clinicalStatus: coded('http://terminology.hl7.org/CodeSystem/condition-clinical', code) };
}

/** A Condition of this code, or with this name and nothing else. */
export function condition(code: JsonObject | string, more: JsonObject = {}): JsonObject {
  return { resourceType: 'Condition', id: 'c1', code: typeof code === 'string' ? { text: code } : code, ...more };
}

/** A coded, confirmed ASPS that began on 10 June 2026, unless said otherwise. */
export function asps(more: JsonObject = {}): JsonObject {
  return condition(coded(SNOMED, ASPS_SNOMED), {
    id: 'asps',
    ...verified('confirmed'),
    onsetDateTime: '2026-06-10',
    ...more,
  });
}

export function observation(code: JsonObject, more: JsonObject): JsonObject {
  return { resourceType: 'Observation', id: 'o1', status: 'final', code, ...more };
}

/** A resource of a type by its name or its code. */
export function named(resourceType: string, code: JsonObject | string, more: JsonObject = {}): JsonObject {
  return { resourceType, id: 'r1', code: typeof code === 'string' ? { text: code } : code, ...more };
}

/** A MedicationRequest, -Administration or -Statement of a drug. */
export function medicated(resourceType: string, drug: JsonObject | string, more: JsonObject = {}): JsonObject {
  return {
    resourceType,
    id: 'm1',
    medicationCodeableConcept: typeof drug === 'string' ? { text: drug } : drug,
    ...more,
  };
}

export type Parts = Partial<Record<ResourceKey, readonly JsonObject[]>>;

/** A chart read to its end: what is given, and nothing else; with an ASPS unless Conditions are given. */
export function complete(parts: Parts = {}): Readings {
  return new Map(
    RESOURCE_KEYS.map((key): [ResourceKey, Reading] => [
      key,
      { state: 'complete', resources: parts[key] ?? (key === 'conditions' ? [asps()] : []) },
    ]),
  );
}

/** The same chart, with these parts not read. */
export function without(readings: Readings, ...keys: readonly ResourceKey[]): Readings {
  return new Map([
    ...readings,
    ...keys.map((key): [ResourceKey, Reading] => [key, { state: 'unread', reason: 'failed' }]),
  ]);
}

/** The same chart, with these parts read as far as the first page. */
export function cutShort(readings: Readings, ...keys: readonly ResourceKey[]): Readings {
  return new Map(
    [...readings].map(([key, reading]): [ResourceKey, Reading] =>
      keys.includes(key) && reading.state === 'complete'
        ? [key, { state: 'incomplete', resources: reading.resources, reason: 'more-pages' }]
        : [key, reading],
    ),
  );
}

export function chartFrom(readings: Readings, drafts?: DraftContext): Chart {
  const context = drafts === undefined ? {} : { drafts };
  return buildChart('p1', diagnoseFrom(readings, terminology), readings, context, guideline, TODAY);
}

/** The chart of a patient with these resources, all of them read. */
export function chartOf(parts: Parts, drafts?: DraftContext): Chart {
  return chartFrom(complete(parts), drafts);
}

/** The context of an order hook with these draft orders. */
export function draftsOf(resources: readonly unknown[], selections?: readonly string[]): DraftContext {
  return {
    draftOrders: { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) },
    ...(selections === undefined ? {} : { selections }),
  };
}
