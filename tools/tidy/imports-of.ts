/** Reads what a file refers to: imports, re-exports, and files that it names in order to start them. */
import { dirname, join, normalize } from 'node:path/posix';
import ts from 'typescript';

export interface ImportReference {
  readonly specifier: string;
  /** Path in the tree for a relative specifier; null for a package or a module of Node. */
  readonly target: string | null;
  readonly line: number;
  /** Erased before the program runs. */
  readonly isTypeOnly: boolean;
  /** Names in braces, `default` for the one before them; empty for `import * as`, dynamic imports and side effects. */
  readonly names: readonly string[];
}

export function importsOf(source: ts.SourceFile): ImportReference[] {
  const found: ImportReference[] = [];
  const add = (node: ts.Node, specifier: string, isTypeOnly: boolean, names: string[]): void => {
    const target = specifier.startsWith('.') ? resolved(source.fileName, specifier) : null;
    found.push({ specifier, target, line: lineOf(source, node), isTypeOnly, names });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const { names, isTypeOnly } = importedNames(node.importClause);
      add(node, node.moduleSpecifier.text, isTypeOnly, names);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      if (ts.isStringLiteral(node.moduleSpecifier)) {
        add(node, node.moduleSpecifier.text, node.isTypeOnly, []);
      }
    } else if (isDynamicImport(node)) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) add(node, argument.text, false, []);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal))
        add(node, node.argument.literal.text, true, []);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Every string in a file that may name another file of the tree: worker and program entries. */
export function namedFilesOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && /\.(?:ts|mjs)$/.test(node.text)) {
      found.push(resolved(source.fileName, node.text), normalize(node.text));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

function importedNames(clause: ts.ImportClause | undefined): {
  names: string[];
  isTypeOnly: boolean;
} {
  if (!clause) return { names: [], isTypeOnly: false };
  const bindings = clause.namedBindings;
  const elements = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  const areTypes = elements.length > 0 && elements.every((element) => element.isTypeOnly);
  return {
    names: [
      ...(clause.name ? ['default'] : []),
      ...elements.map((element) => (element.propertyName ?? element.name).text),
    ],
    isTypeOnly: clause.phaseModifier === ts.SyntaxKind.TypeKeyword || (areTypes && !clause.name),
  };
}

function isDynamicImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function resolved(from: string, specifier: string): string {
  return normalize(join(dirname(from), specifier));
}
