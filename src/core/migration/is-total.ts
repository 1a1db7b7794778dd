/** Whether an expression can fail on what old code writes. */
import type { A_Expr, FuncCall, Node, TypeCast } from '@pgsql/types';
import { isTotalFunction } from './function-kinds.ts';
import type { MadeHere } from './made-here.ts';
import { wordsOf } from './name-of.ts';
import { kindAndBody } from './nodes-in.ts';
import { callKind } from './unknown-calls.ts';

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

export function isTotalOperation({ name }: A_Expr): boolean {
  const words = wordsOf(name);
  return words.every((word) => totalOperators.has(word) || word === 'BETWEEN');
}

export function isConstant(node: Node | undefined): boolean {
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
