/** A line longer than this is no record of a chart, and is not held in memory. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/**
 * What is done with the lines. A text is bytes as Latin-1, which costs nothing to make: what stands in it beyond ASCII is read by
 * `parseLine`.
 */
export interface LineSink {
  /** One whole line or several, each with the LF at its end. */
  readonly lines: (text: string) => void;
  /** A line that is over the limit, once for each. */
  readonly tooLong: () => void;
}

/** Cuts chunks of bytes at line ends, wherever the chunks begin and end. */
export interface LineCutter {
  readonly push: (chunk: Buffer) => void;
  /** The last line need not have an end. */
  readonly end: () => void;
}

const NEW_LINE = 0x0a;

export function createLineCutter(sink: LineSink, limit = MAX_LINE_BYTES): LineCutter {
  /** The beginning of a line whose end has not come yet. */
  let parts: Buffer[] = [];
  let held = 0;

  function hold(part: Buffer): void {
    held += part.length;
    if (held > limit) parts = [];
    // A copy: the reader uses its buffer again.
    else if (part.length > 0) parts.push(Buffer.from(part));
  }

  function endHeld(): void {
    if (held > limit) sink.tooLong();
    else if (held > 0) sink.lines(`${Buffer.concat(parts).toString('latin1')}\n`);
    parts = [];
    held = 0;
  }

  return {
    push(chunk) {
      let from = 0;
      if (held > 0) {
        const end = chunk.indexOf(NEW_LINE);
        hold(chunk.subarray(0, end < 0 ? chunk.length : end));
        if (end < 0) return;
        endHeld();
        from = end + 1;
      }
      const last = chunk.lastIndexOf(NEW_LINE);
      if (last >= from) {
        sink.lines(chunk.toString('latin1', from, last + 1));
        from = last + 1;
      }
      hold(chunk.subarray(from));
    },
    end: endHeld,
  };
}

/** A line of so many characters may be blank; a longer one is taken for a record without a look. */
const LONGEST_BLANK = 256;
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/** Each line of a text, without its end, be that LF or CRLF; blank ones and a byte order mark are left out. */
export function eachLine(text: string, onLine: (line: string) => void): void {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = lineIn(text, at, end);
    if (line !== undefined) onLine(line);
    at = end + 1;
  }
}

/** What stands between two places of a text, if that is a line that is not blank. */
export function lineIn(text: string, from: number, to: number): string | undefined {
  const start = text.startsWith(BYTE_ORDER_MARK, from) ? from + BYTE_ORDER_MARK.length : from;
  const line = text.slice(start, to);
  return line.length > LONGEST_BLANK || line.trim() !== '' ? line : undefined;
}
