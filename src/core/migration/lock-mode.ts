/** PostgreSQL's locks on tables, from the weakest to the strongest, by their names in its manual. */
export const lockModes = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

export type LockMode = (typeof lockModes)[number];

export function strongestLock(locks: readonly LockMode[]): LockMode | null {
  return lockModes.findLast((mode) => locks.includes(mode)) ?? null;
}

/** While it is held, nobody inserts, updates or deletes; the last of them stops readers, too. */
export function blocksWrites(lock: LockMode): boolean {
  return lockModes.indexOf(lock) >= lockModes.indexOf('SHARE');
}
