/** One mistake in a configuration, with its place. */

export const problemCodes = [
  'file-unreadable',
  'file-too-large',
  'file-changing',
  'file-empty',
  'encoding-invalid',
  'yaml-syntax',
  'yaml-refused',
  'yaml-too-big',
  'key-refused',
  'key-unknown',
  'key-missing',
  'value-invalid',
  'value-conflicting',
  'variable-missing',
  'variable-malformed',
  'variable-refused',
  'environment-unknown',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** Keys and list positions from the root of the file. */
export type ConfigPath = readonly (string | number)[];

export interface ConfigProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly file: string;
  /** From 1; 0 when the problem is the file as a whole. */
  readonly line: number;
  /** In characters, from 1; 0 when the problem is the file as a whole. */
  readonly column: number;
  /** Like `services.newsroom.rollout.weights[1]`; empty for the root. */
  readonly path: string;
  /** The word that was probably meant. */
  readonly suggestion?: string;
}

/** A problem before its place is known in lines: `at` is an offset into the text. */
export interface Finding {
  readonly code: ProblemCode;
  readonly message: string;
  readonly at: number | null;
  readonly path: ConfigPath;
  readonly suggestion?: string;
}

export function formatPath(path: ConfigPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
