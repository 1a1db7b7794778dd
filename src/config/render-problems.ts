/** Prints problems as compilers do: place, message, the line, and a caret below the place. */
import { printableLine } from '../core/printable-line.ts';
import type { ConfigProblem } from './config-problem.ts';

const LINE_WIDTH_MAX = 120;
const HEADLINE_LENGTH_MAX = 2_000;
/** An escaped character is `\\u{10ffff}` at most. */
const CHARACTER_LENGTH_MAX = 10;

/** Ends with a newline unless there is no problem. Control characters are escaped. */
export function renderProblems(problems: readonly ConfigProblem[], source: string): string {
  const lines = source.split('\n').map((line) => line.replace(/\r$/, ''));
  return problems.map((problem) => `${renderProblem(problem, lines)}\n`).join('');
}

function renderProblem(problem: ConfigProblem, lines: readonly string[]): string {
  const { file, line, column, message, suggestion } = problem;
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const meant = suggestion === undefined ? '' : ` (did you mean "${suggestion}"?)`;
  const headline = printableLine(`${place}: ${message}${meant}`, HEADLINE_LENGTH_MAX);
  const text = line === 0 ? undefined : lines[line - 1];
  if (text === undefined || text.trim() === '') return headline;

  const number = String(line).padStart(4);
  const { shown, caretAt } = excerpt(text, column - 1);
  return `${headline}\n${number} | ${shown}\n${' '.repeat(number.length)} | ${' '.repeat(caretAt)}^`;
}

/** A long line is cut around the place. */
function excerpt(text: string, column: number): { shown: string; caretAt: number } {
  const characters = Array.from(text, (character) =>
    character === '\t' ? '→' : printableLine(character, CHARACTER_LENGTH_MAX),
  );
  const start = column > LINE_WIDTH_MAX - 20 ? column - LINE_WIDTH_MAX / 2 : 0;
  const before = (start > 0 ? '…' : '') + characters.slice(start, column).join('');
  const after = characters.slice(column, start + LINE_WIDTH_MAX).join('');
  const isCut = start + LINE_WIDTH_MAX < characters.length;
  return { shown: `${before}${after}${isCut ? '…' : ''}`, caretAt: Array.from(before).length };
}
