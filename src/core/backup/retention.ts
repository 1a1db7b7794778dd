/** Which backups may go, and why the others stay: never the last that anybody could rely on. */
import type { BackupHistory } from './backup-state.ts';

/** Both must agree that one may go. */
export interface Retention {
  /** How many that are verified stay at least. */
  readonly last: number;
  /** Younger ones stay, whatever they are. */
  readonly days: number;
}

export interface KeptBackup extends BackupHistory {
  readonly id: string;
  /** Somebody restores it, or tries it out. */
  readonly isInUse: boolean;
}

export type StaysAs =
  | 'in use'
  | 'of the newest deployment'
  | 'young'
  | 'among the last verified'
  /** Than all that are verified: nobody knows yet what it is worth. */
  | 'newer';

export interface Judged {
  readonly id: string;
  /** Null when it may go. */
  readonly staysAs: StaysAs | null;
}

const DAY_MS = 86_400_000;

/** In their order. Where none is verified, all stay. */
export function judgeRetention(
  backups: readonly KeptBackup[],
  { last, days }: Retention,
  nowMs: number,
): readonly Judged[] {
  const verified = backups
    // One in use may just be found to be damaged, and one of the future shows that a clock is wrong.
    .filter(({ isInUse, takenAtMs }) => !isInUse && takenAtMs <= nowMs)
    .filter(({ verification }) => verification?.isPassed === true)
    .toSorted((one, other) => other.takenAtMs - one.takenAtMs);
  const lastVerified = new Set(verified.slice(0, Math.max(1, last)).map(({ id }) => id));
  const newestMs = verified[0]?.takenAtMs ?? -Infinity;
  const deployment = Math.max(...backups.map(({ id }) => deploymentIn(id)));
  const staysAs = ({ id, isInUse, takenAtMs }: KeptBackup): StaysAs | null => {
    if (isInUse) return 'in use';
    // Those of a service go one by one: only the newest can be under way.
    if (deployment > 0 && deploymentIn(id) === deployment) return 'of the newest deployment';
    if (nowMs - takenAtMs <= days * DAY_MS) return 'young';
    if (lastVerified.has(id)) return 'among the last verified';
    return takenAtMs >= newestMs ? 'newer' : null;
  };
  return backups.map((backup) => ({ id: backup.id, staysAs: staysAs(backup) }));
}

/** `…-d12` was taken by deployment 12; 0 of one that a person took. */
function deploymentIn(id: string): number {
  return Number(/-d(\d+)$/.exec(id)?.[1] ?? 0);
}
