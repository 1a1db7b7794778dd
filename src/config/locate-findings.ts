/** Gives findings their line and column and puts them in the order of the file. */
import { formatPath, type ConfigProblem, type Finding } from './config-problem.ts';
import { maskSecrets } from './mask-secrets.ts';

export function locateFindings(
  findings: readonly Finding[],
  source: {
    readonly file: string;
    readonly text: string;
    readonly secretValues: readonly string[];
  },
): readonly ConfigProblem[] {
  return [...findings]
    .sort((left, right) => (left.at ?? -1) - (right.at ?? -1))
    .map(({ at, path, code, message, suggestion }) => ({
      code,
      message: maskSecrets(message, source.secretValues),
      file: source.file,
      ...(at === null ? { line: 0, column: 0 } : placeInLines(source.text, at)),
      path: formatPath(path),
      ...(suggestion !== undefined && { suggestion }),
    }));
}

function placeInLines(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    line: before.split('\n').length,
    column: Array.from(before.slice(lineStart)).length + 1,
  };
}
