/** Whether what a component says of its licences is allowed: an expression of SPDX, held against ids. */
import parseExpression from 'spdx-expression-parse';

/** `unknown`: it says nothing, or nothing that SPDX knows. */
export type LicenceVerdict = 'allowed' | 'refused' | 'unknown';

/** One part of `OR` is enough, of `AND` both are needed; an exception or a `+` must be allowed itself. */
export function judgeLicence(text: string, allowed: ReadonlySet<string>): LicenceVerdict {
  const expression = parsed(text);
  if (expression === null) return 'unknown';
  return isAllowed(expression, allowed) ? 'allowed' : 'refused';
}

/** One licence as it may be allowed: `MIT`, `GPL-2.0+`, `Apache-2.0 WITH LLVM-exception`, `LicenseRef-ours`. */
export function isSingleLicence(text: string): boolean {
  const expression = parsed(text);
  return expression !== null && !('conjunction' in expression) && nameOf(expression) === text;
}

type Expression = parseExpression.Info;

/** Longer than any honest one; its parser calls itself. */
const TEXT_MAX = 2_000;

function parsed(text: string): Expression | null {
  if (text.length > TEXT_MAX) return null;
  try {
    return parseExpression(text);
  } catch {
    // It throws errors of several kinds, for whatever is no expression.
    return null;
  }
}

function isAllowed(expression: Expression, allowed: ReadonlySet<string>): boolean {
  if (!('conjunction' in expression)) return allowed.has(nameOf(expression));
  const { conjunction, left, right } = expression;
  return conjunction === 'or'
    ? isAllowed(left, allowed) || isAllowed(right, allowed)
    : isAllowed(left, allowed) && isAllowed(right, allowed);
}

function nameOf({ license, plus, exception }: parseExpression.LicenseInfo): string {
  return `${license}${plus ? '+' : ''}${exception === undefined ? '' : ` WITH ${exception}`}`;
}
