/** Named exports of its own, no module state. */
import ts from 'typescript';
import { exportsOf } from './exports-of.ts';
import type { Finding } from './finding.ts';
import { lineOf } from './imports-of.ts';
import type { SourceTree } from './source-tree.ts';

/** Files that a tool loads by their default export. */
const loadedByDefault = new Set(['tools/test-run/tally-reporter.ts', 'web/vite.config.ts']);

export function exportRule(tree: SourceTree): Finding[] {
  return [...tree.sources].flatMap(([path, source]) => {
    const findings: Finding[] = [];
    if (exportsOf(source).includes('default') && !loadedByDefault.has(path)) {
      findings.push({ path, message: 'No default export: name it where it is made.' });
    }
    if (isBarrel(source)) {
      findings.push({ path, message: 'Only passes on what others export: import from them.' });
    }
    for (const statement of source.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      if ((statement.declarationList.flags & ts.NodeFlags.Let) === 0) continue;
      const message = 'No state in a module: pass it as an argument.';
      findings.push({ path, line: lineOf(source, statement), message });
    }
    return findings;
  });
}

function isBarrel({ statements }: ts.SourceFile): boolean {
  const passesOn = statements.some((each) => ts.isExportDeclaration(each) && each.moduleSpecifier);
  return (
    passesOn &&
    statements.every((each) => ts.isExportDeclaration(each) || ts.isImportDeclaration(each))
  );
}
