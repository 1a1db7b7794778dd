/** What text must not hold: work without an issue, paths of one machine; and what it must begin with. */
import ts from 'typescript';
import type { Finding } from './finding.ts';
import { isTest, type SourceTree } from './source-tree.ts';

const unfinished = /(?:\/\/|\*|#|<!--).*\b(?:T[O]DO|F[I]XME)\b(?!.*#\d)/;
const machinePath = /(?<![\w.})\]~-])\/(?:work|home|Users|root)\/[\w.-]+/;

export function textRule(tree: SourceTree): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree.texts) {
    for (const [index, content] of text.split('\n').entries()) {
      const line = index + 1;
      if (unfinished.test(content)) {
        findings.push({ path, line, message: 'Work that is left needs an issue number (#12).' });
      }
      const found = machinePath.exec(content)?.[0];
      if (found !== undefined) {
        findings.push({ path, line, message: `${found} is a path of one machine.` });
      }
    }
  }
  for (const [path, source] of tree.sources) {
    if (!/^src\/(?:core|engine|drivers)\//.test(path) || isTest(path)) continue;
    if (!hasOpening(source)) {
      findings.push({ path, message: 'Begin with a comment on its part in the whole.' });
    }
  }
  return findings;
}

/** A comment at the top, or on the first thing that the file declares or exports. */
function hasOpening(source: ts.SourceFile): boolean {
  const own = source.statements.find((statement) => !ts.isImportDeclaration(statement));
  const exported = source.statements.find((each) => each.getText(source).startsWith('export'));
  return [source.statements[0], own, exported].some((statement) => {
    if (!statement) return false;
    return (ts.getLeadingCommentRanges(source.text, statement.getFullStart()) ?? []).length > 0;
  });
}
