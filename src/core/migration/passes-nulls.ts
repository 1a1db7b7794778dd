/** Whether a check lets through the rows of old code, which leave new columns null. */
import type { A_Expr, BoolExpr, ColumnRef, Node } from '@pgsql/types';
import { isConstant, isTotalOperation } from './is-total.ts';
import { itemsOf, wordsOf } from './name-of.ts';
import { kindAndBody } from './nodes-in.ts';

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
