/** What an access token is good for. */
export interface Access {
  /** SMART on FHIR scopes as granted, FHIR ones in their v2 form, such as `patient/Condition.rs`. */
  readonly scopes: readonly string[];
  /** The id of the patient in context: `patient/` scopes reach this one alone. */
  readonly patient: string | undefined;
  /** Whose token it is: the OAuth client. */
  readonly client: string;
}

/** Says what a bearer token is good for; undefined: it is unknown, expired or revoked. */
export type JudgeToken = (token: string) => Promise<Access | undefined>;
