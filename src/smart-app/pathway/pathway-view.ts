import type { Card } from '../../guideline/guideline.ts';
import { type Pathway, pathwayOf } from '../../guideline/pathway.ts';
import { PATHWAY_STEPS } from '../../guideline/pathway-steps.ts';
import { assessed } from '../assessed.ts';
import type { Situation } from '../situation.ts';
import { ELSEWHERE } from './words.ts';

export interface PathwayView {
  readonly pathway: Pathway;
  /** Where the chart stands, in a sentence. */
  readonly position: string;
  /** Of the cards that steps and sentences name, those that the guideline has, by id. */
  readonly cards: ReadonlyMap<string, Card>;
  /** Whose order of steps it is, and what weight it bears. */
  readonly source: string | undefined;
}

const POSITION_CARD = 'pathway-position';

export function pathwayView(situation: Situation): PathwayView {
  const { guideline, chart } = situation;
  const { answers, assessments } = assessed(situation);
  const pathway = pathwayOf(chart, answers);
  const cards = new Map([...guideline.cards, ...guideline.off].map((card) => [card.file.id, card]));
  const card = cards.get(POSITION_CARD);
  const texts = assessments.find((one) => one.card === card)?.texts;
  const [source] = card?.sources ?? [];
  return {
    pathway,
    position: texts?.summary ?? inOwnWords(pathway),
    cards,
    source: source && card && `${source.label}; evidence: ${card.file.evidenceLevel}`,
  };
}

/** Where the pathway is not for the chart, or the site does not show the card that says where it stands. */
function inOwnWords(pathway: Pathway): string {
  if (pathway.kind !== 'metastatic') return ELSEWHERE[pathway.kind].says;
  const here = PATHWAY_STEPS.find(({ number }) => number === pathway.here);
  if (here === undefined) return 'Step undecided: the history of treatment is not certain here.';
  return `This chart stands at step ${here.number}: ${here.title}.`;
}
