/** Unpacks a tar archive below a folder, and nowhere else. */
import { chmod, mkdir, open, symlink, utimes } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { Readable } from 'node:stream';
import { extract, type Extract, type Header } from 'tar-stream';
import { damagedBackup } from '../core/backup/damaged-backup.ts';
import { OperationalError } from '../core/operational-error.ts';
import { isSystemError } from './is-system-error.ts';
import { splitBytes } from './split-bytes.ts';

/** Each write is a way to another thread and back. */
const WRITE_BYTES = 256 * 1024;

interface Entry extends Readable {
  readonly header: Header;
}

/** The folder is made. Throws `backup-damaged` for what is no such archive, or names something outside of the folder. */
export async function unpackTar(archive: AsyncIterable<Uint8Array>, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const entries = extract();
  const fed = feed(entries, archive);
  const modes: (readonly [path: string, mode: number])[] = [];
  const links = new Set<string>();
  try {
    for await (const entry of entries as AsyncIterable<Entry>) {
      const made = await unpackOne(entry, { folder, links });
      if (made) modes.push(made);
    }
  } catch (error) {
    entries.destroy();
    // What breaks the source is no fault of the archive.
    const { broken } = await fed;
    if (broken !== null) throw broken;
    if (isSystemError(error) || error instanceof OperationalError) throw error;
    throw damagedBackup('It is no archive', error);
  }
  if ((await fed).isEmpty) throw damagedBackup('It is empty');
  // In the end: nothing could be put into one that is only to be read.
  for (const [path, mode] of modes.reverse()) await chmod(path, mode);
}

/** A folder, whose mode comes last. */
async function unpackOne(
  entry: Entry,
  { folder, links }: { readonly folder: string; readonly links: Set<string> },
): Promise<readonly [path: string, mode: number] | null> {
  const { name, type, mode, mtime, linkname } = entry.header;
  const path = placeOf(folder, name);
  if (isBehindLink(path, links)) throw damagedBackup(`"${name}" in it lies behind a link`);
  switch (type) {
    case 'directory':
      await mkdir(path, { recursive: true, mode: 0o700 });
      entry.resume();
      return [path, mode];
    case 'symlink':
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await symlink(linkname, path);
      links.add(path);
      entry.resume();
      return null;
    case 'file':
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeAll(path, entry, mode);
      await utimes(path, mtime, mtime);
      return null;
    default:
      throw damagedBackup(`"${name}" in it is neither file, folder nor link`);
  }
}

function placeOf(folder: string, name: string): string {
  const path = normalize(name);
  if (path.startsWith('/') || path.split('/').includes('..')) {
    throw damagedBackup(`"${name}" in it lies outside of it`);
  }
  return join(folder, path);
}

function isBehindLink(path: string, links: ReadonlySet<string>): boolean {
  if (links.size === 0) return false;
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) if (links.has(at)) return true;
  return false;
}

async function writeAll(path: string, entry: Entry, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    const { size } = entry.header;
    const bytes = Math.max(1, Math.min(WRITE_BYTES, size));
    for await (const piece of splitBytes(entry, bytes)) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

/** Never rejects. */
async function feed(
  entries: Extract,
  archive: AsyncIterable<Uint8Array>,
): Promise<{ readonly broken: Error | null; readonly isEmpty: boolean }> {
  let isEmpty = true;
  try {
    for await (const piece of archive) {
      if (entries.destroyed) return { broken: null, isEmpty };
      if (piece.length > 0) isEmpty = false;
      if (!entries.write(piece)) await roomIn(entries);
    }
    entries.end(undefined);
    return { broken: null, isEmpty };
  } catch (error) {
    const broken = error instanceof Error ? error : new Error(String(error));
    entries.destroy(broken);
    return { broken, isEmpty };
  }
}

/** Also when nobody will read any more. */
function roomIn(entries: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      entries.off('drain', done);
      entries.off('close', done);
      resolve();
    };
    entries.on('drain', done);
    entries.on('close', done);
  });
}
