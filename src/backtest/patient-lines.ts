import { lineIn } from './line-cutter.ts';

/** Finds the lines of some patients among others, without parsing them. */
export interface PatientLines {
  /** Every line of the text that belongs to one of the patients, and some that do not, in order. */
  readonly eachCandidate: (text: string, onLine: (line: string) => void) => void;
}

/** The ids of FHIR, and a little more. With any other id, every line is a candidate. */
const PLAIN_ID = /^[\w\-.]+$/;
const ID_HERE = /[\w\-.]+/y;

const PATIENT = 'Patient';
const URN = 'urn:uuid:';
const ESCAPED = '\\u00';
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const TYPE_BEFORE = /"resourceType"\s{0,16}:\s{0,16}"$/;
const REACH = 64;

/** @param ids of the patients */
export function createPatientLines(ids: ReadonlySet<string>): PatientLines {
  const isPlain = [...ids].every((id) => PLAIN_ID.test(id));

  function isIdAt(text: string, at: number): boolean {
    ID_HERE.lastIndex = at;
    const id = ID_HERE.exec(text)?.[0];
    return id !== undefined && ids.has(id);
  }

  /** A reference to one of the patients, as `Patient/id` or `Patient\/id`, or the word that says that a line is a Patient. */
  function isAfterPatient(text: string, at: number): boolean {
    const next = text.charCodeAt(at);
    if (next === SLASH) return isIdAt(text, at + 1);
    if (next === BACKSLASH) return text.charCodeAt(at + 1) === SLASH && isIdAt(text, at + 2);
    if (next !== QUOTE) return false;
    const word = at - PATIENT.length;
    return TYPE_BEFORE.test(text.slice(Math.max(0, word - REACH), word));
  }

  /** ASCII in an escape, which may hide any of the others. */
  function isHiding(text: string, at: number): boolean {
    const digit = text.charCodeAt(at);
    return digit >= 0x30 && digit <= 0x37;
  }

  return {
    eachCandidate(text, onLine) {
      const hits = isPlain
        ? [
            ...placesOf(text, PATIENT, isAfterPatient),
            ...placesOf(text, URN, isIdAt),
            ...placesOf(text, ESCAPED, isHiding),
          ].toSorted((a, b) => a - b)
        : lineStarts(text);
      let next = 0;
      for (const hit of hits) {
        if (hit < next) continue;
        const end = text.indexOf('\n', hit);
        const line = lineIn(text, text.lastIndexOf('\n', hit) + 1, end);
        if (line !== undefined) onLine(line);
        next = end + 1;
      }
    },
  };
}

/** Where a word stands in the text, of those places after which comes what is looked for. */
function placesOf(text: string, word: string, isFound: (text: string, after: number) => boolean): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if (isFound(text, at + word.length)) places.push(at);
  }
  return places;
}

function lineStarts(text: string): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at = text.indexOf('\n', at) + 1) starts.push(at);
  return starts;
}
