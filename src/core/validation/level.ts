/** How bad a finding is, on the one scale that the words of all tools are put on. */
export const levels = ['note', 'low', 'medium', 'high', 'critical'] as const;

export type Level = (typeof levels)[number];

export function isAtLeast(level: Level, limit: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(limit);
}
