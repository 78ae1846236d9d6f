import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { AuthorizationServer } from '../authorization-server/authorization-server.ts';
import { isWebAddress } from '../ehr/answered-cards.ts';
import { CHARACTERS } from '../ehr/character.ts';
import type { Ehr } from '../ehr/ehr.ts';
import { loadOrderables, loadProblems } from '../ehr/orderables.ts';
import type { Records } from '../ehr/records.ts';
import { ASSETS, ASSETS_VERSION } from './assets.ts';
import { callView } from './call-view.ts';
import { chartActions, hasCard } from './chart-actions.ts';
import { chartPages } from './chart-pages.ts';
import { choosePatientPage } from './choose-patient.ts';
import { protectPages } from './page-headers.ts';
import { type PatientStory, patientLists } from './patient-list-view.ts';
import { isFromHere } from './same-site.ts';
import { type Visit, visitOf } from './visit.ts';

export interface DemoPagesOptions {
  readonly ehr: Ehr;
  readonly records: Records;
  /** Whom the patient list shows, in this order. */
  readonly patients: readonly PatientStory[];
  /** Where the browser goes on to, once somebody has chosen a patient for an app's request. */
  readonly answerChoice: AuthorizationServer['answerChoice'];
  readonly publicUrl: string;
  readonly fhirBaseUrl: string;
  readonly openFhirBaseUrl: string;
  /** For ages. */
  readonly now?: () => Date;
  /** Hears what was thrown where nothing should be: whoever is at the page only learns that something went wrong. */
  readonly onFault?: (thrown: unknown) => void;
}

/** A form of these pages is a few hundred bytes, with a long comment a few thousand. */
const FORMS = { extended: false, limit: '16kb', parameterLimit: 50 };

/** The pages of the demo EHR: the patient list, the charts and what can be done there. */
export function demoPages({
  onFault,
  ehr,
  records,
  patients,
  answerChoice,
  now = () => new Date(),
  ...addresses
}: DemoPagesOptions): express.Router {
  const charts = chartPages({ ehr, records, orderables: loadOrderables(), problems: loadProblems(), now });
  const visited = (answer: (visit: Visit, request: Request) => Promise<void> | void): RequestHandler => {
    return (request, response) => answer(visitOf(request, response, ehr), request);
  };

  const pages = express.Router();
  pages.use(protectPages(addresses.publicUrl));
  pages.get(`/assets/${ASSETS_VERSION}/:name`, sendAsset);
  pages.post(
    '/{*path}',
    visitedOr(isFromHere, (visit) =>
      visit.refuse(
        403,
        'Not from this page',
        'Another site’s page has sent this. The demo takes forms of its own alone.',
      ),
    ),
    express.urlencoded(FORMS),
  );

  pages.get(
    '/',
    visited(async (visit) => {
      const lists = await patientLists(patients, records, now());
      visit.show('patients', { title: 'Patients', ...addresses, ...lists });
    }),
  );
  pages.get(
    '/patients/:patient',
    visited((visit, request) => charts.open(visit, request.query['answered'] !== undefined)),
  );
  for (const [path, action] of Object.entries(chartActions(ehr))) {
    pages.post(
      `/patients/:patient/${path}`,
      visited((visit) => charts.act(visit, action)),
    );
  }
  pages.post('/patients/:patient/cards/:card/launch', visited(launch));
  const choosing = choosePatientPage(async () => patientLists(patients, records, now()), answerChoice);
  pages.get(
    '/choose-patient',
    visited((visit, request) => choosing.ask(visit, new URL(request.url, addresses.publicUrl).search)),
  );
  pages.post('/choose-patient', visited(choosing.answer));
  pages.get(
    '/calls/:call',
    visited((visit) => {
      const call = visit.session.exchanges.find(({ id }) => id === visit.param('call'));
      if (call === undefined)
        return visit.refuse(404, 'No such call', 'The demo keeps the latest calls of each browser.');
      return visit.show(visit.wantsPart ? 'call' : 'call-page', { title: `Call: ${call.about}`, call: callView(call) });
    }),
  );
  pages.post('/character', visited(become));
  pages.post(
    '/reset',
    visited(async (visit) => {
      await ehr.reset(visit.session.id);
      visit.goTo(visit.base === '' ? '/' : visit.base);
    }),
  );
  pages.use(visited((visit) => visit.refuse(404, 'Not found', 'There is nothing at this address.')));
  pages.use(answerFault);
  return pages;

  function visitedOr(
    isAllowed: (headers: Request['headers']) => boolean,
    refuse: (visit: Visit) => void,
  ): RequestHandler {
    return (request, response, next) => {
      if (isAllowed(request.headers)) next();
      else refuse(visitOf(request, response, ehr));
    };
  }

  function become(visit: Visit): void {
    const chosen = CHARACTERS.find(({ id }) => id === visit.field('character'));
    if (chosen === undefined) return visit.refuse(400, 'No such EHR', 'The demo cannot behave like that one.');
    ehr.become(visit.session.id, chosen.id);
    const patient = visit.field('patient') ?? '';
    if (patient !== '') return visit.goTo(`${visit.base}/patients/${encodeURIComponent(patient)}`);
    return visit.goTo(visit.base === '' ? '/' : visit.base);
  }

  async function launch(visit: Visit): Promise<void> {
    const [key, link] = [visit.param('card'), Number(visit.field('link'))];
    const canLaunch = hasCard(visit, visit.param('patient'), key) && Number.isInteger(link);
    const url = canLaunch ? await ehr.launchLink(visit.session.id, key, link) : undefined;
    if (url !== undefined && isWebAddress(url)) return visit.goTo(url);
    return visit.refuse(
      404,
      'No such app',
      'The card with this link is no longer on the screen. Go back to the chart.',
    );
  }

  /** An address or a form that cannot be read is told from a fault of the demo's; neither shows what is inside. */
  function answerFault(thrown: unknown, request: Request, response: Response, next: NextFunction): void {
    if (response.headersSent) return next(thrown);
    const status = thrown instanceof Error && 'status' in thrown ? thrown.status : undefined;
    const visit = visitOf(request, response, ehr);
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return visit.refuse(status, 'Not understood', 'The demo could not read what was sent.');
    }
    onFault?.(thrown);
    return visit.refuse(
      500,
      'Something went wrong',
      'The demo EHR could not do this. Go back to the patient list, or reset it.',
    );
  }
}

function sendAsset(request: Request, response: Response, next: () => void): void {
  const { name } = request.params;
  const asset = typeof name === 'string' ? ASSETS.get(name) : undefined;
  if (asset === undefined) return next();
  // Asked for again with each page, they would keep it waiting.
  response.set('Cache-Control', 'max-age=31536000, immutable').type(asset.type).send(asset.text);
  return undefined;
}
