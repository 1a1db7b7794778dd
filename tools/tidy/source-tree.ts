/** The repository as data, so that a rule can be tried on a tree that exists only in a test. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const skippedFolders = new Set(['node_modules', '.git', '.surefoot', 'dist', 'coverage']);
const skippedPaths = new Set(['examples/registry/releases', 'package-lock.json']);
const readEndings =
  /\.(?:ts|tsx|mjs|js|json|md|ya?ml|sh|html|css|sql|txt)$|(?:^|\/)(?:\.ci\/run|LICENSE)$/;

export interface SourceTree {
  /** Contents by path relative to the root, with `/` between folders, in order. */
  readonly texts: ReadonlyMap<string, string>;
  /** The TypeScript files of it, parsed. */
  readonly sources: ReadonlyMap<string, ts.SourceFile>;
}

export function sourceTreeOf(texts: ReadonlyMap<string, string>): SourceTree {
  const sources = new Map<string, ts.SourceFile>();
  for (const [path, text] of texts) {
    if (!/\.(?:ts|tsx)$/.test(path)) continue;
    sources.set(path, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  }
  return { texts, sources };
}

export function readSourceTree(root: string): SourceTree {
  const texts = new Map<string, string>();
  for (const path of pathsBelow(root, '')) texts.set(path, readFileSync(join(root, path), 'utf8'));
  return sourceTreeOf(texts);
}

function pathsBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skippedPaths.has(path)) return [];
      if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : pathsBelow(root, path);
      return entry.isFile() && readEndings.test(path) ? [path] : [];
    });
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith('test/');
}
