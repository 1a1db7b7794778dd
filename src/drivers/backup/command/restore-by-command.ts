/** Has a program restore the content in a folder of its own, and another say what is in it. */
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { inScratch, type ScratchAsked } from '../../../platform/noted-scratch.ts';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { unverifiableBy } from '../../../platform/unverifiable-by.ts';
import type { Restored } from '../../contract.ts';
import type { CommandConfig } from './config.ts';
import { readParts, runOwn } from './run-own.ts';

/** The content is whole before the program gets any of it. */
export function restoreByCommand(
  content: AsyncIterable<Uint8Array>,
  { restore, list, environment }: CommandConfig,
  asked: ScratchAsked,
): Promise<Restored> {
  const { signal } = asked;
  const restored = inScratch('command', asked, async ({ folder: directory, keep, remove }) => {
    const address = join(directory, 'restored');
    const common = {
      ...{ places: { folder: address }, environment, directory, signal },
      failure: damagedBackup,
    };
    const inputFile = join(directory, 'content');
    await pipeline(content, createWriteStream(inputFile, { mode: 0o600 }), { signal });
    if ((await stat(inputFile)).size === 0) throw damagedBackup('There is nothing in it');
    await mkdir(address, { mode: 0o700 });
    await runOwn({ ...common, words: restore, inputFile, outputFile: null });
    await rm(inputFile);
    return {
      ...{ address, keep, remove, faults: () => Promise.resolve(null) },
      async parts() {
        const outputFile = join(directory, 'parts');
        await runOwn({ ...common, words: list, outputFile });
        return readParts(outputFile, damagedBackup);
      },
    };
  });
  return restored.catch((error: unknown) => {
    throw unverifiableBy(error);
  });
}
