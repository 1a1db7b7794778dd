/** Has a program write the content, and what it is made of at the same moment. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { operationalError } from '../../../core/operational-error.ts';
import { inScratch, type ScratchAsked } from '../../../platform/noted-scratch.ts';
import { unverifiableBy } from '../../../platform/unverifiable-by.ts';
import type { Taken } from '../../contract.ts';
import type { CommandConfig } from './config.ts';
import { readParts, runOwn } from './run-own.ts';

/** Nothing is handed out before the program has ended well. */
export function takeByCommand(
  { take: words, environment }: CommandConfig,
  asked: ScratchAsked,
): Promise<Taken> {
  const { signal } = asked;
  const taken = inScratch('command', asked, async ({ folder: directory, remove: close }) => {
    const content = join(directory, 'content');
    const listed = join(directory, 'parts');
    await runOwn({
      ...{ words, places: { parts: listed }, environment, directory },
      ...{ outputFile: content, signal, failure: unusable },
    });
    if ((await stat(content)).size === 0) throw unusable('It wrote nothing');
    const parts = await readParts(listed, unusable);
    if (parts.length === 0) throw unusable('It wrote no part');
    return {
      server: words[0] ?? '',
      content: createReadStream(content) as AsyncIterable<Buffer>,
      parts: () => Promise.resolve(parts),
      close,
    };
  });
  return taken.catch((error: unknown) => {
    throw unverifiableBy(error);
  });
}

function unusable(why: string): Error {
  return operationalError('backup-unverifiable', `The backup cannot be taken. ${why}.`);
}
