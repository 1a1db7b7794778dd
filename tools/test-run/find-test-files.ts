/** Finds the test files, and says which need a process of their own. */
import { existsSync, globSync } from 'node:fs';
import { join, relative } from 'node:path';

const folders = ['src', 'tools', 'test', 'examples'];
const skippedFolders = new Set(['node_modules', 'releases', '.surefoot']);
const heavyFolders = ['test/crash/', 'test/e2e/', 'test/model/', 'test/simulation/'];

/** Groups of paths relative to `root`; each group runs in one process, one group after another. */
export function findTestFiles(root: string, filters: readonly string[]): string[][] {
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
  const isHeavy = (path: string): boolean => heavyFolders.some((folder) => path.startsWith(folder));
  const light = files.filter((path) => !isHeavy(path));
  const heavy = files.filter(isHeavy).map((path) => [path]);
  return light.length === 0 ? heavy : [light, ...heavy];
}
