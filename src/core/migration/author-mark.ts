/**
 * What the author says of a migration: `-- surefoot: contract`, or `-- surefoot: expand because …`.
 * Only comments count, on a line of their own before the first statement, so that no string, no
 * generated text and no line far down can speak for the author. `contract` counts wherever it stands.
 */
import type { SqlComment, SqlPlace } from './sql-text.ts';

export interface AuthorMark {
  readonly says: 'contract' | 'expand';
  readonly reason: string | null;
  readonly place: SqlPlace;
}

export interface AuthorMarks {
  readonly mark: AuthorMark | null;
  /** Look like marks and are none. */
  readonly unreadable: readonly SqlComment[];
}

const attempt = /^(?:--|\/\*)[\s*!-]*surefoot\s*[:=]/i;
const written = /^--\s*surefoot:\s*(contract|expand)(?:\s+because[:\s]+(\S.*?))?\s*$/;

export function authorMarks(
  comments: readonly SqlComment[],
  firstStatement: SqlPlace | null,
): AuthorMarks {
  const attempts = comments.filter(({ text }) => attempt.test(text));
  const read = attempts.map((comment) => readMark(comment, firstStatement));
  const marks = read.flatMap((mark) => mark ?? []);
  const mark = marks.find(({ says }) => says === 'contract') ?? marks[0] ?? null;
  return { mark, unreadable: attempts.filter((_, index) => read[index] === null) };
}

function readMark({ text, place }: SqlComment, firstStatement: SqlPlace | null): AuthorMark | null {
  const [whole, says, reason] = written.exec(text) ?? [];
  if (whole === undefined) return null;
  if (says === 'contract') return { says, reason: reason ?? null, place };
  const isAtHead = firstStatement === null || place.line < firstStatement.line;
  const isReason = reason !== undefined && /\S\s+\S/.test(reason);
  return isAtHead && isReason ? { says: 'expand', reason, place } : null;
}
