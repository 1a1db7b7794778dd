/** What a default, a check, an indexed or a generated value can do to the statements of old code. */
import type { A_Expr, BoolExpr, ColumnRef, FuncCall, Node, TypeCast } from '@pgsql/types';
import { functionKind, isTotalFunction, type FunctionKind } from './function-kinds.ts';
import { isMade, type MadeHere } from './made-here.ts';
import { bodiesIn, itemsOf, kindAndBody, wordsOf } from './syntax.ts';

/** The names of functions below that may do anything. */
export function unknownCalls(tree: unknown, made: MadeHere): string[] {
  return bodiesIn(tree, 'FuncCall').flatMap((call) =>
    callKind(call, made) === 'unknown' ? [wordsOf(call.funcname).join('.')] : [],
  );
}

/** One that the deployment made itself may be an overload of PostgreSQL's name. */
function callKind({ funcname }: FuncCall, made: MadeHere): FunctionKind {
  const words = wordsOf(funcname);
  const [relname = ''] = words.toReversed();
  return isMade(made, 'function', { relname }) ? 'unknown' : functionKind(words);
}

/** Whether each row of a table gets another value, which PostgreSQL must then write. */
export function volatilityOf(tree: unknown, made: MadeHere): 'no' | 'maybe' | 'yes' {
  const kinds = bodiesIn(tree, 'FuncCall').map((call) => callKind(call, made));
  if (kinds.includes('fickle')) return 'yes';
  return kinds.includes('unknown') ? 'maybe' : 'no';
}

const totalOperators = new Set([
  '=',
  '<>',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  '||',
  '->',
  '->>',
  '~~',
  '!~~',
]);
const totalNodes = new Set([
  ...['A_ArrayExpr', 'A_Const', 'A_Expr', 'BoolExpr', 'BooleanTest', 'CaseExpr', 'CaseWhen'],
  ...['CoalesceExpr', 'ColumnRef', 'FuncCall', 'List', 'MinMaxExpr', 'NullTest', 'String'],
  ...['TypeCast', 'TypeName', 'Integer'],
]);

/** That no value of its columns makes it fail: a cast or a division may, and so may what is not known. */
export function isTotal(expression: Node, made: MadeHere): boolean {
  const { kind, body } = kindAndBody(expression);
  if (!totalNodes.has(kind)) return false;
  const isTotalHere =
    kind === 'A_Expr'
      ? isTotalOperation(body)
      : kind === 'TypeCast'
        ? isConstant((body as TypeCast).arg)
        : kind !== 'FuncCall' || isTotalCall(body, made);
  return isTotalHere && operandsOf(kind, body).every((operand) => isTotal(operand, made));
}

function isTotalCall(call: FuncCall, made: MadeHere): boolean {
  return isTotalFunction(wordsOf(call.funcname)) && callKind(call, made) !== 'unknown';
}

function isTotalOperation({ name }: A_Expr): boolean {
  const words = wordsOf(name);
  return words.every((word) => totalOperators.has(word) || word === 'BETWEEN');
}

function isConstant(node: Node | undefined): boolean {
  return node !== undefined && 'A_Const' in node;
}

function operandsOf(kind: string, body: object): Node[] {
  if (kind === 'TypeCast' || kind === 'A_Const' || kind === 'ColumnRef') return [];
  return Object.entries(body).flatMap(([key, value]: [string, unknown]) =>
    key === 'name' || key === 'funcname' ? [] : nodesAt(value),
  );
}

function nodesAt(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesAt);
  return typeof value === 'object' && value !== null ? [value as Node] : [];
}

/**
 * That a row of old code, in which all of these columns are null, passes a check: each comparison is
 * with one of them, so that it is null, and so is whatever `AND`, `OR` and `NOT` make of it.
 */
export function passesNulls(expression: Node, columns: ReadonlySet<string>): boolean {
  const { kind, body } = kindAndBody(expression);
  if (kind === 'BoolExpr') {
    const { args = [] } = body as BoolExpr;
    return args.length > 0 && args.every((part) => passesNulls(part, columns));
  }
  if (kind !== 'A_Expr') return false;
  const comparison = body as A_Expr;
  const isStrict = strictKinds.has(comparison.kind ?? '') && isTotalOperation(comparison);
  const sides = [...itemsOf(comparison.lexpr), ...itemsOf(comparison.rexpr)];
  const [first] = sides;
  if (!isStrict || first === undefined || columnOf(first) === null) return false;
  return sides.every((side) => {
    const column = columnOf(side);
    return column === null ? isConstantSide(side) : columns.has(column);
  });
}

const strictKinds = new Set(['AEXPR_OP', 'AEXPR_IN', 'AEXPR_LIKE', 'AEXPR_ILIKE', 'AEXPR_BETWEEN']);

function isConstantSide(node: Node): boolean {
  return isConstant(node) || ('TypeCast' in node && isConstant(node.TypeCast.arg));
}

/** A column, or the length or case of one. */
function columnOf(node: Node): string | null {
  if ('ColumnRef' in node) return onlyWord(node.ColumnRef);
  if (!('FuncCall' in node)) return null;
  const { funcname, args = [] } = node.FuncCall;
  const [argument] = args;
  const isPlain = ['char_length', 'length', 'lower', 'upper'].includes(wordsOf(funcname).join('.'));
  return isPlain && args.length === 1 && argument && 'ColumnRef' in argument
    ? onlyWord(argument.ColumnRef)
    : null;
}

function onlyWord({ fields }: ColumnRef): string | null {
  const words = wordsOf(fields);
  return words.length === 1 && fields?.length === 1 ? (words[0] ?? null) : null;
}
