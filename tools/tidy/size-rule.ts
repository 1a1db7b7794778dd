/** A file fits into a head, a function on a screen. */
import ts from 'typescript';
import type { Finding } from './finding.ts';
import { lineOf } from './imports-of.ts';
import { isTest, type SourceTree } from './source-tree.ts';

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

export function sizeRule(tree: SourceTree): Finding[] {
  return [...tree.sources].flatMap(([path, source]) => {
    const lines = source.text.replace(/\n$/, '').split('\n').length;
    const message = `The file has ${lines} lines; at most ${FILE_LINES_MAX}.`;
    const findings = lines > FILE_LINES_MAX ? [{ path, message }] : [];
    // A test's callback is a script, not a function that is called.
    const isScript = isTest(path) || path.startsWith('src/drivers/contract-suites/');
    return isScript ? findings : [...findings, ...longFunctions(path, source)];
  });
}

function longFunctions(path: string, source: ts.SourceFile): Finding[] {
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const lines = codeLines(node.getText(source));
      if (lines > FUNCTION_LINES_MAX) {
        const message = `The function has ${lines} lines of code; at most ${FUNCTION_LINES_MAX}.`;
        findings.push({ path, line: lineOf(source, node), message });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

/** Lines that are neither blank nor comment. */
function codeLines(text: string): number {
  return text.split('\n').filter((line) => !/^\s*(?:$|\/\/|\/\*|\*)/.test(line)).length;
}
