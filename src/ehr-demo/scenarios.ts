import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { type Bundle, type PatientStore, patientStore } from './patient-store.ts';

/** How urgent a card is, as CDS Hooks spells it. */
export type Indicator = 'info' | 'warning' | 'critical';

/** One call an EHR makes for a patient, and the cards that are expected of it. */
export type ScenarioCall = {
  readonly hook: string;
  readonly draft?: string;
  readonly selections?: readonly string[];
  readonly omit?: readonly string[];
  readonly cards: Readonly<Record<string, Indicator>>;
  readonly wording?: readonly string[];
  readonly because?: string;
};

/** A synthetic patient, the story in one sentence and the calls made for them. */
export type Scenario = {
  readonly patient: string;
  readonly story: string;
  readonly shape?: string;
  readonly calls: readonly ScenarioCall[];
};

/** One call, and what one card does on it, whatever other cards do. */
export type CardCase = Omit<ScenarioCall, 'cards'> & {
  readonly patient: string;
  /** Intervals and thresholds of a site that has set its own. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What the card comes as; `none` if it must not come. */
  readonly expect: Indicator | 'none';
  readonly because: string;
};

/** The cases of one card: where it fires, where it must not, and where its data is missing or unreadable. */
export type CardCases = {
  readonly card: string;
  readonly fires: readonly CardCase[];
  readonly silent: readonly CardCase[];
  readonly missing: readonly CardCase[];
};

/** A file of card cases, and the patients that stand in no scenario. */
export type CaseFile = {
  readonly patients?: readonly Omit<Scenario, 'calls'>[];
  readonly cases: readonly CardCases[];
};

/** A fixture that cannot be used; the message names the file and what is wrong with it. */
export class FixtureError extends Error {
  override readonly name = 'FixtureError';
}

/** Where the synthetic patients live. */
const FIXTURES_FOLDER = fileURLToPath(new URL('../../fixtures/', import.meta.url));

const names = { type: 'array', items: { type: 'string', minLength: 1 } };

const isScenarios = new Ajv({ allErrors: true }).compile<Scenario[]>({
  type: 'array',
  items: {
    type: 'object',
    required: ['patient', 'story', 'calls'],
    properties: {
      patient: { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' },
      story: { type: 'string', minLength: 1 },
      shape: { type: 'string' },
      calls: {
        type: 'array',
        items: {
          type: 'object',
          required: ['hook', 'cards'],
          properties: {
            hook: { type: 'string', minLength: 1 },
            draft: { type: 'string', minLength: 1 },
            selections: names,
            omit: names,
            cards: { type: 'object', additionalProperties: { enum: ['info', 'warning', 'critical'] } },
            wording: names,
            because: { type: 'string' },
          },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
});

const caseList = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['patient', 'hook', 'expect', 'because'],
    properties: {
      patient: { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' },
      hook: { type: 'string', minLength: 1 },
      draft: { type: 'string', minLength: 1 },
      selections: names,
      omit: names,
      settings: { type: 'object', minProperties: 1 },
      expect: { enum: ['info', 'warning', 'critical', 'none'] },
      wording: names,
      because: { type: 'string', minLength: 5 },
    },
    additionalProperties: false,
  },
};

const isCaseFile = new Ajv({ allErrors: true }).compile<CaseFile>({
  type: 'object',
  required: ['cases'],
  properties: {
    patients: {
      type: 'array',
      items: {
        type: 'object',
        required: ['patient', 'story'],
        properties: {
          patient: { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' },
          story: { type: 'string', minLength: 1 },
          shape: { type: 'string' },
        },
        additionalProperties: false,
      },
    },
    cases: {
      type: 'array',
      items: {
        type: 'object',
        required: ['card', 'fires', 'silent', 'missing'],
        properties: { card: { type: 'string' }, fires: caseList, silent: caseList, missing: caseList },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
});

const isBundle = new Ajv({ allErrors: true }).compile<Bundle>({
  type: 'object',
  required: ['resourceType'],
  properties: {
    resourceType: { const: 'Bundle' },
    entry: {
      type: 'array',
      items: {
        type: 'object',
        required: ['resource'],
        properties: {
          fullUrl: { type: 'string' },
          resource: {
            type: 'object',
            required: ['resourceType', 'id'],
            properties: { resourceType: { type: 'string' }, id: { type: 'string' } },
          },
        },
      },
    },
  },
});

/** Every scenario, in the order of the file; then the patients of the card cases, who have no calls of their own. */
export function loadScenarios(folder: string = FIXTURES_FOLDER): readonly Scenario[] {
  const told = loadFixture(join(folder, 'scenarios.yaml'), isScenarios, parse);
  const others = loadCases(folder).flatMap(({ patients = [] }) => patients);
  return [...told, ...others.map((patient) => ({ ...patient, calls: [] }))];
}

/** Every file of card cases, by its name. */
export function loadCases(folder: string = FIXTURES_FOLDER): readonly CaseFile[] {
  const cases = join(folder, 'cases');
  if (!existsSync(cases)) return [];
  return readdirSync(cases)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => loadFixture(join(cases, file), isCaseFile, parse));
}

/** The chart of one synthetic patient. */
export function loadPatient(patientId: string, folder: string = FIXTURES_FOLDER): PatientStore {
  return patientStore(patientId, loadFixture(join(folder, 'patients', `${patientId}.json`), isBundle, JSON.parse));
}

/** The draft orders of that name, written for this patient. */
export function loadDraft(name: string, patientId: string, folder: string = FIXTURES_FOLDER): Bundle {
  const forPatient = (text: string): unknown => JSON.parse(text.replaceAll('{patientId}', patientId));
  return loadFixture(join(folder, 'drafts', `${name}.json`), isBundle, forPatient);
}

/** The names of all draft orders there are. */
export function draftNames(folder: string = FIXTURES_FOLDER): readonly string[] {
  return readdirSync(join(folder, 'drafts'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();
}

/**
 * What a file holds.
 *
 * @throws {FixtureError} that names the file, if it cannot be read or is not as expected.
 */
export function loadFixture<T>(file: string, isValid: ValidateFunction<T>, parseText: (text: string) => unknown): T {
  const value = readWith(file, parseText);
  if (isValid(value)) return value;
  const problems = (isValid.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || '/'} ${message ?? ''} ${JSON.stringify(params)}`,
  );
  throw new FixtureError(`${file} is not as expected:\n  ${problems.join('\n  ')}`);
}

function readWith(file: string, parseText: (text: string) => unknown): unknown {
  try {
    return parseText(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new FixtureError(`${file} cannot be read: ${String(cause)}`, { cause });
  }
}
