import type { ClientProfile, ProfileId } from '../../../src/cds-hooks/profile.ts';
import { response10Schema } from './cds-hooks-1.0-response.ts';
import { responseSchema } from './cds-hooks-response.ts';
import { problemsAgainst } from './problems.ts';
import { definitions } from './strict.ts';

const EPIC_RESOURCES = ['Condition', 'MedicationRequest', 'ServiceRequest'];

const epicAction = {
  anyOf: [
    having({ type: { const: 'create' }, resource: having({ resourceType: { enum: EPIC_RESOURCES } }) }),
    having({
      type: { const: 'delete' },
      resourceId: { type: 'string', pattern: `^(?:${EPIC_RESOURCES.join('|')})/` },
    }),
  ],
};

/** What vendors allow of the schema of their version. */
const NARROWED: Readonly<Record<ProfileId, object>> = {
  default: cardsHaving({ selectionBehavior: { const: 'at-most-one' } }),
  'cds-hooks-1.0': {},
  epic: cardsHaving({
    source: having({ topic: having({ code: { type: 'string', pattern: '^[A-Za-z0-9]{1,100}$' } }) }),
    selectionBehavior: { const: 'any' },
    suggestions: each({
      ...having({ actions: { type: 'array', maxItems: 1, items: epicAction } }),
      required: ['actions'],
    }),
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

function each(items: object): object {
  return { type: 'array', items };
}

/** Compiles what an answer to a client of this profile has to be into a function that lists what is wrong with one. */
export function profileProblems({ id, cdsHooks, supports }: ClientProfile): (answer: unknown) => readonly string[] {
  const ofVersion = cdsHooks === '1.0' ? response10Schema(supports) : responseSchema(supports);
  return problemsAgainst({ allOf: [ofVersion, NARROWED[id]], $defs: definitions });
}
