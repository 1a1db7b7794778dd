/** What is kept of the backups that a service declares, as controls see it. */
import { showDuration } from '../words/show-duration.ts';
import type { BackupState } from '../backup/backup-state.ts';
import type { Observation } from './observable-fact.ts';

export interface BackupShown {
  readonly name: string;
  /** How often the server takes one; null: never. */
  readonly everyMs: number | null;
  /** The one that it is judged by: the newest that is verified, else the newest of all; null where none is kept. */
  readonly newest: {
    readonly id: string;
    readonly state: BackupState | 'UNREADABLE';
    /** Of what it holds. */
    readonly ageMs: number;
  } | null;
}

export function backupsVerified(shown: readonly BackupShown[]): Observation {
  return ofEach(shown, ({ newest }) => {
    if (newest === null) return { isGood: false, text: 'none is kept' };
    const { id, state, ageMs } = newest;
    const isGood = state === 'VERIFIED';
    const age = state === 'UNREADABLE' ? '' : `, ${showDuration(ageMs)} old`;
    return { isGood, text: `${id} is ${state}${age}` };
  });
}

/** One that was missed shows as well: that it is declared alone shows nothing. */
export function backupsAutomated(shown: readonly BackupShown[]): Observation {
  return ofEach(shown, ({ everyMs, newest }) => {
    if (everyMs === null) return { isGood: false, text: 'it says no `every`' };
    const every = `every ${showDuration(everyMs)}`;
    const isVerified = newest?.state === 'VERIFIED' || newest?.state === 'STALE';
    if (!newest || !isVerified) return { isGood: false, text: `${every}, and none was verified` };
    const { ageMs, id } = newest;
    // One of the future is as little shown here as it is relied on.
    const isGood = ageMs >= 0 && ageMs <= 2 * everyMs;
    return {
      isGood,
      text: `${every}, and the last verified, ${id}, is ${showDuration(ageMs)} old`,
    };
  });
}

function ofEach(
  shown: readonly BackupShown[],
  look: (backup: BackupShown) => { readonly isGood: boolean; readonly text: string },
): Observation {
  if (shown.length === 0) return { state: 'broken', observed: 'no backup is declared' };
  const seen = shown.map((backup) => ({ name: backup.name, ...look(backup) }));
  const bad = seen.filter(({ isGood }) => !isGood);
  const told = bad.length > 0 ? bad : seen;
  return {
    state: bad.length > 0 ? 'broken' : 'holds',
    observed: told.map(({ name, text }) => `${name}: ${text}`).join('; '),
  };
}
