import type {
  InsightsFigures,
  ResponseTime,
  ShowingFigures,
  TallyFigures,
} from '../../../src/feedback/insights/figures.ts';
import type { InsightsQuery } from '../../../src/feedback/insights/insights.ts';
import type { InsightsWords } from '../../../src/feedback/insights/report.ts';
import type { Measure } from '../../../src/feedback/tally.ts';

/** Two weeks of November 2026; the first is cut. */
export const QUERY: InsightsQuery = { from: '2026-11-10', to: '2026-11-22', client: undefined, service: undefined };

/** Words for one card and one reason. */
export const WORDS: InsightsWords = {
  titleOf: (cardId) => (cardId === 'baseline-brain-mri' ? 'Baseline brain MRI at staging' : undefined),
  displayOf: (_system, code) => (code === 'patient-declined' ? 'Patient declined' : undefined),
  ownReasonOf: (cardId, system, code) =>
    cardId === 'baseline-brain-mri' && system === 'urn:hl7' && code === 'PATOBJ'
      ? { system: 'urn:x', code: 'patient-declined' }
      : undefined,
};

/** An empty store, unless more is said. */
export function figures(members: Partial<InsightsFigures> = {}): InsightsFigures {
  return {
    showings: [],
    tallies: [],
    reasons: [],
    responseTimes: [],
    recordBegins: undefined,
    firstDays: [],
    ofUnknownCards: 0,
    comments: [],
    ...members,
  };
}

/** Showings of the MRI card that nobody answered, all with a suggestion, unless more is said. */
export function showings(members: Partial<ShowingFigures> = {}): ShowingFigures {
  const counts = { showings: 1, accepted: 0, overridden: 0, ...members };
  return {
    period: '2026-11-16',
    cardId: 'baseline-brain-mri',
    version: '1.0.0',
    state: 'shown',
    client: 'General Hospital',
    service: 'asps-patient-view',
    withSuggestion: { showings: counts.showings, accepted: counts.accepted, overridden: counts.overridden },
    ...counts,
  };
}

export function tally(measure: Measure, subject: string, members: Partial<TallyFigures> = {}): TallyFigures {
  return {
    measure,
    subject,
    client: measure === 'fhir' ? undefined : 'General Hospital',
    service: measure === 'fhir' ? '' : 'asps-patient-view',
    count: 1,
    ...members,
  };
}

/** Of showings that offered none. */
export const NO_SUGGESTION = { showings: 0, accepted: 0, overridden: 0 } as const;

export function responseTime(seconds: number): ResponseTime {
  return { cardId: 'baseline-brain-mri', version: '1.0.0', seconds };
}
