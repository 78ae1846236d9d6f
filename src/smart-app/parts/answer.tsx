import type { ResourceKey } from '../../chart/reading.ts';
import type { Answered } from '../../guideline/wording.ts';
import { answerInWords } from './answer-words.ts';
import { Records } from './records.tsx';

interface AnswerProps {
  readonly answered: Answered;
  readonly pending: ReadonlySet<ResourceKey>;
}

/** A question of the guideline, its answer, and the records that it rests on. */
export function Answer({ answered, pending }: AnswerProps) {
  const { criterion, fact } = answered;
  return (
    <div class="answer">
      <div class="answer-question">{criterion.question}</div>
      <div class="answer-words">
        {criterion.asksDrafts === true ? 'asked when an order is written' : answerInWords(answered, pending)}
        {fact.evidence.length > 0 && ' – on file:'}
      </div>
      <Records evidence={fact.evidence} />
    </div>
  );
}
