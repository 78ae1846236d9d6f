import type { AuthorizationServer } from '../authorization-server/authorization-server.ts';
import { grantedScopes } from '../authorization-server/granted-scopes.ts';
import { CLINICIAN_ID } from '../hook-request.ts';
import type { ListedPatient } from './patient-list-view.ts';
import type { Visit } from './visit.ts';

interface PatientLists {
  readonly startHere: readonly ListedPatient[];
  readonly others: readonly ListedPatient[];
}

interface ChoosePatientPage {
  /** @param search of the address: the app's request */
  readonly ask: (visit: Visit, search: string) => Promise<void>;
  readonly answer: (visit: Visit) => Promise<void>;
}

/**
 * The page of a standalone launch (SMART App Launch 2.2): who signs in, which patient the app is opened for, and whether it is to
 * read the chart at all. Nobody has a password here.
 * @param lists those who can be chosen
 * @param answerChoice where the browser goes on to with the app's request
 */
export function choosePatientPage(
  lists: () => Promise<PatientLists>,
  answerChoice: AuthorizationServer['answerChoice'],
): ChoosePatientPage {
  const show = async (visit: Visit, request: string, problem: string): Promise<void> => {
    const scopes = grantedScopes(new URLSearchParams(request).get('scope') ?? '');
    const content = { title: 'Open an app', request, scopes, problem, ...(await lists()) };
    visit.show('choose-patient', content, problem === '' ? 200 : 400);
  };
  return {
    ask: (visit, search) => show(visit, search.slice(1), ''),
    answer: async (visit) => {
      const request = visit.field('request') ?? '';
      if (visit.field('decision') !== 'share') return visit.goTo(answerChoice(request, 'denied'));
      const { startHere, others } = await lists();
      const chosen = [...startHere, ...others].find(({ id }) => id === visit.field('patient'));
      if (chosen === undefined) return show(visit, request, 'Choose the patient whose chart the app may read.');
      const user = visit.field('as') === 'patient' ? `Patient/${chosen.id}` : `Practitioner/${CLINICIAN_ID}`;
      return visit.goTo(answerChoice(request, { patient: chosen.id, user }));
    },
  };
}
