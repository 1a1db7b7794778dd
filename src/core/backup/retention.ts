/** Which backups may be removed: never the last that anybody could rely on. */
import type { BackupHistory } from './backup-state.ts';

export interface KeptBackup extends BackupHistory {
  readonly id: string;
  /** Somebody or something holds it: a deployment that is watched, a person. */
  readonly isHeld: boolean;
}

export interface Retention {
  /** How many that are verified are kept at least. */
  readonly verifiedMin: number;
  /** Younger ones are kept, whatever they are. */
  readonly ageMaxMs: number;
}

/** Ids, oldest first. */
export function removableBackups(
  backups: readonly KeptBackup[],
  { verifiedMin, ageMaxMs }: Retention,
  nowMs: number,
): readonly string[] {
  const oldestFirst = backups.toSorted((one, other) => one.takenAtMs - other.takenAtMs);
  const verified = oldestFirst.filter(({ verification }) => verification?.isPassed === true);
  const kept = new Set(verified.slice(-Math.max(1, verifiedMin)).map(({ id }) => id));
  return oldestFirst
    .filter(({ id, isHeld, takenAtMs }) => {
      return !isHeld && !kept.has(id) && nowMs - takenAtMs > ageMaxMs;
    })
    .map(({ id }) => id);
}
