/** What a criterion says of one that is not met, in the same words everywhere. */
import type { Criterion } from './criterion.ts';

/** `findings of medium and above: 3, where none is allowed`; without a full stop. */
export function criterionSentence({
  what,
  observed,
  limit,
}: Pick<Criterion, 'what' | 'observed' | 'limit'>): string {
  // One that the tool wrote itself may end with a full stop.
  const seen = observed.replace(/\.$/, '');
  if (limit.startsWith('at least ')) return `${what}: ${seen}, where ${limit} is needed`;
  if (/^(?:none|at most )/.test(limit)) return `${what}: ${seen}, where ${limit} is allowed`;
  return `${what}: ${seen} (expected: ${limit})`;
}
