import type { ClientProfile, ProfileId } from '../../../src/cds-hooks/profile.ts';
import { response10Schema } from './cds-hooks-1.0-response.ts';
import { responseSchema } from './cds-hooks-response.ts';
import { problemsAgainst } from './problems.ts';
import { definitions } from './strict.ts';

const EPIC_ORDER = 'urn:com.epic.cdshooks.action.code.system.preference-list-item';
const EPIC_ORDER_SET = 'urn:com.epic.cdshooks.action.code.system.orderset-item';
const ourOrders = { type: 'string', pattern: '^(?:MedicationRequest|ServiceRequest)/' };

/** A resource of this type that has a code of one of these systems. */
function codedBy(resourceType: string, member: string, systems: readonly string[]): object {
  const coding = { type: 'array', contains: needing({ system: { enum: systems } }) };
  return needing({ resourceType: { const: resourceType }, [member]: needing({ coding }) });
}

const epicCreate = {
  type: { const: 'create' },
  resource: {
    anyOf: [
      codedBy('MedicationRequest', 'medicationCodeableConcept', [EPIC_ORDER]),
      codedBy('ServiceRequest', 'code', [EPIC_ORDER, EPIC_ORDER_SET]),
    ],
  },
};
const epicRemoval = { type: { const: 'delete' }, resourceId: ourOrders, resource: ourOrders };
const ticked = { resource: codedBy('ServiceRequest', 'code', [EPIC_ORDER]), type: { const: 'create' } };
const ordersDrug = needing({
  actions: {
    type: 'array',
    contains: needing({ resource: needing({ resourceType: { const: 'MedicationRequest' } }) }),
  },
});

/** Epic: one action each, removals and mapped orders alone, one drug at most, and no tick but on a single service. */
const epicSuggestions = {
  ...each({
    ...needing({
      actions: { type: 'array', maxItems: 1, items: { anyOf: [having(epicCreate), having(epicRemoval)] } },
    }),
    anyOf: [{ not: needing({ isRecommended: { const: true } }) }, needing({ actions: each(needing(ticked)) })],
  }),
  contains: ordersDrug,
  minContains: 0,
  maxContains: 1,
};

/** What vendors allow of the schema of their version. */
const NARROWED: Readonly<Record<ProfileId, object>> = {
  default: cardsHaving({ selectionBehavior: { const: 'at-most-one' } }),
  'cds-hooks-1.0': {},
  epic: cardsHaving({
    source: having({ topic: having({ code: { type: 'string', pattern: '^[A-Za-z0-9]{1,100}$' } }) }),
    selectionBehavior: { const: 'any' },
    suggestions: epicSuggestions,
  }),
  'oracle-health': cardsHaving({
    indicator: { enum: ['info', 'warning'] },
    links: each(having({ appContext: false })),
  }),
  sandbox: cardsHaving({
    selectionBehavior: { const: 'at-most-one' },
    links: each(having({ type: { const: 'absolute' } })),
  }),
};

function cardsHaving(properties: object): object {
  return having({ cards: each(having(properties)) });
}

function having(properties: object): object {
  return { type: 'object', properties };
}

function needing(properties: object): object {
  return { ...having(properties), required: Object.keys(properties) };
}

function each(items: object): object {
  return { type: 'array', items };
}

/** Compiles what an answer to a client of this profile has to be into a function that lists what is wrong with one. */
export function profileProblems(profile: ClientProfile): (answer: unknown) => readonly string[] {
  const { id, cdsHooks, supports, deleteShape } = profile;
  const schemaOf = cdsHooks === '1.0' ? response10Schema : responseSchema;
  const ofVersion = schemaOf(supports, deleteShape);
  return problemsAgainst({ allOf: [ofVersion, NARROWED[id]], $defs: definitions });
}
