import { useMemo } from 'preact/hooks';
import { PATHWAY_STEPS } from '../../guideline/pathway-steps.ts';
import { Panel } from '../parts/panel.tsx';
import type { Situation } from '../situation.ts';
import { CardLinks } from './card-links.tsx';
import { pathwayView } from './pathway-view.ts';
import { Answers, Step, StepName } from './step.tsx';
import { ELSEWHERE } from './words.ts';

/** The five steps of metastatic ASPS, and where the chart places the patient. */
export function Pathway({ situation }: { readonly situation: Situation }) {
  return (
    <Panel id="pathway" title="Pathway">
      <Content situation={situation} />
    </Panel>
  );
}

/** Within the panel, so that what goes wrong here is said by it. */
function Content({ situation }: { readonly situation: Situation }) {
  const { pathway, position, cards, source } = useMemo(() => pathwayView(situation), [situation]);
  const { pending } = situation;
  return (
    <>
      <p class="pathway-position">{position}</p>
      {pending.size > 0 && <p class="quiet small">The chart is still being read: this may change.</p>}
      {pathway.kind === 'metastatic' ? (
        <ol class="pathway-steps">
          {pathway.steps.map((step) => (
            <Step key={step.definition.number} step={step} cards={cards} pending={pending} />
          ))}
        </ol>
      ) : (
        <>
          {'decidedBy' in pathway && <Answers title="What decided it" answered={pathway.decidedBy} pending={pending} />}
          {'undecided' in pathway && <Answers title="What is open" answered={pathway.undecided} pending={pending} />}
          <CardLinks title="Cards on it" ids={ELSEWHERE[pathway.kind].cards} cards={cards} />
          <h3>The steps of metastatic ASPS</h3>
          <ol class="pathway-outline">
            {PATHWAY_STEPS.map((definition) => (
              <li key={definition.number}>
                <StepName definition={definition} />
              </li>
            ))}
          </ol>
        </>
      )}
      {source !== undefined && <p class="quiet small">Order of the steps: {source}.</p>}
    </>
  );
}
