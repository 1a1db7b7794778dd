/** What is known of one migration file before anything is run. */
import type { AuthorMark } from './author-mark.ts';
import type { HazardGroup, HazardId } from './hazards.ts';
import type { Certainty, Touch } from './judged.ts';
import type { LockMode } from './lock-mode.ts';
import type { MadeHere } from './made-here.ts';
import type { SqlPlace } from './sql-text.ts';

/** `unknown` is never treated as `expand`: it waits for the author's word. */
export type MigrationClass = 'expand' | 'contract' | 'unknown';

export interface MigrationFinding {
  readonly hazard: HazardId;
  readonly group: HazardGroup;
  readonly subject: string;
  readonly place: SqlPlace;
  readonly lock: LockMode | null;
  readonly rewrites: Certainty;
  readonly scans: Certainty;
  readonly sentence: string;
  readonly remedy: string;
}

export interface MigrationJudgement {
  readonly migrationClass: MigrationClass;
  readonly mark: AuthorMark | null;
  readonly findings: readonly MigrationFinding[];
  /** Of all its statements, in their order. */
  readonly touches: readonly Touch[];
  /** False for a statement that PostgreSQL refuses inside of one. */
  readonly isTransaction: boolean;
  /** For the file after it in the same deployment. */
  readonly made: MadeHere;
}
