import type { Level } from './level.ts';

/**
 * By what a tool calls how bad something is, the level of it. A word that nobody knows is no reason to look away, nor is one
 * that every object knows, as `constructor`.
 */
export function levelsByWord(words: Readonly<Record<string, Level>>): (word: string) => Level {
  const levels = new Map(Object.entries(words));
  return (word) => levels.get(word) ?? 'high';
}
