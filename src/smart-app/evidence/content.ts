import type { Source } from '../../guideline/card.ts';
import type { Outcomes } from '../../guideline/figure.ts';
import type { Catalogue } from '../../guideline/statements.ts';

/** What the evidence panel shows: the same for every patient. */
export interface EvidenceContent {
  readonly outcomes: Outcomes;
  readonly sources: readonly Source[];
  readonly catalogue: Pick<Catalogue, 'statements' | 'evidence' | 'conflicts'>;
}
