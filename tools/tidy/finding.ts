import type { SourceTree } from './source-tree.ts';

/** What a rule has found, and where. */
export interface Finding {
  readonly path: string;
  /** Counted from 1; left out when the whole file is meant. */
  readonly line?: number;
  readonly message: string;
}

export type TidyRule = (tree: SourceTree) => Finding[];
