/** Of a process that has ended, the line of its output that tells most, with what it is. */

/** At the beginning of a line: what runtimes print above a stack, which then ends in a line that says nothing. */
const ERROR =
  /^(?:uncaught |unhandled |exception in thread \S+ |caused by: )*(?:[\w$.]*(?:error|exception)\b(?: \[\w+\])?:|panic:|fatal\b)/i;

/** `lines`: newest last. Empty when there is nothing to quote. */
export function lastWords(lines: readonly string[]): string {
  const error = lines.findLast((line) => ERROR.test(line));
  if (error !== undefined) return `its last error: ${error}`;
  const last = lines.findLast((line) => line.trim() !== '');
  return last === undefined ? '' : `its last line: ${last}`;
}
