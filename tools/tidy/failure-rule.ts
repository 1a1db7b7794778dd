/** Every failure code has its place in the reference, and the reference invents none. */
import ts from 'typescript';
import type { Finding } from './finding.ts';
import type { SourceTree } from './source-tree.ts';

const tablePath = 'src/core/failures.ts';
/** Parts of it stand in files of their own. */
const partPath = /^src\/core\/[a-z-]+-failures\.ts$/;
const referencePath = 'docs/reference/failures.md';

export function failureRule(tree: SourceTree): Finding[] {
  const table = tree.sources.get(tablePath);
  if (!table) return [];
  const parts = [...tree.sources].filter(([path]) => partPath.test(path));
  const codes = [table, ...parts.map(([, part]) => part)].flatMap(codesIn);
  if (codes.length === 0)
    return [{ path: tablePath, message: 'The table of failures is not found.' }];
  const reference = tree.texts.get(referencePath) ?? '';
  const headings = [...reference.matchAll(/^#+ `?([a-z-]+)`?\s*$/gm)].map(([, code]) => code ?? '');
  const missing = codes.filter((code) => !headings.includes(code));
  const invented = headings.filter((code) => code.includes('-') && !codes.includes(code));
  return [
    ...missing.map((code) => `No heading for the failure \`${code}\`; run \`npm run docs\`.`),
    ...invented.map((code) => `There is no failure \`${code}\`; run \`npm run docs\`.`),
  ].map((message) => ({ path: referencePath, message }));
}

function codesIn(table: ts.SourceFile): string[] {
  const codes: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && /^(?:[a-z]+F|f)ailures$/.test(node.name.getText(table))) {
      const literal = node.initializer && objectIn(node.initializer);
      for (const property of literal?.properties ?? []) {
        const name = property.name;
        if (name && (ts.isStringLiteral(name) || ts.isIdentifier(name))) codes.push(name.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(table);
  return codes;
}

function objectIn(node: ts.Expression): ts.ObjectLiteralExpression | null {
  if (ts.isObjectLiteralExpression(node)) return node;
  const isWrapped = ts.isAsExpression(node) || ts.isSatisfiesExpression(node);
  return isWrapped ? objectIn(node.expression) : null;
}
