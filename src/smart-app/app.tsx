import { useCallback, useEffect, useState } from 'preact/hooks';
import { EndedView } from './ended-view.tsx';
import { PatientView } from './patient-view.tsx';
import { type Failure, SENTENCES } from './session/failures.ts';
import { endSession, onLeaving, type Session } from './session/session.ts';

type Stage =
  | { readonly kind: 'opening' }
  | { readonly kind: 'closed'; readonly failure: Failure }
  | { readonly kind: 'open'; readonly session: Session };

/** The page that a launch leads to: shows the chart for as long as the page stands, or why there is none. */
export function App({ opening }: { readonly opening: Promise<Session | Failure> }) {
  const [stage, setStage] = useState<Stage>({ kind: 'opening' });
  const session = stage.kind === 'open' ? stage.session : undefined;
  /** Nothing of the chart is shown from here on, and the token is gone. */
  const close = useCallback(
    (failure: Failure) => {
      if (session !== undefined) endSession(session.client);
      setStage({ kind: 'closed', failure });
    },
    [session],
  );

  useEffect(() => {
    void opening.then((opened) =>
      setStage(typeof opened === 'string' ? { kind: 'closed', failure: opened } : { kind: 'open', session: opened }),
    );
  }, [opening]);
  useEffect(
    () =>
      session === undefined
        ? undefined
        : onLeaving(session.client, () => setStage({ kind: 'closed', failure: 'ended' })),
    [session],
  );

  switch (stage.kind) {
    case 'opening':
      return (
        <main class="alone">
          <h1>ASPS guideline app</h1>
          <p role="status">Opening the chart…</p>
        </main>
      );
    case 'closed':
      return <EndedView sentence={SENTENCES[stage.failure]} />;
    case 'open':
      return <PatientView session={stage.session} onFailure={close} onEnd={() => close('ended')} />;
    default:
      return stage satisfies never;
  }
}
