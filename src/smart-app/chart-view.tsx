import { reasonInWords } from '../guideline/wording.ts';
import type { SiteGuideline } from './chart/content.ts';
import type { ChartState } from './chart/open-chart.ts';
import { ClinicianView, EvidencePanel } from './clinician-view.tsx';
import { HeaderIdentity } from './header/header-identity.tsx';
import type { Fetched } from './parts/lazy.tsx';
import { Boundary, Panel } from './parts/panel.tsx';
import { answerInWords } from './parts/server-answer.ts';
import { RecordDialogHost } from './record-dialog.tsx';
import type { ServerAnswer } from './situation.ts';
import type { ReadingChart } from './use-chart.ts';

interface ChartViewProps {
  readonly chart: ReadingChart;
  readonly site: Fetched<SiteGuideline> | undefined;
}

/** The chart for clinicians: all of it for a patient with ASPS, and for every other one why there is no more to show. */
export function ChartView({ chart: { progress, state, isSettled, now }, site }: ChartViewProps) {
  if (progress === undefined)
    return (
      <main class="alone">
        {site !== undefined && 'failed' in site ? null : <p role="status">Reading the chart…</p>}
      </main>
    );
  const name = site !== undefined && 'content' in site ? site.content.site : undefined;
  return (
    <RecordDialogHost readings={progress.readings}>
      {state.kind === 'asps' ? (
        <ClinicianView
          situation={state.situation}
          isSettled={isSettled}
          evidenceUrl={(cardId) => evidenceUrl(cardId, name)}
        />
      ) : (
        <>
          <section class="header" aria-label="Patient">
            <Boundary title="Patient">
              <HeaderIdentity readings={progress.readings} pending={progress.pending} now={now} />
            </Boundary>
          </section>
          <main class="views">
            <div class="wide">
              <Panel id="standing" title="ASPS in this chart">
                <Standing state={state} />
              </Panel>
            </div>
            <div class="wide">
              <EvidencePanel />
            </div>
          </main>
        </>
      )}
    </RecordDialogHost>
  );
}

/** Why there is nothing to say of ASPS. */
function Standing({ state }: { readonly state: Exclude<ChartState, { readonly kind: 'asps' }> }) {
  switch (state.kind) {
    case 'reading':
      return <p role="status">The problem list is still being read.</p>;
    case 'conditions-unread':
      return (
        <p class="failure" role="alert">
          The problem list could not be read ({reasonInWords(state.reading.reason)}){said(state.answer)}, so that it is
          not known whether this is ASPS. Nothing is said of this chart.
          {state.reading.reason === 'refused' && ' Whoever set the app up in the EHR can let it read the problem list.'}
        </p>
      );
    case 'failed':
      return (
        <p class="failure" role="alert">
          What was read of this chart could not be assessed. Nothing is said of it.
        </p>
      );
    case 'no-asps':
      return state.isWhole ? (
        <p>
          No record of alveolar soft part sarcoma in the {state.conditions} problems and diagnoses of this chart, so
          that no card of this guideline applies to it.
        </p>
      ) : (
        <p class="failure" role="alert">
          No record of alveolar soft part sarcoma in the {state.conditions} problems and diagnoses that could be read.
          There are more that could not{said(state.answer)}: whether it is ASPS is not known.
        </p>
      );
    default:
      return state satisfies never;
  }
}

function said(answer: ServerAnswer | undefined): string {
  return answer === undefined ? '' : `; ${answerInWords(answer)}`;
}

/** The page that explains a card, in the guideline of this site; relative, since the service may stand below a path. */
function evidenceUrl(cardId: string, site: string | undefined): string {
  const query = site === undefined ? '' : `?${new URLSearchParams({ site })}`;
  return `../evidence/${encodeURIComponent(cardId)}${query}`;
}
