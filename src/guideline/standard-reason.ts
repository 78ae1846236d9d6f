import type { OverrideReason } from './card.ts';
import type { RecommendedReason } from './recommendation.ts';

/** HL7's codes for why something was not done (CH-105). */
export const NON_ADHERENCE_REASONS = 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes';

/** HL7's code for a reason, as people read it. */
export function standardReason({
  code,
  display,
}: NonNullable<OverrideReason['hl7']>): NonNullable<RecommendedReason['standard']> {
  // The asterisk of a display is a footnote of the code system's page, and nothing for a clinician's screen.
  return { system: NON_ADHERENCE_REASONS, code, display: display.replace(/\*$/, '') };
}
