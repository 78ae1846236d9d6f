import type { LaunchContext } from '../authorization-server/launch-context.ts';
import type { CallSigner } from '../call-signer.ts';
import type { CharacterId } from './character.ts';
import type { Records } from './records.ts';
import type { WatchedTraffic } from './service-exchange.ts';
import type { Session } from './session.ts';

export interface EhrOptions {
  /** Of the CDS service: where calls go, and what stands in `aud`. */
  readonly publicUrl: string;
  readonly fhirBaseUrl: string;
  readonly openFhirBaseUrl: string;
  readonly records: Records;
  readonly signer: (character: CharacterId) => CallSigner;
  /** An access token for the FHIR server at `fhirBaseUrl`, good for so many seconds. */
  readonly issueToken: (access: {
    readonly scopes: readonly string[];
    readonly patient: string;
    readonly client: string;
    readonly seconds: number;
  }) => Promise<string>;
  /** The value of `launch` by which the authorization server will know this context again. */
  readonly launch: (context: LaunchContext) => string;
  /** Collects FHIR exchanges from now until `stop()`: those with this token, or, without one, all at the open base. */
  readonly watchTraffic: (token: string | undefined) => WatchedTraffic;
  readonly now?: () => Date;
  /** How long the service may take to answer, in milliseconds. */
  readonly patienceMs?: number;
}

/**
 * What can be done at the demo EHR, each by one browser in its session, whose new state is the answer. What cannot be done
 * changes nothing, and the session's notice says why; a service that fails never stops the EHR. What is being done already is not
 * done once more by a second click.
 */
export interface Ehr {
  /** A new one for an id that is not known. */
  session(id: string | undefined): Session;
  /** Behaves like another EHR from now on. The cards of the former one go. */
  become(id: string, character: string): Session;
  /** The page of a chart is shown: no cards yet. */
  enter(id: string, patientId: string): Session;
  /** Fires patient-view; its cards take the place of all others of the chart. */
  openChart(id: string, patientId: string): Promise<Session>;
  /** Creates the draft orders of an orderable, and fires order-select with all drafts there are. */
  pickOrder(id: string, patientId: string, orderable: string): Promise<Session>;
  /** @param reference of an unsigned order, as `Type/id`. */
  removeDraft(id: string, patientId: string, reference: string): Promise<Session>;
  /**
   * Fires order-sign. A warning or critical card holds the orders; `anyway` signs those that were held, without asking again.
   * Without advice they are signed, and the notice says so. Once they are signed, what was said of them is gone, and cards of
   * the chart from before are outdated.
   */
  sign(id: string, patientId: string, options: { readonly anyway: boolean }): Promise<Session>;
  /** Keeps the problem, then fires problem-list-item-create. Cards of the chart from before are outdated. */
  addProblem(id: string, patientId: string, problem: string): Promise<Session>;
  /** Carries out all actions of these suggestions, or none; then sends feedback. Of an outdated card none. */
  accept(id: string, cardKey: string, suggestions: readonly number[]): Promise<Session>;
  /** Takes the card off the screen and sends feedback. */
  dismiss(id: string, cardKey: string, why: Dismissal): Promise<Session>;
  /** The launch URL of a SMART link (SMART App Launch 2.2, "EHR launch"); undefined: there is no such link. */
  launchLink(id: string, cardKey: string, link: number): Promise<string | undefined>;
  /** Everything on file as it was at the start, for all sessions. */
  reset(id: string): Promise<Session>;
}

/** Why a card was dismissed; nothing has to be said. */
export interface Dismissal {
  /** The code of one of the card's reasons, or its place among them. */
  readonly reason?: string | undefined;
  /** In the clinician's own words. */
  readonly comment?: string | undefined;
}
