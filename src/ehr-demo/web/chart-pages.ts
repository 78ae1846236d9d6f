import type { Ehr } from '../ehr/ehr.ts';
import type { Choice } from '../ehr/orderables.ts';
import type { Records } from '../ehr/records.ts';
import { choiceGroups } from './order-view.ts';
import type { Visit } from './visit.ts';
import { workspaceView } from './workspace-view.ts';

/** What somebody did on a chart page; what it answers, if anything, stands in the status line instead of the EHR's words. */
export type ChartAction = (visit: Visit, patientId: string) => Promise<Complaint | undefined>;

/** Nothing was done, and why. */
export interface Complaint {
  readonly status: 400 | 404;
  readonly notice: string;
}

export interface ChartPagesOptions {
  readonly ehr: Ehr;
  readonly records: Records;
  readonly orderables: readonly Choice[];
  readonly problems: readonly Choice[];
  readonly now: () => Date;
}

/** The chart of one patient as a page, and what comes of an action on it. */
export interface ChartPages {
  open(visit: Visit, isAnswered: boolean): Promise<void>;
  act(visit: Visit, action: ChartAction): Promise<void>;
}

export function chartPages({ ehr, records, orderables, problems, now }: ChartPagesOptions): ChartPages {
  const catalogue = { orderables: choiceGroups(orderables), problems: choiceGroups(problems) };

  /** The session is read anew: while a call was out, other things may have happened in it. */
  async function contentOf(visit: Visit, isAsking: boolean, notice?: string): Promise<object | undefined> {
    const patientId = visit.param('patient');
    const chart = await records.chartOf(patientId);
    const patient = chart?.byReference(`Patient/${patientId}`);
    if (chart === undefined || patient === undefined) return undefined;
    const session = ehr.session(visit.session.id);
    const view = workspaceView({ session, chart, patient, today: now(), isAsking, notice });
    const address = `${visit.base}/patients/${encodeURIComponent(patientId)}`;
    return { title: view.patient.name, patientId, address, isAsking, ...catalogue, ...view };
  }

  function nobody(visit: Visit): void {
    visit.refuse(404, 'No such patient', 'There is no patient with this id in the demo EHR.');
  }

  return {
    open: async (visit, isAnswered) => {
      const patientId = visit.param('patient');
      if ((await records.chartOf(patientId)) === undefined) return nobody(visit);
      const keepsCards = isAnswered && visit.session.patientId === patientId;
      // What another chart left on the screen goes.
      if (!keepsCards) ehr.enter(visit.session.id, patientId);
      const content = await contentOf(visit, !keepsCards);
      return content === undefined ? nobody(visit) : visit.show('chart', content);
    },
    act: async (visit, action) => {
      const patientId = visit.param('patient');
      if ((await records.chartOf(patientId)) === undefined) return nobody(visit);
      const complaint = await action(visit, patientId);
      if (complaint === undefined && !visit.wantsPart) {
        return visit.goTo(`${visit.base}/patients/${encodeURIComponent(patientId)}?answered`);
      }
      const content = await contentOf(visit, false, complaint?.notice);
      if (content === undefined) return nobody(visit);
      return visit.show(visit.wantsPart ? 'workspace' : 'chart', content, complaint?.status ?? 200);
    },
  };
}
