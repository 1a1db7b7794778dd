import type { AppliedMigration } from './applied-migration.ts';

/** What a tool applied without keeping its text is taken as it is. */
export function isEdited({ digest: then }: AppliedMigration, digest: string): boolean {
  return then !== null && then !== digest;
}
