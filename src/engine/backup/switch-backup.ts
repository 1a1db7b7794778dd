/** Puts a backup in the place of what is live: restored beside it and verified first, and what was live is kept. */
import { isSwitchable, type SwitchNames } from '../../core/backup/switch-names.ts';
import type { ContentPart } from '../../core/backup/content.ts';
import { invariant } from '../../core/invariant.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { outcomeOf } from '../../core/validation/judge-report.ts';
import type { HandedOver, Switching, SwitchState } from '../../drivers/contract.ts';
import { throwUnverifiable, unverifiableBy } from '../../platform/unverifiable-by.ts';
import type { KeptWork } from './kept-backups.ts';
import type { OpenBackup } from './manifest.ts';
import { restoreBackup, restoredBy } from './restore-backup.ts';
import { restoredCriteria } from './verify-backup.ts';

export interface SwitchAsked {
  readonly partsMin: number;
  readonly endSessions: boolean;
  readonly progress: (text: string) => void;
}

export interface ProposedSwitch {
  readonly state: SwitchState;
  /** Null when nothing is live, or nobody can tell. */
  readonly live: readonly ContentPart[] | null;
  readonly users: readonly string[];
}

/** Only looks. */
export function proposeSwitch(
  work: Pick<KeptWork, 'backup' | 'signal'>,
  id: string,
): Promise<ProposedSwitch> {
  return proposeNow(work, id).catch(throwUnverifiable);
}

async function proposeNow(
  { backup, signal }: Pick<KeptWork, 'backup' | 'signal'>,
  id: string,
): Promise<ProposedSwitch> {
  const own = switchingOf({ backup }, id);
  const state = await own.state(id, { signal });
  const isLive = state.kind !== 'begun';
  return {
    ...{ state, live: isLive ? await own.live({ signal }) : null },
    users: isLive ? await own.users({ signal }) : [],
  };
}

export type SwitchEnd =
  /** `finished`: what an earlier one had begun; `already`: by an earlier one. */
  | { readonly kind: 'switched' | 'finished' | 'already'; readonly names: SwitchNames }
  | { readonly kind: 'not-verified'; readonly criteria: readonly Criterion[] };

/**
 * Again is as once. Until all of it is restored and the same as was taken, what is live is only read; what fails before leaves
 * nothing. Throws `not-switched` while somebody works with what is live, unless his sessions are to be ended.
 */
export function switchBackup(
  work: KeptWork,
  open: OpenBackup,
  asked: SwitchAsked,
): Promise<SwitchEnd> {
  return work
    .switchingAlone(() => work.using(open.manifest, () => switchNow(work, open, asked)))
    .catch(throwUnverifiable);
}

async function switchNow(work: KeptWork, open: OpenBackup, asked: SwitchAsked): Promise<SwitchEnd> {
  const { id } = open.manifest;
  const { signal } = work;
  const { endSessions, partsMin, progress } = asked;
  const own = switchingOf(work, id);
  const { kind, names } = await own.state(id, { signal });
  if (kind === 'switched') return { kind: 'already', names };
  if (kind === 'begun') {
    await own.finish(id, { signal });
    return { kind: 'finished', names };
  }
  if (!endSessions) await refuseUsers(own, names, signal);
  progress(`${id} is being restored beside ${names.live}`);
  const beside = await restoredBy(work, open, (content) =>
    own.restoreBeside(content, id, { signal }),
  );
  try {
    progress('it is being compared with what was taken');
    const criteria = await restoredCriteria(beside, open, { partsMin });
    if (outcomeOf(criteria) !== 'PASS') {
      await beside.remove();
      return { kind: 'not-verified', criteria };
    }
    signal.throwIfAborted();
    await beside.switchIn({ signal, endSessions });
  } catch (error) {
    // An answer that was lost says nothing: what is there does.
    const { kind: reached } = await own.state(id, { signal });
    if (reached === 'none') await beside.remove();
    if (reached !== 'switched') throw error;
  }
  return { kind: 'switched', names };
}

async function refuseUsers(own: Switching, names: SwitchNames, signal: AbortSignal): Promise<void> {
  const users = await own.users({ signal });
  if (users.length === 0) return;
  const message = `"${names.live}" is in use by ${users.join('; ')}. Stop what works with it; sessions of a database are ended with --end-sessions.`;
  throw operationalError('not-switched', message);
}

/** What was kept is live again, and what was live until then is kept; false when nothing was kept. */
export function switchBack(
  work: KeptWork,
  id: string,
  { endSessions }: Pick<SwitchAsked, 'endSessions'>,
): Promise<{ readonly isBack: boolean; readonly names: SwitchNames }> {
  const { signal } = work;
  return work
    .switchingAlone(async () => {
      const own = switchingOf(work, id);
      const { names } = await own.state(id, { signal });
      return { isBack: await own.back(id, { signal, endSessions }), names };
    })
    .catch(throwUnverifiable);
}

export type HandOverEnd =
  | ({ readonly kind: 'handed-over' } & HandedOver)
  | { readonly kind: 'not-verified'; readonly criteria: readonly Criterion[] };

/** Where only a person can switch: restored and verified it is kept, with what to do. */
export async function handOverBackup(
  work: KeptWork,
  open: OpenBackup,
  { partsMin }: Pick<SwitchAsked, 'partsMin'>,
): Promise<HandOverEnd> {
  if (work.backup.handsOver !== true) throw nobodyCan();
  const restored = await restoreBackup(work, open);
  try {
    const criteria = await restoredCriteria(restored, open, { partsMin });
    if (outcomeOf(criteria) === 'PASS') {
      const handed = await restored.handOver?.(open.manifest.id);
      invariant(handed, 'its driver says that it hands over');
      return { kind: 'handed-over', ...handed };
    }
    await restored.remove();
    return { kind: 'not-verified', criteria };
  } catch (error) {
    await restored.remove();
    throw unverifiableBy(error);
  }
}

function switchingOf({ backup }: Pick<KeptWork, 'backup'>, id: string): Switching {
  if (!backup.switching) throw nobodyCan();
  if (isSwitchable(id)) return backup.switching;
  throw operationalError('backup-missing', `No backup has an id like ${JSON.stringify(id)}.`);
}

function nobodyCan(): Error {
  const message =
    'Nothing says how this backup is switched. Declare `switch` and `back` beside its `take`, or restore it without --switch: it says where it is then.';
  return operationalError('not-switched', message);
}
