/** Files and folders: media, uploads, whatever a service keeps outside of its database. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { absolutePath } from '../../../core/model/absolute-path.ts';
import type { ContentPart } from '../../../core/backup/content.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { inScratch } from '../../../platform/noted-scratch.ts';
import { packTar, type TarEntry } from '../../../platform/pack-tar.ts';
import { unpackTar } from '../../../platform/unpack-tar.ts';
import type { Backup, Driver, Restored, Taken } from '../../contract.ts';
import { folderParts, linkPart, namesIn } from './folder-parts.ts';
import { switchFiles } from './switch-files.ts';

const config = z.strictObject({
  path: absolutePath.describe(
    'The folder that is backed up, with all below it. Links are kept as links.',
  ),
});

type Config = z.output<typeof config>;

export const filesBackup: Driver<'backup', Config> = {
  ...{ kind: 'backup', id: 'files', summary: 'Files of a folder.', config },
  capabilities: new Set(),
  connect: ({ path }, { stateDirectory }): Backup => ({
    take: () => Promise.resolve(takeFiles(path)),
    restore: (content) => restoreFiles(content, stateDirectory),
    switching: switchFiles(path),
  }),
};

function takeFiles(folder: string): Taken {
  const parts: ContentPart[] = [];
  return {
    server: 'files',
    content: packTar(entriesOf(folder, (part) => parts.push(part))),
    parts: () => Promise.resolve(parts),
    close: () => Promise.resolve(),
  };
}

async function* entriesOf(
  folder: string,
  told: (part: ContentPart) => void,
): AsyncGenerator<TarEntry> {
  for (const path of await namesIn(folder)) {
    const whole = join(folder, path);
    const stats = await lstat(whole);
    if (stats.isDirectory()) {
      yield { kind: 'folder', path, mode: stats.mode & 0o7777 };
    } else if (stats.isSymbolicLink()) {
      const target = await readlink(whole);
      told(linkPart(path, target));
      yield { kind: 'link', path, target };
    } else if (stats.isFile()) {
      const { size: bytes, mtime: modifiedAt } = stats;
      const content = () =>
        readJust(whole, bytes, (hash) => told({ name: path, size: bytes, hash }));
      yield { kind: 'file', path, mode: stats.mode & 0o7777, bytes, modifiedAt, content };
    } else {
      throw unusable(`"${whole}" is neither file, folder nor link.`);
    }
  }
}

/** What is written meanwhile would make it neither what it was nor what it is. */
async function* readJust(
  path: string,
  bytes: number,
  told: (hash: string) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    read += piece.length;
    if (read > bytes) break;
    hash.update(piece);
    yield piece;
  }
  if (read !== bytes) throw unusable(`"${path}" was written to while it was read.`);
  told(hash.digest('hex'));
}

function restoreFiles(
  content: AsyncIterable<Uint8Array>,
  stateDirectory: string,
): Promise<Restored> {
  return inScratch('files', { stateDirectory }, async ({ folder, keep, remove }) => {
    await unpackTar(content, folder);
    return {
      ...{ address: folder, keep, remove, parts: () => folderParts(folder) },
      faults: () => Promise.resolve(null),
    };
  });
}

function unusable(message: string): Error {
  return operationalError('backup-unverifiable', message);
}
