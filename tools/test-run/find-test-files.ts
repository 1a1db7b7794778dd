/** Finds the test files, and says which need a process of their own, and what may run beside them. */
import { existsSync, globSync } from 'node:fs';
import { join, relative } from 'node:path';

const folders = ['src', 'tools', 'test', 'examples'];
const skippedFolders = new Set(['node_modules', 'releases', '.surefoot']);
/** Each file in them needs a process of its own. */
const heavyFolders = ['test/crash/', 'test/e2e/'];
/** So it does in these; nothing in them takes real time, so that they may run beside what does. */
const computedFolders = ['test/model/', 'test/simulation/'];

/** Paths relative to `root` that run in one process. */
type Group = readonly string[];

/** All three lists are begun at once, and go on one group after another. */
export interface TestGroups {
  readonly light: readonly Group[];
  /** These mostly wait. */
  readonly heavy: readonly Group[];
  readonly computed: readonly Group[];
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
  return {
    light: light.length === 0 ? [] : [light],
    heavy: files.filter(isHeavy).map((path) => [path]),
    computed: files.filter(isComputed).map((path) => [path]),
  };
}

function isIn(folders: readonly string[]): (path: string) => boolean {
  return (path) => folders.some((folder) => path.startsWith(folder));
}
