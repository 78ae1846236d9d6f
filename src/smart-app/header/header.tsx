import type { Situation } from '../situation.ts';
import { HeaderIdentity } from './header-identity.tsx';
import type { HeaderItem } from './item.ts';
import { stripOf } from './strip.ts';
import { Value } from './value.tsx';

/** Who the patient is and where the chart places them; stays in view where there is room. */
export function Header({ situation }: { readonly situation: Situation }) {
  return (
    <section class="header" aria-label="Patient">
      <HeaderIdentity readings={situation.readings} pending={situation.pending} now={situation.now} />
      <dl class="header-items">
        {stripOf(situation).map((item) => (
          <Item key={item.term} item={item} />
        ))}
      </dl>
    </section>
  );
}

function Item({ item: { term, values } }: { readonly item: HeaderItem }) {
  return (
    <div class="header-item">
      <dt>{term}</dt>
      {values.map((value, at) => (
        <dd key={`${value.words} ${at}`} class={`header-value header-${value.standing}`}>
          <Value value={value} />
        </dd>
      ))}
    </div>
  );
}
