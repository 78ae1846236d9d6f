import type { Action, Card } from './types.ts';

/** What a kind of client can be answered with. Requests do not carry a version, so that it is configured per client. */
export interface ClientProfile {
  readonly id: ProfileId;
  /** 1.0 has no `uuid`, topic or override reasons on cards, no `isRecommended`, and of discovery nothing of CH-10 to CH-12. */
  readonly cdsHooks: '1.0' | '2.0';
  /** The one value it takes for a card with suggestions (CH-102). */
  readonly selectionBehavior: 'at-most-one' | 'any';
  /** `one`: a suggestion may do one thing only. */
  readonly actionsPerSuggestion: 'many' | 'one';
  /** `preselects`: what is recommended is carried out unless somebody unticks it. */
  readonly recommending: 'points-out' | 'preselects';
  readonly actionTypes: ReadonlySet<Action['type']>;
  /** FHIR resource types that actions may create, change or delete. Default is all. */
  readonly actionResources?: ReadonlySet<string> | undefined;
  /**
   * It creates an order from its own records, and ignores the details that are sent: only an order of these resource
   * types with a code of one of these systems can be created there, and none with details for this patient, such as a computed dose.
   * Default: orders are created as they are sent.
   */
  readonly createsFromSystems?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Does it show suggestions without an action, which merely acknowledge (CH-111)? */
  readonly acknowledgements: boolean;
  /** Where a delete action names its resource: 2.0 has `resourceId`, 1.0 and 1.1 a string in `resource` (CH-119, CH-120). */
  readonly deleteShape: DeleteShape;
  readonly topicCode: 'card-id' | 'alphanumeric';
  /** A more urgent card is sent as this. */
  readonly indicatorCap: Card['indicator'];
  /** `brief`: the evidence stands on the card's page alone, unless it is one that can offer a drug. */
  readonly detail: 'full' | 'brief';
  readonly smartLinks: boolean;
  readonly appContext: boolean;
  /** What it is documented to know beyond its profile; nothing of it is sent to a client without it (CH-114). */
  readonly supports: ReadonlySet<ClientFeature>;
}

export const PROFILE_IDS = ['default', 'cds-hooks-1.0', 'epic', 'oracle-health', 'sandbox'] as const;
export type ProfileId = (typeof PROFILE_IDS)[number];

export const DELETE_SHAPES = ['resourceId', 'resource'] as const;
export type DeleteShape = (typeof DELETE_SHAPES)[number];

/** Parts of the specification that only some clients know; trial use in 3.0 but for `autolaunchable` (2.0.1). */
export const CLIENT_FEATURES = [
  'action-selection-behavior',
  'autolaunchable',
  'non-adherence-reason-codes',
  'prefetch-fhirpath',
] as const;
export type ClientFeature = (typeof CLIENT_FEATURES)[number];

/** Entries of preference lists, single orders each, and whole order sets (Epic, CDS Hooks tutorial). */
export const EPIC_PREFERENCE_LIST = 'urn:com.epic.cdshooks.action.code.system.preference-list-item';
export const EPIC_ORDER_SET = 'urn:com.epic.cdshooks.action.code.system.orderset-item';

const ALL_ACTIONS: ReadonlySet<Action['type']> = new Set(['create', 'update', 'delete']);

const DEFAULT: Omit<ClientProfile, 'id' | 'supports'> = {
  cdsHooks: '2.0',
  selectionBehavior: 'at-most-one',
  actionsPerSuggestion: 'many',
  recommending: 'points-out',
  actionTypes: ALL_ACTIONS,
  acknowledgements: true,
  deleteShape: 'resourceId',
  topicCode: 'card-id',
  indicatorCap: 'critical',
  detail: 'full',
  smartLinks: true,
  appContext: true,
};

const PROFILES: Readonly<Record<ProfileId, Omit<ClientProfile, 'id' | 'supports'>>> = {
  default: DEFAULT,
  'cds-hooks-1.0': { ...DEFAULT, cdsHooks: '1.0', deleteShape: 'resource' },
  epic: {
    ...DEFAULT,
    selectionBehavior: 'any',
    actionsPerSuggestion: 'one',
    recommending: 'preselects',
    actionTypes: new Set(['create', 'delete']),
    actionResources: new Set(['MedicationRequest', 'ServiceRequest']),
    createsFromSystems: new Map([
      ['MedicationRequest', [EPIC_PREFERENCE_LIST]],
      ['ServiceRequest', [EPIC_PREFERENCE_LIST, EPIC_ORDER_SET]],
    ]),
    acknowledgements: false,
    topicCode: 'alphanumeric',
  },
  'oracle-health': {
    ...DEFAULT,
    cdsHooks: '1.0',
    deleteShape: 'resource',
    indicatorCap: 'warning',
    detail: 'brief',
    appContext: false,
  },
  sandbox: { ...DEFAULT, smartLinks: false },
};

/** The profile with what this client is documented to know beyond it, and to want otherwise. */
export function clientProfile(
  id: ProfileId,
  supports: readonly ClientFeature[] = [],
  otherwise: { readonly deleteShape?: DeleteShape } = {},
): ClientProfile {
  return { id, ...PROFILES[id], ...otherwise, supports: new Set(supports) };
}
