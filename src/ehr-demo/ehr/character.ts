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
  readonly sendsPrefetch: boolean;
  /** `secured`: with a short-lived token in `fhirAuthorization`; `open`: the base that asks for none. */
  readonly fhirServer: 'secured' | 'open';
  readonly userType: 'Practitioner' | 'PractitionerRole';
  readonly sendsFeedback: boolean;
}
