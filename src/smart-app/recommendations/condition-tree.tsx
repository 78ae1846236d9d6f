import type { ResourceKey } from '../../chart/reading.ts';
import type { Judged } from '../../guideline/assess-condition.ts';
import { Answer } from '../parts/answer.tsx';
import { TruthMark } from '../parts/truth-mark.tsx';

interface ConditionTreeProps {
  readonly condition: Judged;
  readonly pending: ReadonlySet<ResourceKey>;
}

/** A condition as a list of its parts, each met, not met or unknown; groups within it are lists of their own. */
export function ConditionTree({ condition, pending }: ConditionTreeProps) {
  const parts = condition.kind === 'all' ? condition.parts : [condition];
  return (
    <ul class="recommendations-criteria">
      {parts.map((part, at) => (
        <Part key={at} part={part} pending={pending} />
      ))}
    </ul>
  );
}

/** Of an answer that is not known, where the condition is settled by that. */
const THOUGH_UNKNOWN = { yes: 'met (unknown)', no: 'not met (unknown)', unknown: 'unknown' };

function Part({ part, pending }: { readonly part: Judged; readonly pending: ReadonlySet<ResourceKey> }) {
  if (part.kind === 'criterion') {
    const needed = part.needed.join(' or ');
    return (
      <li class="recommendations-criterion">
        <TruthMark truth={part.truth} {...(part.fact.state === 'unknown' && { words: THOUGH_UNKNOWN })} />
        <div>
          {needed !== 'yes' && <div>Asked for is the answer “{needed}”:</div>}
          <Answer answered={part} pending={pending} />
        </div>
      </li>
    );
  }
  return (
    <li class="recommendations-criterion">
      <TruthMark truth={part.truth} />
      <div>
        {part.kind === 'all' ? 'All of these:' : 'At least one of these:'}
        <ul class="recommendations-criteria">
          {part.parts.map((one, at) => (
            <Part key={at} part={one} pending={pending} />
          ))}
        </ul>
      </div>
    </li>
  );
}
