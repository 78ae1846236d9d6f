/** In which context an EHR launches an app: what the token response tells it (SMART App Launch 2.2, "Launch context arrives with your access_token"). */
export interface LaunchContext {
  /** The patient's id. */
  readonly patient: string;
  readonly encounter?: string | undefined;
  /** Who is at work, as `Practitioner/id`, or who looks into their own chart, as `Patient/id`. */
  readonly user: string;
  /** Of the card's link, unchanged (CDS Hooks 2.0, "Link"). */
  readonly appContext?: string | undefined;
}
