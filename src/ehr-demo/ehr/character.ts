export type CharacterId = 'spec-complete' | 'epic-like' | 'oracle-like' | 'minimal';

/** What an EHR is like as a CDS client: which hooks it fires, what it sends along, and what it does with a card. */
export interface Character {
  readonly id: CharacterId;
  readonly name: string;
  /** One or two sentences for whoever chooses. */
  readonly about: string;
  /** As which profile it is registered at the service. */
  readonly profile: 'default' | 'epic' | 'oracle-health' | 'cds-hooks-1.0';
  readonly hooks: ReadonlySet<string>;
  /** Does it ask the service what it offers? Else whoever sets it up copies ids and prefetch templates by hand. */
  readonly readsDiscovery: boolean;
  readonly sendsPrefetch: boolean;
  /** `secured`: with a short-lived token in `fhirAuthorization`; `open`: the base that asks for none. */
  readonly fhirServer: 'secured' | 'open';
  readonly userType: 'Practitioner' | 'PractitionerRole';
  readonly sendsFeedback: boolean;
  /** The members of `extension` in a call on this hook (CDS Hooks 2.0, "Extensions"). */
  readonly extension?: (hook: string) => Readonly<Record<string, string>>;
}

const ALL_HOOKS: ReadonlySet<string> = new Set([
  'patient-view',
  'order-select',
  'order-sign',
  'problem-list-item-create',
]);

/** The native triggers behind the hooks: enter order, sign orders, open patient chart (Epic, CDS Hooks tutorial). */
const EPIC_TRIGGERS: ReadonlyMap<string, string> = new Map([
  ['order-select', '18'],
  ['order-sign', '23'],
  ['patient-view', '60'],
]);

/** The EHRs that the demo can behave like. What is said of the vendors' is cited in docs/integrators. */
export const CHARACTERS: readonly [Character, ...Character[]] = [
  {
    id: 'spec-complete',
    name: 'Spec-complete',
    about:
      'Does all that CDS Hooks 2.0 describes: four hooks, prefetch of the patient and the conditions, a token with which the service reads the rest, every kind of suggestion, and feedback.',
    profile: 'default',
    hooks: ALL_HOOKS,
    readsDiscovery: true,
    sendsPrefetch: true,
    fhirServer: 'secured',
    userType: 'Practitioner',
    sendsFeedback: true,
  },
  {
    id: 'epic-like',
    name: 'Epic-like',
    about:
      'Three hooks. What a card recommends is ticked beforehand, each suggestion does one thing, and a new order comes only from a preference list, which has them all here; nothing with a dose for this patient comes.',
    profile: 'epic',
    hooks: new Set(EPIC_TRIGGERS.keys()),
    readsDiscovery: false,
    sendsPrefetch: true,
    fhirServer: 'secured',
    userType: 'PractitionerRole',
    sendsFeedback: true,
    extension: (hook) => ({
      'com.epic.cdshooks.request.bpa-trigger-action': EPIC_TRIGGERS.get(hook) ?? '',
      'com.epic.cdshooks.request.cds-hooks-specification-version': '1.1',
      'com.epic.cdshooks.request.fhir-version': 'R4',
      'com.epic.cdshooks.request.criteria-id': '1',
    }),
  },
  {
    id: 'oracle-like',
    name: 'Oracle-like',
    about:
      'Asks when a chart is opened, and never about an order. Cards stand in a narrow sidebar, at most as a warning, in brief; no feedback is sent.',
    profile: 'oracle-health',
    hooks: new Set(['patient-view']),
    readsDiscovery: false,
    sendsPrefetch: true,
    fhirServer: 'secured',
    userType: 'Practitioner',
    sendsFeedback: false,
  },
  {
    id: 'minimal',
    name: 'Minimal',
    about:
      'CDS Hooks 1.0 with neither prefetch nor token: the service reads the chart from a FHIR server that is open to all. No feedback.',
    profile: 'cds-hooks-1.0',
    hooks: ALL_HOOKS,
    readsDiscovery: true,
    sendsPrefetch: false,
    fhirServer: 'open',
    userType: 'Practitioner',
    sendsFeedback: false,
  },
];

export function characterOf(id: string): Character | undefined {
  return CHARACTERS.find((character) => character.id === id);
}
