/** How bad a finding is, on the one scale that the words of all tools are put on. */
export const levels = ['note', 'low', 'medium', 'high', 'critical'] as const;

export type Level = (typeof levels)[number];

/** How many there are of a level and above. */
export function countFrom(limit: Level, counts: Readonly<Record<Level, number>>): number {
  return levels
    .filter((level) => isAtLeast(level, limit))
    .reduce((sum, level) => sum + counts[level], 0);
}

/** Null of none. */
export function worstLevel(found: readonly Level[]): Level | null {
  return levels.findLast((level) => found.includes(level)) ?? null;
}

export function isAtLeast(level: Level, limit: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(limit);
}
