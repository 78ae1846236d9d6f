import express from 'express';
import type { InsightsQuery, InsightsReport } from '../../src/feedback/insights/insights.ts';
import { reportOf } from '../../src/feedback/insights/report.ts';
import { type InsightsPagesOptions, insightsPages } from '../../src/pages/insights-pages.ts';
import { guidelinePages } from '../../src/pages/pages.ts';
import { figures, showings, tally, WORDS } from '../feedback/insights/insights-fixtures.ts';
import { type Served, serve } from '../support/http.ts';
import { guideline } from '../support/service.ts';

export const TOKEN = 'made-up-token-0123456789-abcdef';
export const NOW = new Date('2026-11-22T12:00:00Z');
/** What a name could be if nobody looked after it. */
export const HOSTILE = '<img src=x onerror=alert(1)>"\'&=1+1';

/** A report with something of everything. */
export function madeUpReport(query: InsightsQuery): InsightsReport {
  const ofMri = { cardId: 'baseline-brain-mri' };
  return reportOf(
    query,
    figures({
      showings: [
        showings({ showings: 60, accepted: 4, overridden: 40 }),
        showings({
          period: '2026-11-09',
          showings: 10,
          accepted: 6,
          version: '0.9.0',
        }),
        showings({ cardId: 'chest-ct', showings: 3, service: 'asps-order-sign', client: undefined }),
        showings({ cardId: 'pathway-position', state: 'shadow', showings: 5 }),
        showings({ cardId: HOSTILE, version: HOSTILE, client: HOSTILE, showings: 2, overridden: 1 }),
      ],
      reasons: [
        {
          ...ofMri,
          system: undefined,
          code: 'patient-declined',
          showings: 12,
        },
      ],
      tallies: [
        tally('judged', 'baseline-brain-mri@1.0.0', { count: 90 }),
        tally('judged-in-shadow', 'pathway-position@1.0.0', { count: 50 }),
        tally('call', '200', { count: 500 }),
        tally('duration', '0.05', { count: 500 }),
        tally('answered', 'asps', { count: 90 }),
        tally('fhir', 'timeout', { count: 3 }),
        tally('unread', 'imagingStudies', { count: 9 }),
      ],
      comments: [{ cardId: 'baseline-brain-mri', at: '2026-11-20T10:00:00Z', comment: HOSTILE }],
      ofUnknownCards: 2,
      recordBegins: '2026-11-10',
      firstDays: [
        { ...ofMri, version: '0.9.0', day: '2026-11-10' },
        { ...ofMri, version: '1.0.0', day: '2026-11-17' },
      ],
    }),
    WORDS,
    NOW,
  );
}

/** The pages of the insights, and those of the guideline beside them. */
export async function serveInsights(options: Partial<InsightsPagesOptions> = {}): Promise<Served> {
  const app = express();
  const pages = insightsPages({
    adminToken: undefined,
    isOpen: true,
    publicUrl: () => 'http://localhost',
    now: () => NOW,
    read: async (query) => madeUpReport(query),
    keptMs: 1,
    ...options,
  });
  if (pages !== undefined) app.use(pages);
  app.use(
    guidelinePages(
      () => guideline,
      () => 'http://localhost',
      { hasInsights: pages !== undefined },
    ),
  );
  return serve(app);
}
