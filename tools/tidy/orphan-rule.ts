/** Every source file is used by a program, a test or a script. */
import type { Finding } from './finding.ts';
import { importsOf, namedFilesOf } from './imports-of.ts';
import { isTest, type SourceTree } from './source-tree.ts';

export function orphanRule(tree: SourceTree): Finding[] {
  const scripts = tree.texts.get('package.json') ?? '';
  const isEntry = (path: string): boolean =>
    path === 'src/main.ts' ||
    path.endsWith('-main.ts') ||
    path.endsWith('.test.ts') ||
    path.endsWith('.config.ts') ||
    path.startsWith('examples/') ||
    /^(?:tools|web)\/[^/]+\.tsx?$/.test(path) ||
    scripts.includes(path);
  const reached = new Set<string>();
  const open = [...tree.sources.keys()].filter(isEntry);
  open.push(...namedInPlainFiles(tree));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const source = tree.sources.get(path);
    if (!source || reached.has(path)) continue;
    reached.add(path);
    open.push(...importsOf(source).flatMap(({ target }) => target ?? []), ...namedFilesOf(source));
  }
  return [...tree.sources.keys()]
    .filter((path) => !reached.has(path))
    .map((path) => ({
      path,
      message: isTest(path)
        ? 'No test uses it.'
        : 'Nothing uses it: no program, no test, no script in package.json.',
    }));
}

/** Sources that plain JavaScript names: eslint.config.js, the starters in bin and tools. */
function namedInPlainFiles(tree: SourceTree): string[] {
  const plain = [...tree.texts].filter(([path]) => /\.m?js$/.test(path));
  return plain.flatMap(([, text]) =>
    [...text.matchAll(/\.{1,2}\/((?:src|tools)\/[\w/.-]+\.ts)/g)].flatMap(([, path]) => path ?? []),
  );
}
