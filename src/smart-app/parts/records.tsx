import { createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { Evidence } from '../../chart/fact.ts';
import { plainText } from '../../guideline/escape.ts';
import { kindInWords } from '../../guideline/wording.ts';

/** Opens the resource of this reference, `Type/id`, as the server sent it. */
export type OpenRecord = (reference: string) => void;

export const OpenRecordContext = createContext<OpenRecord | undefined>(undefined);

interface RecordsProps {
  readonly evidence: readonly Evidence[];
  /** So many are named, the others behind a click. Default is 3. */
  readonly most?: number;
}

/** The records that decided something; each opens the resource behind it. Nothing where there are none. */
export function Records({ evidence, most = 3 }: RecordsProps) {
  if (evidence.length === 0) return null;
  const [named, others] = [evidence.slice(0, most), evidence.slice(most)];
  return (
    <>
      <RecordList evidence={named} />
      {others.length > 0 && <Others evidence={others} />}
    </>
  );
}

/** More are not read one by one, and a page of ten thousand buttons would keep everybody waiting. */
const MOST_OTHERS = 50;

/** Made when somebody opens them: a large chart has thousands. */
function Others({ evidence }: Pick<RecordsProps, 'evidence'>) {
  const [isOpen, setOpen] = useState(false);
  const left = evidence.length - MOST_OTHERS;
  return (
    <details class="more-records" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{evidence.length} more</summary>
      {isOpen && <RecordList evidence={evidence.slice(0, MOST_OTHERS)} />}
      {isOpen && left > 0 && <p class="quiet">and {left} more</p>}
    </details>
  );
}

function RecordList({ evidence }: Pick<RecordsProps, 'evidence'>) {
  return (
    <ul class="records">
      {evidence.map((one, at) => (
        <li key={`${one.reference ?? ''} ${at}`}>
          <RecordButton evidence={one} />
        </li>
      ))}
    </ul>
  );
}

/** One record by its own words, kind and date. One without an id cannot be opened, and is text. */
function RecordButton({ evidence: { reference, text, kind, date } }: { readonly evidence: Evidence }) {
  const open = useContext(OpenRecordContext);
  const when = date === undefined || date.text === '' ? 'undated' : date.text;
  const words = (
    <>
      <span class="record-text">{plainText(text)}</span>{' '}
      <span class="record-kind">
        {kindInWords(kind)}, {when}
      </span>
    </>
  );
  if (reference === undefined || open === undefined) return <span class="record">{words}</span>;
  return (
    <button type="button" class="record" onClick={() => open(reference)}>
      {words}
    </button>
  );
}
