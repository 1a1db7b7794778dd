/**
 * The host's own copies of artifacts, by digest. Instances run from a copy, so that a release file
 * replaced during a deployment changes nothing that runs or will be started again.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { digestArtifact } from '../platform/artifact-digest.ts';
import { listArtifactTree, type ArtifactTree } from '../platform/artifact-tree.ts';
import { syncDirectory } from '../platform/durable-file.ts';
import { createSerialQueue } from './serial-queue.ts';

const UNFINISHED = 'unfinished-';

export interface ArtifactStore {
  /**
   * The folder to run the artifact in. A copy with this digest is used without a look at the source;
   * otherwise throws `artifact-missing` or `artifact-mismatch`. Kept at least until `release`.
   */
  take(artifact: { path: string; digest: string }): Promise<string>;
  release(digest: string): void;
  /** Reads all of the copy. Throws `artifact-missing` or `artifact-mismatch`. */
  verify(digest: string): Promise<void>;
  /** Removes the copies that are neither in `used` nor taken. */
  prune(used: () => ReadonlySet<string>): Promise<void>;
  directoryOf(digest: string): string;
}

export async function openArtifactStore(directory: string): Promise<ArtifactStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory)) {
    if (name.startsWith(UNFINISHED)) await rm(join(directory, name), { recursive: true });
  }
  const serial = createSerialQueue();
  const takers = new Map<string, number>();
  const directoryOf = (digest: string): string => join(directory, digest.replace(':', '-'));

  return {
    take(artifact) {
      takers.set(artifact.digest, (takers.get(artifact.digest) ?? 0) + 1);
      return serial(async () => {
        const place = directoryOf(artifact.digest);
        if (!(await isThere(place))) await copyInto(directory, artifact, place);
        return place;
      });
    },
    release(digest) {
      const left = (takers.get(digest) ?? 1) - 1;
      if (left > 0) takers.set(digest, left);
      else takers.delete(digest);
    },
    async verify(digest) {
      const place = directoryOf(digest);
      if (!(await isThere(place))) {
        throw operationalError(
          'artifact-missing',
          `The copy of ${digest} in the state directory is gone.`,
        );
      }
      const found = await digestOfCopy(place, digest);
      if (found === digest) return;
      throw operationalError(
        'artifact-mismatch',
        `The copy of ${digest} in the state directory was changed: it is ${found}.`,
        {
          details: { observed: found, expected: digest },
        },
      );
    },
    prune: (used) =>
      serial(async () => {
        const kept = new Set([...used(), ...takers.keys()].map(directoryOf));
        for (const name of await readdir(directory)) {
          const path = join(directory, name);
          if (!kept.has(path)) await rm(path, { recursive: true, force: true });
        }
      }),
    directoryOf,
  };
}

/** A file has its digest by its own name, a folder by what is in it. */
async function digestOfCopy(place: string, expected: string): Promise<string> {
  const { digest } = await digestArtifact(place);
  const [name, ...others] = await readdir(place);
  if (digest === expected || name === undefined || others.length > 0) return digest;
  const inside = join(place, name);
  return (await stat(inside)).isFile() ? (await digestArtifact(inside)).digest : digest;
}

async function copyInto(
  directory: string,
  artifact: { path: string; digest: string },
  place: string,
): Promise<void> {
  const unfinished = join(directory, `${UNFINISHED}${randomUUID()}`);
  try {
    const tree = await listArtifactTree(artifact.path);
    await mkdir(unfinished, { mode: 0o700 });
    await copyTree(tree, unfinished);
    // The copy is what will run, hence the copy is what must have the planned digest.
    const name = tree.kind === 'file' ? tree.entries[0]?.path : undefined;
    const copied = await digestArtifact(name === undefined ? unfinished : join(unfinished, name));
    if (copied.digest !== artifact.digest) {
      throw operationalError(
        'artifact-mismatch',
        `"${artifact.path}" has the digest ${copied.digest}, planned was ${artifact.digest}.`,
        { details: { observed: copied.digest, expected: artifact.digest } },
      );
    }
    await rename(unfinished, place);
    await syncDirectory(directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function copyTree(tree: ArtifactTree, destination: string): Promise<void> {
  for (const entry of tree.entries) {
    const target = join(destination, entry.path);
    switch (entry.kind) {
      case 'directory':
        await mkdir(target);
        break;
      case 'file':
        await copyFile(join(tree.base, entry.path), target, constants.COPYFILE_FICLONE);
        break;
      case 'link':
        await symlink(entry.target, target);
        break;
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
