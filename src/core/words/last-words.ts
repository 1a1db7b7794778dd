/** Of a process that has ended, the line of its output that tells most, with what it is. */

/** At the beginning of a line: what runtimes print above a stack, which then ends in a line that says nothing. */
const ERROR =
  /^(?:uncaught |unhandled |exception in thread \S+ |caused by: )*(?:[\w$.]*(?:error|exception)\b(?: \[\w+\])?:|panic:|fatal\b)/i;

const CHARACTERS_MAX = 300;

/** `lines`: newest last. Empty when there is nothing to quote; a long line is cut. */
export function lastWords(lines: readonly string[]): string {
  const error = lines.findLast((line) => ERROR.test(line));
  if (error !== undefined) return `its last error: ${cut(error)}`;
  const last = lines.findLast((line) => line.trim() !== '');
  return last === undefined ? '' : `its last line: ${cut(last)}`;
}

function cut(line: string): string {
  return line.length <= CHARACTERS_MAX ? line : `${line.slice(0, CHARACTERS_MAX)} ...`;
}
