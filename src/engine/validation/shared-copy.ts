/**
 * The copy that the checks of a chain share. What prepares may change it; what reports must leave it as it is, or the
 * others look at something that is not the release.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathsBelow } from '../../platform/paths-below.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';

export interface SharedCopy {
  readonly directory: string;
  /** Behind what prepares: it is right as it is now. */
  readonly accept: () => Promise<void>;
  /** The first of its files that is no longer what it was; null without one. */
  readonly firstChange: () => Promise<string | null>;
}

/** What is put beside its files later is nobody's matter: reports, caches. */
export async function shareCopy(directory: string): Promise<SharedCopy> {
  const paths = await filesIn(directory);
  let prints = await printsOf(directory, paths);
  return {
    directory,
    async accept() {
      prints = await printsOf(directory, paths);
    },
    async firstChange() {
      const now = await printsOf(directory, paths);
      return paths.find((_, at) => now[at] !== prints[at]) ?? null;
    },
  };
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const found = await pathsBelow(directory);
  return found.flatMap(({ path, entry }) => (entry.isDirectory() ? [] : [path]));
}

const AT_ONCE = 64;

/** In their order. When something of a file was changed last nobody can set back: its content, its name, its mode. */
async function printsOf(directory: string, paths: readonly string[]): Promise<readonly string[]> {
  const prints: string[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE);
    prints.push(...(await Promise.all(some.map((path) => printOf(join(directory, path))))));
  }
  return prints;
}

async function printOf(path: string): Promise<string> {
  const found = await unlessMissing(lstat(path, { bigint: true }));
  return found ? `${found.ino} ${found.ctimeNs}` : '';
}
