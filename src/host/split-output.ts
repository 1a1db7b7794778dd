/** Cuts raw output into lines. Depends on the bytes alone, so that reading again gives the same lines. */

export const LINE_BYTES_MAX = 16 * 1024;
export const CUT_MARK = ' … [cut]';

export interface OutputLine {
  readonly text: string;
  /** How many bytes lie before the next line. */
  readonly end: number;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Whole lines at the start of `bytes`. A longer line than the cap is cut and goes on in the next one.
 * `isFinal`: nothing will follow, hence what has no newline is a line too.
 */
export function splitOutput(bytes: Buffer, isFinal: boolean): OutputLine[] {
  const lines: OutputLine[] = [];
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.subarray(start, start + LINE_BYTES_MAX + 1).indexOf(NEWLINE);
    if (newline !== -1) {
      const end = start + newline;
      const isCrLf = end > start && bytes[end - 1] === RETURN;
      lines.push({ text: bytes.toString('utf8', start, isCrLf ? end - 1 : end), end: end + 1 });
      start = end + 1;
    } else if (bytes.length - start > LINE_BYTES_MAX) {
      const end = characterBoundary(bytes, start + LINE_BYTES_MAX);
      lines.push({ text: bytes.toString('utf8', start, end) + CUT_MARK, end });
      start = end;
    } else {
      if (isFinal) lines.push({ text: bytes.toString('utf8', start), end: bytes.length });
      break;
    }
  }
  return lines;
}

/** The last place at or before `end` that does not tear a UTF-8 sequence. */
function characterBoundary(bytes: Buffer, end: number): number {
  for (let at = end; at > end - 4; at -= 1) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  }
  return end;
}
