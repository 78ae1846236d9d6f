import type { ComponentChildren } from 'preact';
import { partsInWords } from '../guideline/wording.ts';
import { fetchEvidence } from './chart/content.ts';
import { Evidence } from './evidence/evidence.tsx';
import { Header } from './header/header.tsx';
import { PrintLine } from './header/print-line.tsx';
import { Missing } from './missing/missing.tsx';
import { Note } from './note/note.tsx';
import { Lazy } from './parts/lazy.tsx';
import { Boundary, Panel } from './parts/panel.tsx';
import { Pathway } from './pathway/pathway.tsx';
import { OpenedFrom } from './recommendations/opened-from.tsx';
import { Recommendations } from './recommendations/recommendations.tsx';
import type { Situation } from './situation.ts';
import { Timeline } from './timeline/timeline.tsx';

const PANELS = [
  ['pathway', 'Pathway'],
  ['recommendations', 'Recommendations'],
  ['missing', 'Not in the chart'],
  ['timeline', 'Timeline'],
  ['note', 'Note for the record'],
  ['evidence', 'Evidence'],
] as const;

interface ClinicianViewProps {
  readonly situation: Situation;
  /** Has enough been read, or waited for, that it can be said what applies? */
  readonly isSettled: boolean;
  /** The page that explains a card. */
  readonly evidenceUrl: (cardId: string) => string;
}

/** Where the patient stands, on one screen. */
export function ClinicianView({ situation, isSettled, evidenceUrl }: ClinicianViewProps) {
  return (
    <>
      <Boundary title="Patient">
        <Header situation={situation} />
      </Boundary>
      {isSettled && (
        <Boundary title="Opened from">
          <OpenedFrom situation={situation} />
        </Boundary>
      )}
      <nav class="contents no-print" aria-label="Parts of this page">
        <ul>
          {PANELS.map(([id, title]) => (
            <li key={id}>
              <a href={`#${id}-title`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <main class="views">
        <div class="wide">
          <When isSettled={isSettled} situation={situation} id="pathway" title="Pathway">
            <Pathway situation={situation} />
          </When>
        </div>
        <When isSettled={isSettled} situation={situation} id="recommendations" title="Recommendations">
          <Recommendations situation={situation} evidenceUrl={evidenceUrl} />
        </When>
        <When isSettled={isSettled} situation={situation} id="missing" title="Not in the chart">
          <Missing situation={situation} />
        </When>
        <div class="wide">
          <Timeline situation={situation} />
        </div>
        <div class="wide">
          <Note situation={situation} />
        </div>
        <div class="wide">
          <When isSettled={isSettled} situation={situation} id="evidence" title="Evidence">
            <EvidencePanel />
          </When>
        </div>
      </main>
      <Boundary title="Patient">
        <PrintLine situation={situation} />
      </Boundary>
    </>
  );
}

export function EvidencePanel() {
  return (
    <Lazy name="The evidence" load={fetchEvidence} id="evidence" title="Evidence">
      {(content) => <Evidence content={content} />}
    </Lazy>
  );
}

interface WhenProps {
  readonly isSettled: boolean;
  readonly situation: Situation;
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** What applies is not said of a chart of which next to nothing has been read: it would be taken back a moment later. */
function When({ isSettled, situation: { pending }, id, title, children }: WhenProps) {
  if (isSettled) return <>{children}</>;
  return (
    <Panel id={id} title={title}>
      <p class="quiet" role="status">
        Still reading: {partsInWords([...pending])}.
      </p>
    </Panel>
  );
}
