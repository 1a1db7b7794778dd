/**
 * The copy that the checks of a chain share. What prepares may change it; what reports must leave it as it is, or the
 * others look at something that is not the release.
 */
import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isSystemError } from '../../platform/is-system-error.ts';

export interface SharedCopy {
  readonly directory: string;
  /** Around what prepares: afterwards it is right as it is then. */
  readonly prepare: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** The first of its files that is no longer what it was; null without one, and while something prepares. */
  readonly firstChange: () => Promise<string | null>;
}

/** What is put beside its files later is nobody's matter: reports, caches. */
export async function shareCopy(directory: string): Promise<SharedCopy> {
  const paths = await filesIn(directory);
  let prints = await printsOf(directory, paths);
  let preparing = 0;
  return {
    directory,
    async prepare(work) {
      preparing += 1;
      try {
        return await work();
      } finally {
        prints = await printsOf(directory, paths);
        preparing -= 1;
      }
    },
    async firstChange() {
      if (preparing > 0) return null;
      const before = prints;
      const now = await printsOf(directory, paths);
      // Something may have begun to prepare meanwhile, or even have ended.
      if (preparing > 0 || before !== prints) return null;
      return paths.find((_, at) => now[at] !== before[at]) ?? null;
    },
  };
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(directory, join(parentPath, name)))
    .sort();
}

const AT_ONCE = 64;

/** In their order: one that is the same is the same file, of the same length, written at the same time. */
async function printsOf(directory: string, paths: readonly string[]): Promise<readonly string[]> {
  const prints: string[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE);
    prints.push(...(await Promise.all(some.map((path) => printOf(join(directory, path))))));
  }
  return prints;
}

async function printOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await lstat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return '';
    throw error;
  }
}
