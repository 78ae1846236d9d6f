import type { Card } from '../../guideline/guideline.ts';
import type { PathwayStep } from '../../guideline/pathway.ts';
import type { StepDefinition } from '../../guideline/pathway-steps.ts';
import type { Answered } from '../../guideline/wording.ts';
import { Answer } from '../parts/answer.tsx';
import type { Situation } from '../situation.ts';
import { CardLinks } from './card-links.tsx';
import { positionInWords, reasonInShort, SHAPES } from './words.ts';

interface StepProps {
  readonly step: PathwayStep;
  readonly cards: ReadonlyMap<string, Card>;
  readonly pending: Situation['pending'];
}

/** One step: where the chart stands on it and why in a few words, and behind them the facts. */
export function Step({ step, cards, pending }: StepProps) {
  const { definition, position, isHere } = step;
  return (
    <li
      class={`pathway-step is-step-${definition.number} is-${position}${isHere ? ' is-here' : ''}`}
      aria-current={isHere ? 'step' : undefined}
    >
      <details>
        <summary>
          <StepName definition={definition} />
          <span class="pathway-standing">
            <span class="mark">
              <span class="mark-shape" aria-hidden="true">
                {SHAPES[position]}
              </span>
              {positionInWords(step)}
            </span>
            {isHere && <span class="pathway-here">{position === 'next' ? 'Supported by this chart' : 'Here'}</span>}
          </span>
          <span class="pathway-reason">{reasonInShort(step)}</span>
        </summary>
        <div class="pathway-details">
          <Answers title="What decided it" answered={step.decidedBy} pending={pending} />
          <Answers title="What is open" answered={step.undecided} pending={pending} />
          <h3>For a clinician to judge</h3>
          <ul>
            {definition.judgement.map((question) => (
              <li key={question}>{question}</li>
            ))}
          </ul>
          <CardLinks title="Cards of this step" ids={definition.cards} cards={cards} />
        </div>
      </details>
    </li>
  );
}

export function StepName({ definition: { number, title, beside } }: { readonly definition: StepDefinition }) {
  return (
    <span class="pathway-name">
      <span class="pathway-number">{number}</span> {title}
      {beside !== undefined && <span class="pathway-beside"> ({beside})</span>}
    </span>
  );
}

interface AnswersProps {
  readonly title: string;
  readonly answered: readonly Answered[];
  readonly pending: Situation['pending'];
}

/** Answers under a heading. Nothing where there are none. */
export function Answers({ title, answered, pending }: AnswersProps) {
  if (answered.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="pathway-answers">
        {answered.map((one) => (
          <li key={one.criterion.id}>
            <Answer answered={one} pending={pending} />
          </li>
        ))}
      </ul>
    </>
  );
}
