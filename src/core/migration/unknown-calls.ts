/** Functions that a default, a check or a query calls, and what they can do. */
import type { FuncCall } from '@pgsql/types';
import { functionKind, type FunctionKind } from './function-kinds.ts';
import { isMade, type MadeHere } from './made-here.ts';
import { wordsOf } from './name-of.ts';
import { bodiesIn } from './nodes-in.ts';

/** The names of functions below that may do anything. */
export function unknownCalls(tree: unknown, made: MadeHere): string[] {
  return bodiesIn(tree, 'FuncCall').flatMap((call) =>
    callKind(call, made) === 'unknown' ? [wordsOf(call.funcname).join('.')] : [],
  );
}

/** One that the deployment made itself may be an overload of PostgreSQL's name. */
export function callKind({ funcname }: FuncCall, made: MadeHere): FunctionKind {
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
