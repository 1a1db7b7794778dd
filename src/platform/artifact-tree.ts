/**
 * Lists what belongs to a release's artifact, and refuses what cannot be copied and run elsewhere:
 * links that leave the tree, sockets, devices, pipes.
 */
import type { Stats } from 'node:fs';
import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { isInside } from './is-inside.ts';
import { operationalError } from '../core/operational-error.ts';

export type ArtifactEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly executable: boolean;
      readonly bytes: number;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export interface ArtifactTree {
  readonly kind: 'directory' | 'file';
  /** The folder that the entries' paths are relative to. */
  readonly base: string;
  /** Parents before children, sorted by the bytes of their path; a file artifact has one entry. */
  readonly entries: readonly ArtifactEntry[];
}

/** Throws `artifact-missing` when there is nothing to run, `config-invalid` for what is refused. */
export async function listArtifactTree(path: string): Promise<ArtifactTree> {
  const root = await resolveRoot(path);
  const stats = await lstat(root);
  if (stats.isFile()) {
    // The name that was declared counts: the command refers to it.
    const entry = fileEntry(basename(path), stats);
    return { kind: 'file', base: dirname(resolve(path)), entries: [entry] };
  }
  if (!stats.isDirectory()) throw refused(path, 'it is neither a file nor a directory');
  const entries: ArtifactEntry[] = [];
  await listDirectory(root, '', entries);
  if (!entries.some((entry) => entry.kind === 'file')) {
    throw operationalError('artifact-missing', `The artifact "${path}" is an empty directory.`);
  }
  entries.sort((left, right) => Buffer.compare(Buffer.from(left.path), Buffer.from(right.path)));
  return { kind: 'directory', base: root, entries };
}

async function resolveRoot(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && isMissing(error.code)) {
      throw operationalError('artifact-missing', `The artifact "${path}" does not exist.`, {
        cause: error,
      });
    }
    throw error;
  }
}

function isMissing(code: unknown): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR';
}

async function listDirectory(root: string, path: string, entries: ArtifactEntry[]): Promise<void> {
  for (const name of await readdir(join(root, path))) {
    const child = path === '' ? name : `${path}/${name}`;
    if (name.includes('\uFFFD')) throw refused(join(root, child), 'its name is not valid UTF-8');
    const stats = await lstat(join(root, child));
    if (stats.isDirectory()) {
      entries.push({ kind: 'directory', path: child });
      await listDirectory(root, child, entries);
    } else if (stats.isFile()) {
      entries.push(fileEntry(child, stats));
    } else if (stats.isSymbolicLink()) {
      entries.push({ kind: 'link', path: child, target: await targetInside(root, child) });
    } else {
      throw refused(join(root, child), 'it is a socket, a pipe or a device');
    }
  }
}

function fileEntry(path: string, stats: Stats): ArtifactEntry {
  return { kind: 'file', path, executable: (stats.mode & 0o100) !== 0, bytes: stats.size };
}

async function targetInside(root: string, path: string): Promise<string> {
  const absolute = join(root, path);
  const target = await readlink(absolute);
  if (isAbsolute(target)) throw refused(absolute, `it links to the absolute path "${target}"`);
  const leaves = `it links to "${target}", outside of the artifact`;
  if (!isInside(root, resolve(dirname(absolute), target))) throw refused(absolute, leaves);
  try {
    // A chain of links can leave the tree although each text looks harmless.
    if (!isInside(root, await realpath(absolute))) throw refused(absolute, leaves);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ELOOP') throw refused(absolute, 'it links to itself in a circle');
    // A link to nothing may be filled later by the release itself.
    if (!isMissing(code)) throw error;
  }
  return target;
}

function refused(path: string, reason: string): Error {
  return operationalError('config-invalid', `"${path}" cannot be part of an artifact: ${reason}.`);
}
