/** No file needs itself in order to be loaded. Imports of types are erased and do not count. */
import type { Finding } from './finding.ts';
import { importsOf } from './imports-of.ts';
import type { SourceTree } from './source-tree.ts';

export function cycleRule(tree: SourceTree): Finding[] {
  const edges = new Map<string, string[]>();
  for (const [path, source] of tree.sources) {
    const needed = importsOf(source).filter(({ isTypeOnly }) => !isTypeOnly);
    edges.set(path, [
      ...new Set(needed.flatMap(({ target }) => (target === null ? [] : [target]))),
    ]);
  }
  const done = new Set<string>();
  const findings: Finding[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const circle = [...trail.slice(start), path].join(' → ');
      findings.push({ path, message: `Imports go round in a circle: ${circle}.` });
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return findings;
}
