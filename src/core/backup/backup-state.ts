/** What a backup is worth at a moment. Only `VERIFIED` is relied on. */

export type BackupState =
  /** Complete and encrypted, and nobody has restored it yet. */
  | 'TAKEN'
  /** It was restored, and is what was taken. */
  | 'VERIFIED'
  /** It was, and is older than its limit. */
  | 'STALE'
  /** It was restored, and is not what was taken; or could not be. */
  | 'FAILED';

export interface BackupHistory {
  /** Since 1970: the moment that it holds. */
  readonly takenAtMs: number;
  /** Its last verification; null without one. */
  readonly verification: { readonly isPassed: boolean } | null;
}

/** `ageMaxMs`: of what it holds, not of its verification: what is missing from it does not come back by looking again. */
export function backupState(
  { takenAtMs, verification }: BackupHistory,
  { nowMs, ageMaxMs }: { readonly nowMs: number; readonly ageMaxMs: number },
): BackupState {
  if (!verification) return 'TAKEN';
  if (!verification.isPassed) return 'FAILED';
  // One of the future shows that a clock is wrong, and nothing of its age.
  const ageMs = nowMs - takenAtMs;
  return ageMs >= 0 && ageMs <= ageMaxMs ? 'VERIFIED' : 'STALE';
}
