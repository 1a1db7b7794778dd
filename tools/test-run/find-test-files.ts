/** Finds the test files, and says which need a process of their own, and what may run beside them. */
import { existsSync, globSync } from 'node:fs';
import { join, relative } from 'node:path';

const folders = ['src', 'tools', 'test', 'examples'];
const skippedFolders = new Set(['node_modules', 'releases', '.surefoot']);
/** Each file in them needs a process of its own. */
const heavyFolders = ['test/crash/', 'test/e2e/'];
/** So it does in these; nothing in them takes real time, so that they may run beside what does. */
const computedFolders = ['test/model/', 'test/simulation/'];

/**
 * Each group has paths relative to `root` and runs in one process. Both lists are begun at once, and go on
 * one group after another.
 */
export interface TestGroups {
  readonly timed: readonly (readonly string[])[];
  readonly computed: readonly (readonly string[])[];
}

export function findTestFiles(root: string, filters: readonly string[]): TestGroups {
  const files = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      globSync(`${folder}/**/*.test.ts`, {
        cwd: root,
        exclude: (path) => skippedFolders.has(path.split('/').at(-1) ?? ''),
      }),
    )
    .map((path) => relative(root, join(root, path)))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .sort();
  const isHeavy = isIn(heavyFolders);
  const isComputed = isIn(computedFolders);
  const light = files.filter((path) => !isHeavy(path) && !isComputed(path));
  const heavy = files.filter(isHeavy).map((path) => [path]);
  return {
    timed: light.length === 0 ? heavy : [light, ...heavy],
    computed: files.filter(isComputed).map((path) => [path]),
  };
}

function isIn(folders: readonly string[]): (path: string) => boolean {
  return (path) => folders.some((folder) => path.startsWith(folder));
}
