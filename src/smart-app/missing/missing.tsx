import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { partsInWords } from '../../guideline/wording.ts';
import { assessed } from '../assessed.ts';
import { Panel } from '../parts/panel.tsx';
import { Records } from '../parts/records.tsx';
import type { Situation } from '../situation.ts';
import type { NotFound } from './not-found.ts';
import type { OpenQuestion } from './open-questions.ts';
import { Undecided } from './undecided.tsx';
import type { UnreadParts } from './unread-parts.ts';
import { type Worklist, worklistOf } from './worklist.ts';

/** What the chart does not say or could not be asked, and what that leaves undecided. */
export function Missing({ situation }: { readonly situation: Situation }) {
  return (
    <Panel id="missing" title="Not in the chart">
      <List situation={situation} />
    </Panel>
  );
}

function List({ situation }: { readonly situation: Situation }) {
  const list = useMemo(() => {
    const { answers, assessments } = assessed(situation);
    return worklistOf(situation, answers, assessments);
  }, [situation]);
  return (
    <>
      <p class="missing-count">
        {situation.chart.deceased ? 'Recorded as deceased: nothing is asked for.' : summaryOf(list)}
      </p>
      {list.reading.length > 0 && (
        <p role="status">Still reading: {partsInWords(list.reading)}. This list may yet change.</p>
      )}
      <Group title="Could not be read" entries={list.unread} show={unreadEntry} />
      <Group title="Left open by what is on file" entries={list.open} show={openEntry} />
      <Group title="No record found" entries={list.notFound} show={notFoundEntry} />
      <Medication list={list} />
      {list.skipped > 0 && (
        <p class="missing-group">
          {counted(list.skipped, 'record was', 'records were')} left out: another patient’s, of another type than was
          asked for, or no record at all.
        </p>
      )}
      {list.idle.length > 0 && (
        <details class="missing-idle">
          <summary>
            {counted(list.idle.length, 'more open question')}, with nothing to record for a recommendation now
          </summary>
          <ul>
            {list.idle.map((question) => (
              <li key={question.what}>{openEntry(question)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function summaryOf({ count, idle, reading }: Worklist): string {
  if (count > 0) return `${counted(count, 'entry', 'entries')} to work through.`;
  if (reading.length > 0) return 'Nothing so far.';
  return idle.length > 0
    ? 'Nothing is missing that would decide a recommendation now.'
    : 'Nothing that the guideline asks for is missing.';
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface GroupProps<Entry> {
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly show: (entry: Entry) => ComponentChildren;
}

function Group<Entry>({ title, entries, show }: GroupProps<Entry>) {
  if (entries.length === 0) return null;
  return (
    <section class="missing-group">
      <h3>
        {title} <span class="quiet">({entries.length})</span>
      </h3>
      <ul>
        {entries.map((entry, at) => (
          <li key={at}>{show(entry)}</li>
        ))}
      </ul>
    </section>
  );
}

function unreadEntry({ parts, why, answer, open, undecided }: UnreadParts) {
  return (
    <>
      <p>
        <strong>{parts}</strong> – {why}
        {answer !== undefined && <>; {answer}</>}
      </p>
      {open.length > 0 && (
        <details>
          <summary>Leaves {counted(open.length, 'question')} open</summary>
          <p>{open.join('; ')}</p>
        </details>
      )}
      <Undecided titles={undecided} />
    </>
  );
}

function openEntry({ what, also, why, toDo, evidence, undecided }: OpenQuestion) {
  return (
    <>
      <p>
        <strong>{capitalised(what)}</strong> – {why}
      </p>
      {also.length > 0 && <p class="quiet small">Open with it: {also.join('; ')}</p>}
      <Records evidence={evidence} />
      {toDo !== undefined && <p class="missing-to-do">{toDo}</p>}
      <Undecided titles={undecided} />
    </>
  );
}

function notFoundEntry({ what, where, record, askedBy }: NotFound) {
  return (
    <>
      <p>
        <strong>{capitalised(what)}</strong> – no record found in {where}
      </p>
      <p class="missing-to-do">If there is one, record {record}.</p>
      <Undecided titles={askedBy} words="Asked for by" />
    </>
  );
}

function Medication({ list: { nameless, unresolved } }: { readonly list: Worklist }) {
  if (nameless.length === 0 && unresolved === 0) return null;
  return (
    <section class="missing-group">
      <h3>Medication that could not be identified</h3>
      <ul>
        {nameless.length > 0 && (
          <li>
            <p>
              <strong>{counted(nameless.length, 'order or dose', 'orders or doses')}</strong> – no name that could be
              read; it may be any drug
            </p>
            <Records evidence={nameless} />
          </li>
        )}
        {unresolved > 0 && (
          <li>
            <p>
              <strong>{counted(unresolved, 'medication')}</strong> – could not be looked up, and known by what the order
              calls it alone
            </p>
          </li>
        )}
      </ul>
    </section>
  );
}
