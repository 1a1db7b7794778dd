/** A migration's text as PostgreSQL's own parser reads it: what the judges of this folder look at. */
import type { Node } from '@pgsql/types';

/** Counted from 1, as editors do; the offset from 0, in characters of the text. */
export interface SqlPlace {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export interface SqlStatement {
  readonly node: Node;
  readonly place: SqlPlace;
  readonly source: string;
  /** What a `DO` block says in so many words; what it puts together at run time is not among it. */
  readonly inner: readonly Node[];
}

export interface SqlComment {
  readonly text: string;
  readonly place: SqlPlace;
}

export interface SqlText {
  readonly statements: readonly SqlStatement[];
  /** Real ones only: what looks like a comment inside of a string is none. */
  readonly comments: readonly SqlComment[];
}
