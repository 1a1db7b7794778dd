/** How bad something is, from what tools say of it: a word, or a figure of CVSS. */
import { invariant } from '../invariant.ts';
import type { Level } from './level.ts';

const LEVELS: ReadonlyMap<string, Level> = new Map([
  ...(['none', 'info', 'note', 'negligible'] as const).map((word) => [word, 'note'] as const),
  ['low', 'low'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['high', 'high'],
  ['important', 'high'],
  ['critical', 'critical'],
]);

/** By the word, else by the worst figure. Where neither says anything that is no reason to look away: high. */
export function levelOfSeverity(word: string | undefined, scores: readonly number[] = []): Level {
  const level = LEVELS.get((word ?? '').toLowerCase());
  if (level) return level;
  const worst = Math.max(0, ...scores);
  return worst > 0 ? levelOfScore(worst) : 'high';
}

/** By the bounds of CVSS 3.1. */
export function levelOfScore(score: number): Level {
  invariant(score > 0, 'a severity of 0 says nothing');
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}
