import type { LockMode } from './lock-mode.ts';

/** What applying one was like. */
export interface MigrationRun {
  readonly name: string;
  readonly durationMs: number;
  /**
   * The strongest that it held on each relation that was there before; none of what goes in no transaction. Null of a program
   * whose sessions could not be found.
   */
  readonly locks: readonly HeldLock[] | null;
}

export interface HeldLock {
  readonly relation: string;
  readonly mode: LockMode;
}
