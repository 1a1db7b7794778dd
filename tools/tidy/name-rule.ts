/** A file is found by the name of what it exports. */
import { basename } from 'node:path/posix';
import { exportsOf } from './exports-of.ts';
import type { Finding } from './finding.ts';
import { isTest, type SourceTree } from './source-tree.ts';

const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|config|d))?\.(?:ts|tsx|mjs|js)$/;
const emptyNames = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types']);
const fixedNames = new Set(['contract.ts', 'driver.ts', 'main.ts', 'registry.ts']);

export function nameRule(tree: SourceTree): Finding[] {
  const paths = [...tree.texts.keys()].filter((path) => /\.(?:ts|tsx|mjs|js)$/.test(path));
  return paths.flatMap((path) => {
    const name = basename(path);
    const folders = path.split('/').slice(0, -1);
    const stem = name.replace(/\..*$/, '');
    if (!kebabCase.test(name)) return [{ path, message: 'File names are kebab-case.' }];
    const empty = [...folders, stem].find((part) => emptyNames.has(part));
    if (empty !== undefined) {
      return [{ path, message: `"${empty}" says nothing: name it after what it holds.` }];
    }
    const source = tree.sources.get(path);
    if (!source || isFree(path, name)) return [];
    const exported = exportsOf(source);
    // A program exports nothing; orphan-rule.ts asks who starts it.
    if (exported.length === 0 || exported.some((each) => isNamedAfter(stem, each))) return [];
    return [{ path, message: `Not named after one of its exports: ${exported.join(', ')}.` }];
  });
}

function isFree(path: string, name: string): boolean {
  // Examples stand for other people's systems.
  if (isTest(path) || path.startsWith('examples/')) return true;
  return fixedNames.has(name) || name.endsWith('-main.ts');
}

/** One word in common is enough: `pool.ts` may hold PoolSpec, `durable-file.ts` writeDurably. */
function isNamedAfter(stem: string, exported: string): boolean {
  const wanted = stem.split('-');
  const words = kebabOf(exported).split('-');
  return wanted.some((want) => words.some((word) => stemOf(want) === stemOf(word)));
}

/** Enough of a word to match its plural, its verb and its adverb. */
function stemOf(word: string): string {
  return word.length > 5 ? word.slice(0, 5) : word.replace(/s$/, '');
}

function kebabOf(name: string): string {
  return name
    .replaceAll('_', '-')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}
