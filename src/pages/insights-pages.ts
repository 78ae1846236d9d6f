import express from 'express';
import helmet from 'helmet';
import { FeedbackStoreError } from '../feedback/feedback-store.ts';
import { csvOf } from '../feedback/insights/csv.ts';
import type { InsightsQuery, InsightsReport } from '../feedback/insights/insights.ts';
import { insightsTables, isTableId } from '../feedback/insights/tables.ts';
import { type AdminAccessOptions, adminAccess, formField, type Refusal } from '../http/admin-access.ts';
import { type AskedInsights, queryString, readInsightsQuery } from './insights-query.ts';
import { InsightsBusyError, keptReports } from './insights-reports.ts';
import { insightsView } from './insights-view.ts';
import { INSIGHTS_STYLESHEET, type Page, renderPage } from './render.ts';

export interface InsightsPagesOptions extends AdminAccessOptions {
  /** @throws {FeedbackStoreError} if the store cannot be read. */
  readonly read: (query: InsightsQuery) => Promise<InsightsReport>;
  /** May everybody call the service? Then, without a token, whoever is on this machine may see the insights. */
  readonly isOpen: boolean;
  /** Milliseconds for which a report is kept for whoever asks for it again; ten seconds, but for tests. */
  readonly keptMs?: number;
}

const RETRY_SECONDS = '5';
/** Characters of a name of a client or service in the name of a file. */
const LONGEST_PART = 40;

const REFUSALS: Readonly<Record<Refusal, string>> = {
  'signed-out': '',
  'wrong-token': 'That is not the token.',
  'too-many': 'There were too many wrong tokens. Please wait a minute.',
  elsewhere:
    'Without ADMIN_TOKEN the insights are for whoever is on the machine that the service runs on, by the address localhost and through no proxy that says so.',
  'other-site': 'A page of another site has sent this. Please open the insights by themselves.',
};

/**
 * What became of the cards, for those who answer for the guideline: a page, and each of its tables as CSV. Undefined if nobody may
 * see them: real clients are on record, and no token is set.
 */
export function insightsPages(options: InsightsPagesOptions): express.Router | undefined {
  const { adminToken, isOpen, now, read, keptMs } = options;
  if (adminToken === undefined && !isOpen) return undefined;
  const reports = keptReports(read, keptMs);
  const today = () => now().toISOString().slice(0, 10);
  const asked = (request: express.Request) => readInsightsQuery(parametersOf(request), today());
  const access = adminAccess(options, (response, refusal, status) => {
    const form = { message: REFUSALS[refusal], search: searchOf(response.req, today()) };
    const isForm = ['signed-out', 'wrong-token', 'too-many'].includes(refusal);
    show(response.status(status), isForm ? 'insights-sign-in' : 'insights-message', {
      title: isForm ? 'Sign in to the insights' : 'Not for this caller',
      ...form,
      problems: [],
    });
  });

  const pages = express.Router({ caseSensitive: true });
  pages.use('/insights', insightsHeaders());
  pages.use('/insights', (request, response, next) => {
    if (isSentForByOtherSite(request)) {
      const message = REFUSALS['other-site'];
      show(response.status(403), 'insights-message', { title: 'Not for this caller', message, problems: [] });
    } else next();
  });
  pages.get('/insights/insights.css', (_request, response) => {
    response.type('css').send(INSIGHTS_STYLESHEET);
  });
  pages.post('/insights/sign-in', ...access.signIn, (request, response) => {
    response.redirect(303, ownAddress(formField(request, 'search'), today()));
  });
  pages.post('/insights/sign-out', ...access.signOut, (_request, response) => {
    response.redirect(303, '/insights');
  });
  // Whoever reloads the page of a form that was refused.
  pages.get(['/insights/sign-in', '/insights/sign-out'], (_request, response) => {
    response.redirect(303, '/insights');
  });

  pages.get('/insights', access.guard, async (request, response) => {
    const question = asked(request);
    await answer(response, question, async (report, days) => {
      const view = await insightsView(report, { days, today: today(), canSignOut: access.isSignedIn(request) });
      show(response, 'insights', view);
    });
  });
  pages.get('/insights/:table.csv', access.guard, async (request, response, next) => {
    if (!isTableId(String(request.params['table']))) {
      next();
      return;
    }
    await answer(response, asked(request), (report) => {
      const table = insightsTables(report).find(({ id }) => id === request.params['table']);
      if (table === undefined) {
        next();
        return;
      }
      response.attachment(csvFileName(table.id, report.query)).type('csv').send(csvOf(table));
    });
  });
  return pages;

  /** With what was asked for, or with why there is none. */
  async function answer(
    response: express.Response,
    question: AskedInsights,
    then: (report: InsightsReport, days: number) => void | Promise<void>,
  ): Promise<void> {
    if ('problems' in question) {
      const { problems } = question;
      show(response.status(400), 'insights-message', {
        title: 'These insights cannot be shown',
        message: '',
        problems,
      });
      return;
    }
    let report: InsightsReport;
    try {
      report = await reports(question.query);
    } catch (error) {
      if (error instanceof InsightsBusyError) {
        response.status(503).setHeader('Retry-After', RETRY_SECONDS);
        show(response, 'insights-message', {
          title: 'The insights cannot be read now',
          message: 'Several others are being read at this moment. Please try again in a few seconds.',
          problems: [],
        });
        return;
      }
      if (!(error instanceof FeedbackStoreError)) throw error;
      response.status(503).setHeader('Retry-After', RETRY_SECONDS);
      show(response, 'insights-message', {
        title: 'The insights cannot be read now',
        message:
          'The database of feedback does not answer, or cannot be read. Cards are shown to clinicians all the same. Please try again in a moment; if it goes on, tell whoever runs the service.',
        problems: [],
      });
      return;
    }
    await then(report, question.days);
  }
}

/** With what it was filtered by, in characters that every file system takes: `insights-cards-2026-11-10-2026-11-22-General-Hospital.csv`. */
function csvFileName(table: string, { from, to, client, service }: InsightsQuery): string {
  const safe = (name: string, otherwise: string) =>
    name
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, LONGEST_PART) || otherwise;
  const filters = [
    ...(client === undefined ? [] : [safe(client, 'one-client')]),
    ...(service === undefined ? [] : [safe(service, 'one-service')]),
  ];
  return `${['insights', table, from, to, ...filters].join('-')}.csv`;
}

function show(response: express.Response, page: Page, content: object): void {
  response.type('html').send(renderPage(page, content));
}

/** No script, no frame, nothing from elsewhere, and kept nowhere. */
function insightsHeaders(): express.RequestHandler {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // With `no-referrer`, browsers name no origin either, and a form of this page could not be told from another's.
    referrerPolicy: { policy: 'same-origin' },
    // Whoever terminates TLS sets it; over plain http it has no meaning.
    strictTransportSecurity: false,
  });
  return (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    protect(request, response, next);
  };
}

/**
 * A script or an image of another site's page, as the browser says (Fetch Metadata): it would see nothing, and have reports read all
 * the same. Whoever follows a link from there comes in.
 */
function isSentForByOtherSite({ headers, method }: express.Request): boolean {
  return method === 'GET' && headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
}

function parametersOf({ originalUrl }: express.Request): URLSearchParams {
  const at = originalUrl.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : originalUrl.slice(at + 1));
}

/** What was asked for before the token was: by the address, or by the form that came back. */
function searchOf(request: express.Request, today: string): string {
  const given = request.method === 'POST' ? formField(request, 'search') : parametersOf(request).toString();
  const question = readInsightsQuery(new URLSearchParams(given), today);
  return 'problems' in question || given === '' ? '' : given;
}

/** Back to the insights, whatever the form says: what it asks for is read and written anew. */
function ownAddress(search: string, today: string): string {
  const question = readInsightsQuery(new URLSearchParams(search), today);
  return search === '' || 'problems' in question ? '/insights' : `/insights?${queryString(question.query)}`;
}
