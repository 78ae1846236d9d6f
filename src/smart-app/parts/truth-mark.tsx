import type { Truth } from '../../chart/fact.ts';

const WORDS: Readonly<Record<Truth, string>> = { yes: 'met', no: 'not met', unknown: 'unknown' };
const SHAPES: Readonly<Record<Truth, string>> = { yes: '✓', no: '✕', unknown: '?' };

interface TruthMarkProps {
  readonly truth: Truth;
  /** In place of met, not met and unknown. */
  readonly words?: Readonly<Record<Truth, string>>;
}

/** An answer as a word and a shape; its colour only repeats it. */
export function TruthMark({ truth, words = WORDS }: TruthMarkProps) {
  return (
    <span class={`mark mark-${truth}`}>
      <span class="mark-shape" aria-hidden="true">
        {SHAPES[truth]}
      </span>
      {words[truth]}
    </span>
  );
}
