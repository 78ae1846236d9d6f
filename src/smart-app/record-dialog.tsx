import { type ComponentChildren, Fragment } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { readCodedText } from '../chart/coding.ts';
import { asText } from '../chart/json.ts';
import type { JsonObject, Readings } from '../chart/reading.ts';
import { plainText } from '../guideline/escape.ts';
import { Boundary } from './parts/panel.tsx';
import { OpenRecordContext } from './parts/records.tsx';
import { findRecord } from './record-dialog/find-record.ts';
import { recordJson } from './record-dialog/record-json.ts';
import { type RecordRow, recordRows } from './record-dialog/record-rows.ts';

/** The whole stands below. */
const MAX_TITLE = 160;

interface RecordDialogHostProps {
  /** What has been read: the records that can be opened. */
  readonly readings: Readings;
  readonly children: ComponentChildren;
}

/** Lets everything within open the resource behind a record. */
export function RecordDialogHost({ readings, children }: RecordDialogHostProps) {
  const [reference, setReference] = useState<string>();
  const close = useCallback(() => setReference(undefined), []);
  return (
    <OpenRecordContext.Provider value={setReference}>
      {children}
      {reference !== undefined && (
        <Boundary title="This record">
          <RecordDialog readings={readings} reference={reference} onClose={close} />
        </Boundary>
      )}
    </OpenRecordContext.Provider>
  );
}

interface RecordDialogProps {
  readonly readings: Readings;
  /** `Type/id`. */
  readonly reference: string;
  readonly onClose: () => void;
}

/** One resource as the server sent it. The browser keeps the keyboard within, and hands it back when the dialog is closed. */
export function RecordDialog({ readings, reference, onClose }: RecordDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const resource = useMemo(() => findRecord(readings, reference), [readings, reference]);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const closeOnBackdrop = useCallback((event: MouseEvent) => {
    if (event.target === dialog.current) dialog.current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="record-dialog"
      aria-labelledby="record-dialog-title"
      onClose={onClose}
      onClick={closeOnBackdrop}
    >
      <div class="record-dialog-page">
        <div class="record-dialog-head">
          <div>
            <h2 id="record-dialog-title">{nameOf(resource) ?? plainText(reference)}</h2>
            <p class="quiet small">{plainText(reference)}</p>
          </div>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        {resource === undefined ? <NotFound /> : <Resource resource={resource} />}
      </div>
    </dialog>
  );
}

function NotFound() {
  return (
    <p>This record is not among those that were read. It may stand in a part of the chart that could not be read.</p>
  );
}

function Resource({ resource }: { readonly resource: JsonObject }) {
  const { rows, isCut } = useMemo(() => recordRows(resource), [resource]);
  const json = useMemo(() => recordJson(resource), [resource]);
  return (
    <>
      <table class="record-dialog-members">
        <caption class="heard">What the record says, by the names that FHIR gives it</caption>
        <tbody>
          {rows.map((row, at) => (
            <Member key={`${at} ${row.name}`} row={row} />
          ))}
        </tbody>
      </table>
      {isCut && <p class="quiet small">More of it stands in the JSON below.</p>}
      <h3 id="record-dialog-json">As the server sent it</h3>
      {json.isCut && <p class="quiet small">Very long or very deep parts are cut.</p>}
      <pre class="record-dialog-json" role="region" aria-labelledby="record-dialog-json" tabIndex={0}>
        {json.text}
      </pre>
    </>
  );
}

function Member({ row: { depth, name, lines } }: { readonly row: RecordRow }) {
  const place = `record-dialog-in-${depth}`;
  if (lines.length === 0)
    return (
      <tr>
        <th scope="rowgroup" class={place} colSpan={2}>
          <Broken name={name} />
        </th>
      </tr>
    );
  return (
    <tr>
      <th scope="row" class={place}>
        <Broken name={name} />
      </th>
      <td>
        {lines.map((line, at) => (
          <p key={`${at} ${line}`}>{line}</p>
        ))}
      </td>
    </tr>
  );
}

/** FHIR's names are long: they may break where a word begins. */
function Broken({ name }: { readonly name: string }) {
  return name.split(/(?=[A-Z])/).map((word, at) => (
    <Fragment key={`${at} ${word}`}>
      {at > 0 && <wbr />}
      {word}
    </Fragment>
  ));
}

/** What the record is of, in its own words, and its type. */
function nameOf(resource: JsonObject | undefined): string | undefined {
  const type = asText(resource?.['resourceType']);
  if (resource === undefined || type === undefined) return undefined;
  const { texts } = readCodedText(resource['code'], resource['medicationCodeableConcept']);
  const [text = ''] = texts;
  return plainText(text === '' ? type : `${type}: ${text}`.slice(0, MAX_TITLE));
}
