import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { Evidence } from '../../chart/fact.ts';
import { kindInWords } from '../../guideline/wording.ts';
import { OpenRecordContext, Records } from '../parts/records.tsx';
import { dateInWords, type HeaderValue } from './item.ts';

/** A value that opens the record behind it; where there are several, the others a click further. */
export function Value({ value: { words, note, evidence } }: { readonly value: HeaderValue }) {
  return (
    <>
      <Source words={words} evidence={evidence} />
      {note !== undefined && <span class="header-note"> {withWholeDates(note)}</span>}
      {evidence.length > 1 && (
        <details class="header-records">
          <summary>{evidence.length} records</summary>
          <Records evidence={evidence} most={evidence.length} />
        </details>
      )}
    </>
  );
}

const DATE = /(\d{4}-\d{2}-\d{2})/;

/** A date that is broken over two lines is misread. */
function withWholeDates(note: string): ComponentChildren {
  // What the pattern captured stands at the odd places.
  return note.split(DATE).map((part, at) => (at % 2 === 0 ? part : <span class="header-date">{part}</span>));
}

interface SourceProps {
  readonly words: string;
  readonly evidence: readonly Evidence[];
}

/** The words as a button to the first of the records; as text, where none of them can be opened. */
export function Source({ words, evidence }: SourceProps) {
  const open = useContext(OpenRecordContext);
  const [first] = evidence;
  const reference = first?.reference;
  if (first === undefined || reference === undefined || open === undefined)
    return <span class="header-words">{words}</span>;
  return (
    <button type="button" class="record header-words" onClick={() => open(reference)}>
      <span class="record-text">{words}</span>
      <span class="heard">
        {' '}
        – opens {kindInWords(first.kind)}, {dateInWords(first.date)}
      </span>
    </button>
  );
}
