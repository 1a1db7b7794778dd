/** Puts a folder that was restored in the place of the one that is backed up, which is kept beside it. */
import { pathSwitchNames, type SwitchNames } from '../../../core/backup/switch-names.ts';
import { livePlace } from '../../../platform/live-place.ts';
import { removeFolder } from '../../../platform/remove-folder.ts';
import { ownFolderAs } from '../../../platform/own-as.ts';
import {
  finishFolder,
  folderBack,
  folderPhase,
  foundNames,
  inTheWay,
  switchFolder,
} from '../../../platform/switch-folder.ts';
import { syncFolder } from '../../../platform/sync-folder.ts';
import { unpackTar } from '../../../platform/unpack-tar.ts';
import type { Beside, Switching, SwitchState } from '../../contract.ts';
import { folderParts } from './folder-parts.ts';

const KINDS = { none: 'none', out: 'begun', home: 'begun', switched: 'switched' } as const;

export function switchFiles(path: string): Switching {
  const namesOf = async (id: string) => pathSwitchNames(await livePlace(path), id);
  return {
    async state(id): Promise<SwitchState> {
      const names = await namesOf(id);
      return { kind: KINDS[folderPhase(await foundNames(names))], names };
    },
    async live() {
      const found = await foundNames(await namesOf(''));
      return found.live ? folderParts(path) : null;
    },
    // Whoever has a file of it open goes on with that file, in the folder that is kept.
    users: () => Promise.resolve([]),
    restoreBeside: async (content, id) => restoreBeside(content, await namesOf(id)),
    finish: async (id) => finishFolder(await namesOf(id)),
    back: async (id) => folderBack(await namesOf(id)),
  };
}

async function restoreBeside(
  content: AsyncIterable<Uint8Array>,
  names: SwitchNames,
): Promise<Beside> {
  const { live, kept, restored } = names;
  const remove = (): Promise<void> => removeFolder(restored);
  if ((await foundNames(names)).kept) throw inTheWay(kept);
  await remove();
  try {
    await unpackTar(content, restored);
    if ((await foundNames(names)).live) await ownFolderAs(restored, live);
    await syncFolder(restored);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    ...{ remove, parts: () => folderParts(restored), faults: () => Promise.resolve(null) },
    switchIn: () => switchFolder(names),
  };
}
