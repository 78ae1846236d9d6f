import { coverage } from '../../chart/fact.ts';
import { gapInWords, gapOf } from '../parts/gap.ts';
import type { Situation } from '../situation.ts';
import { identityOf } from './identity.ts';
import { Source } from './value.tsx';

/** The patient's name, age and sex: shown as soon as the Patient was read, whatever else is still coming. */
export function HeaderIdentity({ readings, pending, now }: Pick<Situation, 'readings' | 'pending' | 'now'>) {
  const identity = identityOf(readings, now);
  if (identity === undefined) {
    const gap = gapInWords(gapOf(coverage(readings, ['patient']), pending));
    return (
      <div class="header-identity">
        <h1>Name not known</h1>
        <p class="quiet">{gap === '' ? 'The answer holds no patient record.' : gap}</p>
      </div>
    );
  }
  const { name, born, age, sex, died, evidence } = identity;
  return (
    <div class="header-identity">
      <h1>{name ?? 'Name not recorded'}</h1>
      <ul class="header-facts">
        {died !== undefined && <li class="header-died">Recorded as deceased: {died}</li>}
        <li>
          {age ?? 'age not recorded'}
          {died !== undefined && age !== undefined && ' at death'}
        </li>
        <li>{born === undefined ? 'birth date not recorded' : `born ${born}`}</li>
        <li>{sex === undefined ? 'sex not recorded' : `${sex} (administrative)`}</li>
        <li>
          <Source words="patient record" evidence={evidence} />
        </li>
      </ul>
    </div>
  );
}
