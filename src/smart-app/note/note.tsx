import { useMemo, useRef, useState } from 'preact/hooks';
import { partsInWords } from '../../guideline/wording.ts';
import { Panel } from '../parts/panel.tsx';
import type { Situation } from '../situation.ts';
import { type CopyOutcome, copyTextOf } from './copy.ts';
import { noteOf } from './note-text.ts';

const SAID: Readonly<Record<CopyOutcome, string>> = {
  copied: 'Copied.',
  selected: 'The EHR does not let this app copy. The note is selected: press Ctrl+C, or ⌘C on a Mac.',
};

/** A short summary to paste into the record. */
export function Note({ situation }: { readonly situation: Situation }) {
  return (
    <Panel id="note" title="Note for the record">
      <Text situation={situation} />
    </Panel>
  );
}

function Text({ situation }: { readonly situation: Situation }) {
  const text = useMemo(() => noteOf(situation), [situation]);
  const shown = useRef<HTMLPreElement>(null);
  /** What was copied, and how it went; of an older text it says nothing. */
  const [copied, setCopied] = useState<{ readonly text: string; readonly outcome: CopyOutcome }>();
  const { pending } = situation;
  const copy = async () => {
    if (shown.current !== null) setCopied({ text, outcome: await copyTextOf(shown.current) });
  };
  return (
    <>
      <p class="no-print note-bar">
        <button type="button" onClick={() => void copy()}>
          {pending.size === 0 ? 'Copy the note' : 'Copy the note as it is so far'}
        </button>{' '}
        <span role="status">{copied?.text === text ? SAID[copied.outcome] : ''}</span>
      </p>
      {pending.size > 0 && <p class="small">Still reading: {partsInWords([...pending])}.</p>}
      {/* Focusable, so that the keyboard can select it. */}
      <pre class="note-text" ref={shown} tabIndex={0} role="region" aria-label="Text of the note">
        {text}
      </pre>
    </>
  );
}
