import { useMemo } from 'preact/hooks';
import type { Assessment } from '../../guideline/assess.ts';
import { partsInWords } from '../../guideline/wording.ts';
import { Panel } from '../parts/panel.tsx';
import type { Situation } from '../situation.ts';
import type { EvidenceUrl } from './card-body.tsx';
import { CardItem } from './card-item.tsx';
import { NOW } from './now.ts';
import { type RecommendationsView, recommendationsView } from './recommendations-view.ts';

interface RecommendationsProps {
  readonly situation: Situation;
  /** Where the evidence of a card stands, by its id; without it, there is no link to it. */
  readonly evidenceUrl?: EvidenceUrl;
}

/** Every card of the guideline: those that apply, and of the others why they do not. */
export function Recommendations(props: RecommendationsProps) {
  return (
    <Panel id="recommendations" title="Recommendations">
      <Content {...props} />
    </Panel>
  );
}

/** Within the panel, so that what goes wrong here is said by it. */
function Content({ situation, evidenceUrl }: RecommendationsProps) {
  const view = useMemo(() => recommendationsView(situation), [situation]);
  const { pending } = situation;
  const item = (assessment: Assessment) => (
    <li key={assessment.card.file.id}>
      <CardItem
        assessment={assessment}
        pending={pending}
        evidenceUrl={evidenceUrl}
        reason={view.reasonOf(assessment)}
      />
    </li>
  );
  return (
    <>
      <Standing view={view} situation={situation} />
      {view.opened !== undefined && (
        <div class="recommendations-opened">
          <h3>Opened from this card – {NOW[view.opened.outcome]}</h3>
          <CardItem
            assessment={view.opened}
            pending={pending}
            evidenceUrl={evidenceUrl}
            reason={view.reasonOf(view.opened)}
            isOpen
          />
        </div>
      )}
      {view.groups.map(({ title, assessments }) => (
        <div key={title}>
          <h3>{title}</h3>
          <ul class="recommendations-list">{assessments.map(item)}</ul>
        </div>
      ))}
      {view.undecided.length > 0 && (
        <div>
          <h3>Undecided ({view.undecided.length})</h3>
          <p class="quiet small">What is open decides whether the card applies.</p>
          <ul class="recommendations-list">{view.undecided.map(item)}</ul>
        </div>
      )}
      <Folded title="With an order" assessments={view.withOrder} item={item} />
      <Folded title="Do not apply" assessments={view.notMet} item={item} />
      <Folded title="Switched off or tried out here" assessments={view.notShown} item={item} />
    </>
  );
}

/** How many apply, and what may change that. */
function Standing({ view, situation }: { readonly view: RecommendationsView; readonly situation: Situation }) {
  const { applying, undecided } = view.counts;
  const { pending, chart } = situation;
  return (
    <>
      {chart.deceased ? (
        <p>The chart records that the patient has died: no card applies.</p>
      ) : (
        <p>
          {applying === 0 ? 'No card applies' : applying === 1 ? '1 card applies' : `${applying} cards apply`};{' '}
          {undecided} undecided.
        </p>
      )}
      {pending.size > 0 && (
        <p class="quiet" role="status">
          Still reading {partsInWords([...pending])}: this list may change.
        </p>
      )}
    </>
  );
}

interface FoldedProps {
  readonly title: string;
  readonly assessments: readonly Assessment[];
  readonly item: (assessment: Assessment) => preact.JSX.Element;
}

function Folded({ title, assessments, item }: FoldedProps) {
  if (assessments.length === 0) return null;
  return (
    <details class="recommendations-folded">
      <summary>
        {title} ({assessments.length})
      </summary>
      <ul class="recommendations-list">{assessments.map(item)}</ul>
    </details>
  );
}
