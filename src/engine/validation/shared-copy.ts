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
  /** It may change all; what it has changed or made is right as it is then. */
  readonly prepare: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** The first of its files that was changed by anybody else, for good; null without one. */
  readonly firstChange: () => Promise<string | null>;
}

/** What a report puts beside its files is nobody's matter. */
export async function shareCopy(directory: string): Promise<SharedCopy> {
  let right = await printsOf(directory, await filesIn(directory));
  let first: string | null = null;
  const firstChange = async (): Promise<string | null> => {
    if (first !== null) return first;
    const now = await printsOf(directory, [...right.keys()]);
    first = [...right.keys()].find((path) => now.get(path) !== right.get(path)) ?? null;
    return first;
  };
  return {
    directory,
    firstChange,
    async prepare(work) {
      await firstChange();
      const before = await printsOf(directory, await filesIn(directory));
      const result = await work();
      const after = await printsOf(directory, await filesIn(directory));
      const made = [...after].filter(
        ([path, print]) => right.has(path) || (before.get(path) !== print && !isCache(path)),
      );
      right = new Map(made);
      return result;
    },
  };
}

/** Tools write these whenever they run. */
function isCache(path: string): boolean {
  return path.split('/').some((name) => CACHE.test(name));
}
const CACHE = /^(?:\..*cache|\.(?:vite|turbo|tmp)|__pycache__|.*\.tsbuildinfo)$/;

async function filesIn(directory: string): Promise<readonly string[]> {
  const found = await pathsBelow(directory);
  return found.flatMap(({ path, entry }) => (entry.isDirectory() ? [] : [path]));
}

const AT_ONCE = 64;

/** In their order. When something of a file was changed last nobody can set back: its content, its name, its mode. */
async function printsOf(
  directory: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const prints = new Map<string, string>();
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE);
    const found = await Promise.all(some.map((path) => printOf(join(directory, path))));
    some.forEach((path, index) => prints.set(path, found[index] ?? ''));
  }
  return prints;
}

async function printOf(path: string): Promise<string> {
  const found = await unlessMissing(lstat(path, { bigint: true }));
  return found ? `${found.ino} ${found.ctimeNs}` : '';
}
