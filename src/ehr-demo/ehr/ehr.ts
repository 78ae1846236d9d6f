import { cardActions } from './card-actions.ts';
import { characterOf } from './character.ts';
import { charting } from './charting.ts';
import type { Ehr, EhrOptions } from './operations.ts';
import { orderEntry } from './order-entry.ts';
import { loadOrderables, loadProblems } from './orderables.ts';
import { createWorkstation, startAnew } from './workstation.ts';

export { draftsIn } from './drafts.ts';
export type { Ehr, EhrOptions } from './operations.ts';

/**
 * An EHR for synthetic patients, as far as a CDS client needs one.
 *
 * @throws {FixtureError} if what can be ordered or added is not as expected.
 */
export function createEhr(options: EhrOptions): Ehr {
  const station = createWorkstation(options);
  const { memory } = station;

  return {
    ...charting(station, loadProblems()),
    ...orderEntry(station, loadOrderables()),
    ...cardActions(station),

    session: (id) => memory.open(id),

    become(id, character) {
      const next = characterOf(character);
      if (next === undefined) return memory.show(id, { notice: 'There is no such EHR to be like.' });
      return startAnew(memory, id, { character: next, notice: `Now ${next.name}.` });
    },

    enter: (id, patientId) => startAnew(memory, id, { patientId, notice: '' }),

    async reset(id) {
      await options.records.reset();
      return startAnew(memory, id, { notice: 'Everything is as it was at the start.' });
    },
  };
}
