import { newProblem } from './new-problem.ts';
import { adviceInWords, sentence } from './notices.ts';
import type { Ehr } from './operations.ts';
import type { ListedProblem } from './orderables.ts';
import { chartChanged, type Workstation } from './workstation.ts';

/** Opening a chart, and adding to its problem list. */
export function charting(
  station: Workstation,
  problems: readonly ListedProblem[],
): Pick<Ehr, 'openChart' | 'addProblem'> {
  const { memory, options, now } = station;

  return {
    async openChart(id, patientId) {
      const patient = await station.chart(id, patientId);
      if (patient === undefined) return memory.get(id).session;
      const advice = await station.ask(id, { hook: 'patient-view', patient });
      return advice === undefined ? memory.get(id).session : station.tell(id, patientId, adviceInWords(advice));
    },

    addProblem: (id, patientId, problem) =>
      station.once(id, ['addProblem', patientId, problem], async () => {
        if ((await station.chart(id, patientId)) === undefined) return memory.get(id).session;
        const listed = problems.find((one) => one.id === problem);
        if (listed === undefined) return station.tell(id, patientId, 'There is no such problem to add.');

        const resource = newProblem(listed, patientId, now());
        const added = await options.records.change([{ kind: 'create', resource }]);
        if (added.kind === 'refused') {
          return station.tell(id, patientId, `Not added: ${listed.label}. ${sentence(added.because)}`);
        }
        const patient = await options.records.chartOf(patientId);
        if (patient === undefined || memory.get(id).session.patientId !== patientId) return memory.get(id).session;
        chartChanged(memory, id);
        const advice = await station.ask(id, {
          hook: 'problem-list-item-create',
          patient,
          problems: added.resources,
        });
        const said = advice === undefined ? [] : [adviceInWords(advice)];
        return station.tell(id, patientId, [`Added: ${listed.label}.`, ...said].join(' '));
      }),
  };
}
