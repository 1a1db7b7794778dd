/** Looks at what is kept of the backups that a service declares: each as its own record says, opened by its key. */
import type { BackupShown } from '../../../core/compliance/backups-kept.ts';
import type { Observation } from '../../../core/compliance/observable-fact.ts';
import { scopeOf } from '../../../core/model/ids.ts';
import { keptKey } from '../../backup/kept-key.ts';
import { keptStore } from '../../backup/kept-store.ts';
import { backupIds, listBackups, type ListedBackup } from '../../backup/list-backups.ts';
import { unknown, type ObservedPlace, type Observe } from '../observed-place.ts';

export function observeBackups(judge: (shown: readonly BackupShown[]) => Observation): Observe {
  return async (place) => {
    const { backups } = place.declared;
    if (!backups) return unknown('the plan was made by a version that did not say which there are');
    const shown: BackupShown[] = [];
    for (const backup of backups) shown.push(await shownOf(place, backup));
    return judge(shown);
  };
}

type DeclaredBackup = NonNullable<ObservedPlace['declared']['backups']>[number];

async function shownOf(
  { declared, directory, host, clock, signal }: ObservedPlace,
  { name, ageMs: ageMaxMs, everyMs: often }: DeclaredBackup,
): Promise<BackupShown> {
  const everyMs = often ?? null;
  const stateDirectory = directory.root;
  const source = `${scopeOf(declared.environment, declared.service)}/${name}`;
  const access = { stateDirectory, host, clock, signal };
  const store = keptStore(declared.backupStore ?? null, access);
  // Without one there may be no key yet, and who only looks makes none.
  if ((await backupIds(store, source)).length === 0) return { name, everyMs, newest: null };
  const { ring } = await keptKey(stateDirectory, host);
  const listed = await listBackups({ store, ring, clock }, { source, ageMaxMs });
  const best =
    listed.find((each) => stateOf(each) === 'VERIFIED') ??
    listed.find((each) => stateOf(each) === 'STALE') ??
    listed[0];
  if (!best) return { name, everyMs, newest: null };
  const takenAt = best.kind === 'readable' ? Date.parse(best.manifest.takenAt) : clock.wallMs();
  const ageMs = clock.wallMs() - takenAt;
  return { name, everyMs, newest: { id: best.id, state: stateOf(best), ageMs } };
}

function stateOf(backup: ListedBackup) {
  return backup.kind === 'readable' ? backup.state : 'UNREADABLE';
}
