import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fetchEducation, fetchGuideline, type SiteGuideline } from './chart/content.ts';
import { ChartView } from './chart-view.tsx';
import { Families } from './families/families.tsx';
import { type Fetched, Lazy } from './parts/lazy.tsx';
import { onExpiry } from './session/expiry.ts';
import { type Failure, SENTENCES } from './session/failures.ts';
import { endSession, type Session } from './session/session.ts';
import { TopBar, type View } from './top-bar.tsx';
import { useChart } from './use-chart.ts';

interface PatientViewProps {
  readonly session: Session;
  /** Nothing of the chart may be shown any more. */
  readonly onFailure: (failure: Failure) => void;
  readonly onEnd: () => void;
}

/** One launch: the chart for clinicians, or what is for everybody, as the reader or the launching user's type has it. */
export function PatientView({ session, onFailure, onEnd }: PatientViewProps) {
  const [view, setView] = useState<View>(session.audience);
  // A chart that nobody looks at is not read.
  const [isWanted, setWanted] = useState(view === 'clinician');
  const [isExpired, setExpired] = useState(false);
  const [site, retry] = useGuideline(session.iss);
  // A token that is not good any more is not kept; what was read before stands.
  const onExpired = useCallback(() => {
    endSession(session.client);
    setExpired(true);
  }, [session]);
  const onOtherPatient = useCallback(() => onFailure('other-patient'), [onFailure]);
  useEffect(() => onExpiry(session, onExpired), [session, onExpired]);
  const guideline = site !== undefined && 'content' in site ? site.content.guideline : undefined;
  const chart = useChart({ session, guideline: isWanted ? guideline : undefined, onOtherPatient, onExpired });

  // Each view is left where it was.
  const places = useRef<Partial<Record<View, number>>>({});
  const show = (chosen: View) => {
    places.current[view] = scrollY;
    setView(chosen);
    if (chosen === 'clinician') setWanted(true);
  };
  useLayoutEffect(() => scrollTo({ top: places.current[view] ?? 0, behavior: 'instant' }), [view]);
  return (
    <>
      <TopBar
        session={session}
        view={view}
        onView={show}
        onReadAgain={view === 'clinician' && !isExpired && chart.progress !== undefined ? chart.readAgain : undefined}
        onEnd={onEnd}
      />
      {isExpired && (
        <p class="failure banner" role="alert">
          {SENTENCES.expired} What was read before stands.
        </p>
      )}
      {site !== undefined && 'failed' in site && (
        <p class="failure banner" role="alert">
          The guideline could not be fetched from the service, so that nothing is said of this chart.{' '}
          <button type="button" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {isWanted && (
        <div hidden={view !== 'clinician'}>
          <ChartView chart={chart} site={site} />
        </div>
      )}
      {view === 'family' && (
        <main class="family-view">
          <Lazy name="The text for patients and families" load={fetchEducation}>
            {(education) => (
              <Families education={education} contacts={guideline?.content.contacts} sources={guideline?.sources} />
            )}
          </Lazy>
        </main>
      )}
    </>
  );
}

function useGuideline(iss: string): readonly [Fetched<SiteGuideline> | undefined, () => void] {
  const [site, setSite] = useState<Fetched<SiteGuideline>>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setSite(undefined);
    void fetchGuideline(iss).then(setSite);
  }, [iss, attempt]);
  return [site, () => setAttempt(attempt + 1)];
}
