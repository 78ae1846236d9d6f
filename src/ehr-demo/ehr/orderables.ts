import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { FixtureError, loadFixture } from '../scenarios.ts';

/** Something to choose from a list, in a clinician's words. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly group: string;
}

/** An order, or several that go together. */
export interface Orderable extends Choice {
  /** The draft of the fixtures that it is made from. */
  readonly draft: string;
}

/** A problem that can be added to the problem list. */
export interface ListedProblem extends Choice {
  /** A FHIR CodeableConcept. */
  readonly code: { readonly coding: readonly Coding[]; readonly text: string };
}

interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

const FIXTURES_FOLDER = fileURLToPath(new URL('../../../fixtures/', import.meta.url));

const text = { type: 'string', minLength: 1 };
const choice = { id: { type: 'string', pattern: '^[a-z0-9-]+$' }, label: text, group: text };

const isOrderables = catalogueOf<Orderable>({ ...choice, draft: { type: 'string', pattern: '^[a-z0-9-]+$' } });

const isProblems = catalogueOf<ListedProblem>({
  ...choice,
  code: {
    type: 'object',
    required: ['coding', 'text'],
    properties: {
      coding: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['system', 'code', 'display'],
          properties: { system: text, code: text, display: text },
          additionalProperties: false,
        },
      },
      text,
    },
    additionalProperties: false,
  },
});

/**
 * What can be ordered, in the order of the file.
 *
 * @throws {FixtureError} if the file is not as expected.
 */
export function loadOrderables(folder: string = FIXTURES_FOLDER): readonly Orderable[] {
  return withoutTwins(join(folder, 'orderables.yaml'), isOrderables);
}

/**
 * What can be added to the problem list, in the order of the file.
 *
 * @throws {FixtureError} if the file is not as expected.
 */
export function loadProblems(folder: string = FIXTURES_FOLDER): readonly ListedProblem[] {
  return withoutTwins(join(folder, 'problems.yaml'), isProblems);
}

function catalogueOf<T>(properties: Readonly<Record<string, object>>): ValidateFunction<T[]> {
  return new Ajv({ allErrors: true }).compile<T[]>({
    type: 'array',
    minItems: 1,
    items: { type: 'object', required: Object.keys(properties), properties, additionalProperties: false },
  });
}

function withoutTwins<T extends Choice>(file: string, isValid: ValidateFunction<T[]>): readonly T[] {
  const choices = loadFixture(file, isValid, parse);
  const ids = choices.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw new FixtureError(`${file} has ${twice} twice`);
  return choices;
}
