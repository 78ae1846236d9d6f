import * as fc from 'fast-check';
import { CANARY } from './canary.ts';
import { ODD_DATES, ODD_NAMES, ODD_REFERENCES, ODD_VALUES, RAW_VALUES } from './hostile-values.ts';
import { descend, type Edit, edited, isBranch, type Path, places, valueAt } from './json-tree.ts';

/** One change to the JSON of a request. */
export type Mutation = { readonly done: string; readonly apply: (tree: unknown) => unknown };

const RESOURCE_TYPES = [
  'Patient',
  'Condition',
  'Observation',
  'Procedure',
  'Medication',
  'MedicationRequest',
  'Bundle',
];
const ODD_TYPES = [...RESOURCE_TYPES, 'OperationOutcome', 'Parameters', 'patient', 'Nothing', '', CANARY];
const DATE = /^\d{4}-\d{2}(?:-\d{2}|$)/;

// Near the root a change hardly gets past the door; what is behind it is deeper.
const steps = fc.oneof(
  { weight: 1, arbitrary: fc.array(fc.nat(0xff_ff), { minLength: 1, maxLength: 2 }) },
  { weight: 9, arbitrary: fc.array(fc.nat(0xff_ff), { minLength: 4, maxLength: 12, size: 'max' }) },
);
const pick = fc.nat(0xff_ff);

// Any code units, so that surrogates stand alone.
const utf16 = fc.array(fc.nat(0xff_ff), { maxLength: 40 }).map((units) => String.fromCharCode(...units));

// Long ones are worth few of the requests: each costs as much as a hundred others.
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...ODD_VALUES) },
  { weight: 8, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 6, arbitrary: utf16 },
  { weight: 1, arbitrary: fc.constantFrom(...RAW_VALUES) },
);

/** Any change to any JSON: it knows of no meaning. */
const anywhere: fc.Arbitrary<Mutation> = fc.oneof(
  steps.map((where) => change('drop a member', where, () => [])),
  steps.map((where) => change('double a member', where, doubled)),
  fc
    .tuple(steps, fc.constantFrom(...ODD_NAMES))
    .map(([where, name]) =>
      change(`rename a member to ${JSON.stringify(name)}`, where, (_key, value) => [[name, value]]),
    ),
  {
    weight: 4,
    arbitrary: fc.tuple(steps, oddValue).map(([where, value]) => change(`put ${named(value)}`, where, putting(value))),
  },
  steps.map((where) => change('wrap in a list', where, (key, value) => [[key, [value]]])),
  steps.map((where) => change('wrap in an object', where, (key, value) => [[key, { resource: value }]])),
  steps.map((where) =>
    change('unwrap', where, (key, value) => [[key, isBranch(value) ? Object.values(value)[0] : value]]),
  ),
  fc.tuple(steps, steps).map(([from, to]) => ({
    done: 'copy one place over another',
    apply: (tree: unknown) => edited(tree, descend(tree, to), putting(valueAt(tree, descend(tree, from)))),
  })),
);

/** Changes that know what a member means in FHIR. */
const inResources: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(pick, fc.constantFrom(...ODD_DATES)).map(([nth, date]) => among(`date ${date}`, isDate, nth, putting(date))),
  fc
    .tuple(pick, fc.constantFrom(...ODD_REFERENCES))
    .map(([nth, reference]) =>
      among(`reference ${JSON.stringify(reference)}`, (key) => key === 'reference', nth, putting(reference)),
    ),
  fc
    .tuple(pick, fc.constantFrom(...ODD_TYPES))
    .map(([nth, type]) =>
      among(`resourceType ${JSON.stringify(type)}`, (key) => key === 'resourceType', nth, putting(type)),
    ),
  fc
    .tuple(pick, oddValue)
    .map(([nth, value]) => among(`code ${named(value)}`, (key) => key === 'code', nth, putting(value))),
  fc.tuple(pick, oddValue).map(([nth, value]) => among(`text ${named(value)}`, isText, nth, putting(value))),
  fc.tuple(pick, oddValue).map(([nth, value]) => among(`quantity ${named(value)}`, isQuantity, nth, putting(value))),
  pick.map((nth) => among('a loop through contained resources', isResource, nth, withContainedLoop)),
  pick.map((nth) => among('a loop through partOf and basedOn', isResource, nth, withLoopOfParts)),
  pick.map((nth) => among('a drug that is its own ingredient', isBundle, nth, withDrugLoop)),
  fc
    .tuple(pick, fc.integer({ min: 2, max: 300 }))
    .map(([nth, times]) =>
      among(`the same entry ${times} times`, isEntry, nth, (key, value) => [[key, repeated(value, times)]]),
    ),
);

/** Between one and five changes to the JSON of a request, whatever it is about. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: anywhere }, { weight: 2, arbitrary: inResources }),
  { minLength: 1, maxLength: 5, size: 'max' },
);

/** The tree after these changes, one after the other. */
export function mutated(tree: unknown, changes: readonly Mutation[]): unknown {
  return changes.reduce<unknown>((held, { apply }) => apply(held), tree);
}

/** A change of one place, found by walking down. */
export function change(done: string, where: readonly number[], edit: Edit): Mutation {
  return { done, apply: (tree) => edited(tree, descend(tree, where), edit) };
}

/** A change of the place with this name in the request, added if it is not there. */
export function setting(path: Path, value: unknown): Mutation {
  const parent = path.slice(0, -1);
  const name = path.at(-1) ?? '';
  return {
    done: `${path.join('.')} = ${named(value)}`,
    apply: (tree) =>
      edited(tree, parent, (key, held) => [
        [key, isBranch(held) && !Array.isArray(held) ? { ...held, [name]: value } : { [name]: value }],
      ]),
  };
}

/** A change of one of the places that qualify; of none when there is none. */
function among(done: string, wanted: (key: string, value: unknown) => boolean, nth: number, edit: Edit): Mutation {
  return {
    done,
    apply(tree) {
      const found = places(tree, wanted);
      const path = found[nth % Math.max(1, found.length)];
      return path === undefined ? tree : edited(tree, path, edit);
    },
  };
}

function putting(value: unknown): Edit {
  return (key) => [[key, value]];
}

const doubled: Edit = (key, value) => [
  [key, value],
  [`${key}2`, value],
];

const withContainedLoop: Edit = (key, value) => {
  const contained = [
    {
      resourceType: 'Medication',
      id: 'a',
      ingredient: [{ itemReference: { reference: '#b' } }],
      partOf: { reference: '#b' },
    },
    {
      resourceType: 'Medication',
      id: 'b',
      ingredient: [{ itemReference: { reference: '#a' } }],
      partOf: { reference: '#a' },
    },
  ];
  return [[key, merged(value, { contained, medicationReference: { reference: '#a' }, partOf: [{ reference: '#a' }] })]];
};

const withLoopOfParts: Edit = (key, value) => {
  const id = isBranch(value) && 'id' in value ? value.id : undefined;
  const type = isBranch(value) && 'resourceType' in value ? value.resourceType : undefined;
  const self = { reference: `${String(type)}/${String(id)}` };
  return [[key, merged(value, { partOf: [self], basedOn: [self], reasonReference: [self], replaces: [self] })]];
};

const withDrugLoop: Edit = (key, value) => {
  const held: unknown = isBranch(value) && 'entry' in value ? value.entry : undefined;
  const entries: readonly unknown[] = Array.isArray(held) ? held : [];
  const drug = (id: string, other: string) => ({
    resource: {
      resourceType: 'Medication',
      id,
      ingredient: [
        { itemReference: { reference: `Medication/${other}` } },
        { itemReference: { reference: `Medication/${id}` } },
      ],
    },
  });
  const order = {
    resource: {
      resourceType: 'MedicationRequest',
      id: 'loop',
      status: 'active',
      intent: 'order',
      medicationReference: { reference: 'Medication/loop-a' },
    },
  };
  return [[key, merged(value, { entry: [...entries, drug('loop-a', 'loop-b'), drug('loop-b', 'loop-a'), order] })]];
};

function merged(value: unknown, members: object): object {
  return { ...(isBranch(value) ? value : {}), ...members };
}

function repeated(entries: unknown, times: number): unknown {
  const [first]: readonly unknown[] = Array.isArray(entries) ? entries : [];
  return Array.from({ length: times }, () => first);
}

function isDate(_key: string, value: unknown): boolean {
  return typeof value === 'string' && DATE.test(value);
}

function isText(key: string): boolean {
  return ['text', 'display', 'conclusion', 'div', 'description', 'note'].includes(key);
}

function isQuantity(key: string): boolean {
  return ['value', 'unit', 'valueQuantity', 'doseQuantity', 'frequency', 'period'].includes(key);
}

function isResource(_key: string, value: unknown): boolean {
  return isBranch(value) && 'resourceType' in value && value.resourceType !== 'Bundle';
}

function isBundle(_key: string, value: unknown): boolean {
  return isBranch(value) && 'resourceType' in value && value.resourceType === 'Bundle';
}

function isEntry(key: string): boolean {
  return key === 'entry';
}

function named(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
