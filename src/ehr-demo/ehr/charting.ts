import { randomUUID } from 'node:crypto';
import { carryOut } from './changes.ts';
import { newProblem } from './new-problem.ts';
import { adviceInWords, sentence } from './notices.ts';
import type { Ehr } from './operations.ts';
import type { ListedProblem } from './orderables.ts';
import type { Workstation } from './workstation.ts';

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

    async addProblem(id, patientId, problem) {
      const patient = await station.chart(id, patientId);
      if (patient === undefined) return memory.get(id).session;
      const listed = problems.find((one) => one.id === problem);
      if (listed === undefined) return station.tell(id, patientId, 'There is no such problem to add.');

      const condition = newProblem(listed, patientId, now());
      // On file it gets another id: until then it exists in the EHR alone.
      const added = { ...condition, resourceType: 'Condition', id: randomUUID() };
      const advice = await station.ask(id, { hook: 'problem-list-item-create', patient, problems: [added] });
      const outcome = await carryOut(options.records, [{ kind: 'create', resource: condition }]);
      const done =
        outcome.kind === 'done'
          ? `Added: ${listed.label}.`
          : `Not added: ${listed.label}. ${sentence(outcome.because)}`;
      return station.tell(id, patientId, [done, ...(advice === undefined ? [] : [adviceInWords(advice)])].join(' '));
    },
  };
}
