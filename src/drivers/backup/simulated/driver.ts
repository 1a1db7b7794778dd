/** Takes databases that are in memory, for the simulation: whole moments, which are restored beside what runs. */
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { operationalError } from '../../../core/operational-error.ts';
import {
  simulatedBytes,
  simulatedContentIn,
  simulatedParts,
  type SimulatedContent,
  type SimulatedDatabases,
} from '../../../platform/simulated-databases.ts';
import type { Backup, DriverContext, Restored, Taken } from '../../contract.ts';

/** How a call comes to a database; another one may lose it on its way. Removing is asked of nobody: it has no context. */
export type ReachBackedUp = <Result>(
  verb: 'take' | 'restore' | 'parts' | 'remove',
  context: DriverContext | null,
  act: () => Result,
) => Promise<Result>;

const AT_ONCE: ReachBackedUp = (_verb, _context, act) => Promise.resolve().then(act);

const PIECE_BYTES = 1_000;

export function simulatedBackup({
  databases,
  url,
  reach = AT_ONCE,
}: {
  readonly databases: SimulatedDatabases;
  /** Of the database that is backed up. */
  readonly url: string;
  readonly reach?: ReachBackedUp;
}): Backup {
  const { contents } = databases;
  return {
    async take(context): Promise<Taken> {
      const content = await reach('take', context, () => there(contents.get(url), url));
      return {
        server: 'simulated 1',
        content: inPieces(simulatedBytes(content)),
        parts: () => Promise.resolve(simulatedParts(content)),
        close: () => Promise.resolve(),
      };
    },
    async restore(stream, context): Promise<Restored> {
      const pieces: Uint8Array[] = [];
      for await (const piece of stream) pieces.push(Buffer.from(piece));
      const content = simulatedContentIn(Buffer.concat(pieces));
      if (!content) throw damagedBackup('It is no simulated database');
      const address = await reach('restore', context, () => {
        databases.restored += 1;
        const made = new URL(url);
        made.hostname = `restored-${databases.restored}`;
        contents.set(made.toString(), content);
        return made.toString();
      });
      const now = (): SimulatedContent => there(contents.get(address), address);
      return {
        address,
        parts: () => reach('parts', context, () => simulatedParts(now())),
        faults: () => Promise.resolve([]),
        keep: () => Promise.resolve(),
        remove: () => reach('remove', null, () => void contents.delete(address)),
      };
    },
  };
}

function there(content: SimulatedContent | undefined, url: string): SimulatedContent {
  if (content) return content;
  throw operationalError('backup-unverifiable', `There is no database at ${url}.`);
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield await Promise.resolve(bytes.subarray(at, at + PIECE_BYTES));
  }
}
