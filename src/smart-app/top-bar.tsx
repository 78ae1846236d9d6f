import type { Session } from './session/session.ts';

export type View = 'clinician' | 'family';

interface TopBarProps {
  readonly session: Session;
  readonly view: View;
  readonly onView: (view: View) => void;
  /** Undefined where nothing has been read, or can be any more. */
  readonly onReadAgain: (() => void) | undefined;
  readonly onEnd: () => void;
}

const VIEWS: readonly (readonly [View, string])[] = [
  ['clinician', 'For clinicians'],
  ['family', 'For patients and families'],
];

/** What app this is, which of its two views is shown, and how to end it. */
export function TopBar({ session, view, onView, onReadAgain, onEnd }: TopBarProps) {
  return (
    <header class="top-bar no-print">
      <p class="top-name">ASPS guideline app</p>
      <div class="top-views" role="group" aria-label="View">
        {VIEWS.map(([name, words]) => (
          <button key={name} type="button" aria-pressed={view === name} onClick={() => onView(name)}>
            {words}
          </button>
        ))}
      </div>
      <div class="top-acts">
        <Access session={session} />
        {onReadAgain !== undefined && (
          <button type="button" onClick={onReadAgain}>
            Read again
          </button>
        )}
        <button type="button" onClick={() => print()}>
          Print
        </button>
        <button type="button" onClick={onEnd}>
          End
        </button>
      </div>
    </header>
  );
}

/** What the EHR has granted, and until when. */
function Access({ session: { access, expiresAt } }: Pick<TopBarProps, 'session'>) {
  const until = expiresAt?.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return (
    <details class="top-access">
      <summary>Access{until === undefined ? '' : ` until ${until}`}</summary>
      <div class="top-access-list">
        {access.length === 0 ? <p>The EHR has not said what this app may do.</p> : <p>This app may</p>}
        <ul>
          {access.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <p>All of it is read by this browser, from the EHR alone. Nothing of it is sent to the service or kept.</p>
      </div>
    </details>
  );
}
